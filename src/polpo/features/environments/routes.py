"""Environments over HTTP."""

from __future__ import annotations

import typing

from polpo.features.environments.resource import (
    ENVIRONMENTS,
    Environment,
    EnvironmentType,
)
from polpo.features.environments.service import settle_environment, settle_parent
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import Collection, permissions_of
from polpo.rest.ordering import place_in_order
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.session import Where

routes = Routes("environments")

_t = ENVIRONMENTS.table
_TYPES = {one.casefold(): one for one in typing.get_args(EnvironmentType)}


class _Static(Collection[Environment]):
    """Lists stages of promotion only, as clients expect that know no other type; one of any type is found by its id."""

    def where(self, call: Call) -> list[Where]:
        return [*super().where(call), _t.c.type == "Static"]


class _Parents(Collection[Environment]):
    def where(self, call: Call) -> list[Where]:
        return [*super().where(call), _t.c.type == "Parent"]

    def find(self, call: Call, identity: str) -> Environment:
        found = super().find(call, identity)
        if found.type != "Parent":
            raise NotFound(f"There is no parent environment with the id or slug '{identity}' in this space.")
        return found


environments = _Static(
    ENVIRONMENTS, "/environments", **permissions_of("Environment"), prepare=settle_environment, depends=()
)
_every_type = Collection(ENVIRONMENTS, "/environments/v2", view=Permission.ENVIRONMENT_VIEW)
parents = _Parents(
    ENVIRONMENTS, "/parentEnvironments", **permissions_of("Environment"), prepare=settle_parent, depends=()
)


@routes.put("/environments/sortorder", Permission.ENVIRONMENT_EDIT)
def sort_order(call: Call, body: list[str]) -> None:
    """Set the order of the environments, which is the order of promotion where a lifecycle has no phases"""
    place_in_order(call.session, ENVIRONMENTS, call.space, body)


@routes.get(
    "/environments/v2",
    Permission.ENVIRONMENT_VIEW,
    paged=True,
    response=Environment,
    query=("skip", "take", "ids", "partialName", "name", "type"),
)
def environments_of_every_type(call: Call) -> Page[Environment]:
    """List environments: stages of promotion, parents, and ephemeral ones"""
    where, paging = _every_type.where(call), call.paging
    if wanted := call.texts("type"):
        unknown = [one for one in wanted if one.casefold() not in _TYPES]
        if unknown:
            sentence = f"The query parameter 'type' is '{unknown[0]}'; it must be one of {', '.join(_TYPES.values())}."
            raise Invalid(sentence, [sentence])
        where.append(_t.c.type.in_([_TYPES[one.casefold()] for one in wanted]))
    found = call.session.all(ENVIRONMENTS, *where, skip=paging.skip, take=paging.take)
    return Page(found, call.session.count(ENVIRONMENTS, *where), paging, "EnvironmentV2")


environments.register(routes)
parents.register(routes)


@routes.get("/environments/{id}/metadata", Permission.ENVIRONMENT_VIEW)
def metadata(call: Call, id: str) -> list[dict[str, object]]:
    """The settings that extensions add to an environment; this server has no such extensions"""
    environments.find(call, id)
    return []
