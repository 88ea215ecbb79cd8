"""Scripts and step templates that are run once, outside of any process: on targets, on workers, or on the server."""
