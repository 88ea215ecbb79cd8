"""Polpo: a deployment automation server that speaks Octopus Deploy's REST API and agent protocol."""
