"""Starts the agent's program and looks after its updates: a new version is on probation, the old one is kept.

Standard library only, so that it is small and starts at once; it is the one part that an update does not replace
before the machine's `polpo` itself is.
"""
