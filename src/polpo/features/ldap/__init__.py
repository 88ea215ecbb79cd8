"""LDAP: signing in with the password of a directory, whose groups lead into teams.

A service account of the directory finds the person; binding as the person checks the password, which is kept nowhere.
"""
