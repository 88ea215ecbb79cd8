"""Updates of our agents: the server brings its own version of the agent to them, and they keep the old one at need."""
