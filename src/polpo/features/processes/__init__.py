"""Deployment processes: the steps of a project, edited with an optimistic version and frozen into releases."""
