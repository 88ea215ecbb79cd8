"""What runs on the target: pure Python 3.8 and the standard library, sent there as one zip application.

`archive` belongs to the server, which packs the application; all else runs on the target and is packed. Standard output
is the wire: lines for the log, and service messages in between.
"""
