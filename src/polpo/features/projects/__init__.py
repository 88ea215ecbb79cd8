"""Projects: one thing that is deployed, with its process, variables, channels and releases."""
