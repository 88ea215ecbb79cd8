"""The agent protocol (Halibut): mutual TLS trusted by thumbprint, one request at a time on a connection.

`bson`, `messages` and `inbox` do no I/O: bytes and values in, values and bytes out. `tls`, `connection` and `runtime`
are the thin asyncio shell around them.
"""
