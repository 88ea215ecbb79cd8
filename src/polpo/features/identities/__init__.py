"""Identities: which user somebody is for whom a provider outside vouches, and the groups they are in there.

Providers (OpenID Connect, LDAP) prove who signs in; here it is decided who that is on this server, whether a user is
made for them, and what their groups are until they sign in again.
"""
