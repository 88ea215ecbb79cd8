"""Tenants: customers or sites that get deployments of their own, connected to projects and environments."""
