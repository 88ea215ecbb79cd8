"""Releases: a version of a project with its process, variables and package versions frozen."""
