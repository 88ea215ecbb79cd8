"""Machine policies: how the health of deployment targets is checked and what happens with those that are away."""
