"""The command line: `polpo server` and what is beside it."""
