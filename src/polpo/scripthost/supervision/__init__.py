"""The supervisor of one script: a program of its own, of the standard library only, quick to start."""
