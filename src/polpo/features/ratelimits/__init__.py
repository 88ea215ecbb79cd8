"""Rate limiting policies: how many requests a minute are let in. The edge of the server holds callers to them."""
