"""Signing in by OpenID Connect: providers side by side, each a section of the configuration.

The authorization code flow with a proof key: the browser goes to the provider and comes back with a code, which this
server exchanges for an ID token. An attempt belongs to one browser, is good for ten minutes and is used once.
"""
