"""Environments over HTTP."""

from __future__ import annotations

from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.environments.service import place
from polpo.rest.call import Call
from polpo.rest.collection import Collection, permissions_of
from polpo.rest.ordering import place_in_order
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("environments")

environments = Collection(ENVIRONMENTS, "/environments", **permissions_of("Environment"), prepare=place)


@routes.put("/environments/sortorder", Permission.ENVIRONMENT_EDIT)
def sort_order(call: Call, body: list[str]) -> None:
    """Set the order of the environments, which is the order of promotion where a lifecycle has no phases"""
    place_in_order(call.session, ENVIRONMENTS, call.space, body)


environments.register(routes)


@routes.get("/environments/{id}/metadata", Permission.ENVIRONMENT_VIEW)
def metadata(call: Call, id: str) -> list[dict[str, object]]:
    """The settings that extensions add to an environment; this server has no such extensions"""
    environments.find(call, id)
    return []
