"""Authentication: the ways of signing in that the server offers, as clients and the portal ask for them."""
