"""Deployment freezes: named spans of time, once or again and again, in which nothing is deployed to what they name."""
