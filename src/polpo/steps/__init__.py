"""The kinds of steps, a folder a family, found by registration."""
