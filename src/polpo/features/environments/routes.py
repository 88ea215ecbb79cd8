"""Environments over HTTP."""

from __future__ import annotations

from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.environments.service import place
from polpo.rest.collection import Collection, permissions_of
from polpo.rest.routes import Routes

routes = Routes("environments")

environments = Collection(ENVIRONMENTS, "/environments", **permissions_of("Environment"), prepare=place)
environments.register(routes)
