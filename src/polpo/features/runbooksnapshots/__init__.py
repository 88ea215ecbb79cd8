"""Snapshots of runbooks: steps, variables and versions of packages as they were. The published one is what is run."""
