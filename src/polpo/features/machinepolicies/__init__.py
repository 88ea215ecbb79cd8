"""Machine policies: how machines are reached, checked and updated, and what happens with those that are away."""
