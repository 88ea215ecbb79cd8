"""Automatic deployments: as soon as a phase of its lifecycle opens for a release, the phase's automatic environments
get it. What opens a phase (a new release, a success, a defect that is resolved) is noted in the transaction in which it
happens, so that no crash can lose it; a loop of the server then starts the deployments, as the system.
"""
