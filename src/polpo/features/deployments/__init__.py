"""Deployments: a release goes to an environment. Planned by pure functions, run by the engine, explained by both."""
