"""How a script reaches a machine: four verbs, the same for every way."""
