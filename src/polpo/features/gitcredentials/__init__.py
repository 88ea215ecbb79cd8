"""Git credentials: a name for a user and a token, which projects and steps use to reach repositories."""
