"""Service accounts: outside systems that sign in with tokens of their own issuer (OpenID Connect), not a stored key.

A system sends the token that its issuer signed; this server asks the issuer for its public keys, checks the token
against the identities of the service account, and answers an access token that is good for an hour.
"""
