"""Spaces: walls inside one server. Projects, environments, targets and packages belong to exactly one space."""
