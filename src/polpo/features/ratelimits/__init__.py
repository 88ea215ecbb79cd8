"""Rate limiting policies: how many requests a minute are let in. Kept for later: this server does not limit yet."""
