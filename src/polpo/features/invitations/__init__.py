"""Invitations: codes, good for two days, with which people register themselves and join teams."""
