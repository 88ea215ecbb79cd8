"""Bundles for machines that no server can reach: what is packed of a deployment, and how it runs there on its own.

The server uses the format and the sealing from here, so that both sides mean the same.
"""
