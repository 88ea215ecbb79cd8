"""Lifecycles: the order of phases, each with its environments, in which a release is promoted."""
