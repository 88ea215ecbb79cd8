"""The server program: settings, bootstrap, the application, and the loops that run beside it."""
