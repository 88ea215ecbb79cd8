"""Artifacts: files that scripts leave behind, or that clients hand in, kept with the task that they belong to."""
