"""Runbooks: steps that a project keeps for the care of what it has deployed. They need no release and no lifecycle."""
