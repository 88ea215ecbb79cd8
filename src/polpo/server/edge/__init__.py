"""The outermost layer of the server: what is true of every request and every answer, whichever route it is.

It finds out who really calls (behind trusted proxies), refuses what is malformed, too large or too often, answers the
questions of browsers about other origins, and gives every answer the headers that protect its reader.
"""
