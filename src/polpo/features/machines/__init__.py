"""Deployment targets: where software is installed, and how the server reaches it."""
