"""Dashboards: what is deployed where, for a space and for a project, from the newest deployment of each place."""
