"""Deployments as data: a process, its targets, what each script does, and what has to come of it."""
