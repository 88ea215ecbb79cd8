"""Triggers of projects: what is to happen by itself, and when. Kept and checked here; nothing fires yet."""
