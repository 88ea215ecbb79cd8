"""What runs in clusters now. Monitors can be registered, but none can report to this server yet: nothing is known."""
