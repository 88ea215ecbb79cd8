"""Proxies: HTTP proxies that the server goes through to reach listening agents and SSH hosts."""
