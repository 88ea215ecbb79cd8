"""The program on a target: it takes scripts and files from the servers it trusts, and runs them.

`configuration` is what an instance remembers and `instances` where those of a machine are; `services` is what an agent
offers, `program` runs it, and `launcher` starts the program and tries new versions of it. `registration`, `leaving` and
`certificates` make it known to servers over their REST API (`server_api`, `spaces`); `polling` is about servers that it
calls by itself, `checking` and `seen` about whether both sides reach each other, `systemd` about the service.
"""
