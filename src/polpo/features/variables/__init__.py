"""Variable sets: named, scoped values of a project, edited with an optimistic version and frozen into releases."""
