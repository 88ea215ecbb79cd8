"""User roles: named sets of permissions that teams are given, for the whole server or in a space."""
