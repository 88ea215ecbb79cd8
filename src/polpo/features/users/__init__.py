"""Users and how they prove who they are: password and cookie session, or API key."""
