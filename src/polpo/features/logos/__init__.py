"""Pictures of projects, spaces, tenants and step templates: what was uploaded, or one made from the name.

A feature that has logos calls `logo_routes` with its own way of finding the owner; the rest is the same for all.
"""
