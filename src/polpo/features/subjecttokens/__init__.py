"""Subject tokens: by them a deployment proves to a cloud on whose behalf it comes, so that no key of it is stored here.

The server is an issuer of OpenID Connect: it signs a short-lived token for each piece of work that uses an account of
such a type, and publishes the public keys. A key signs for a month; its successor is known a day before it takes over.
"""
