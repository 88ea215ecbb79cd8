"""The agent program: takes scripts and files over the agent protocol, listening or polling."""
