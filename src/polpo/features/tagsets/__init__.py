"""Tag sets: the vocabularies with which tenants, environments, projects and runbooks are described, and their rules."""
