"""Feeds: where packages come from. The built-in one is this server's own repository."""
