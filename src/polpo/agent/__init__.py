"""The program on a target: it takes scripts and files from the servers it trusts, and runs them.

`configuration` is what an instance remembers, `services` is what it offers, `program` runs it, and `registration` makes
it known to a server over the REST API.
"""
