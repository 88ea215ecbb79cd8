"""The version of Polpo, and the version of the REST contract that it reports to clients."""

__version__ = "0.1.0"

#: Clients switch features on by this number (contract: a plain `YYYY.M.BUILD`, at least 2026.2.3916).
CONTRACT_VERSION = "2026.2.4000"

#: The C# client asks for 3.0.0 <= ApiVersion < 3.0.100.
API_VERSION = "3.0.0"
