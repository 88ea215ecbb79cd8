"""The product, one folder a domain: `resource.py` (shape and kind), `service.py` (rules), `routes.py` (HTTP only)."""
