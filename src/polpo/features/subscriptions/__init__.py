"""Subscriptions: which events somebody wants to hear of, and by which way."""
