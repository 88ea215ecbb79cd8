"""Lifecycles over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.lifecycles.resource import LIFECYCLES, Lifecycle
from polpo.features.lifecycles.service import complete_phases, preview
from polpo.features.projects.resource import PROJECTS, Project
from polpo.rest.call import Call
from polpo.rest.collection import Collection, permissions_of
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes

routes = Routes("lifecycles")

lifecycles = Collection(LIFECYCLES, "/lifecycles", **permissions_of("Lifecycle"), prepare=complete_phases)
lifecycles.register(routes)


@routes.get("/lifecycles/{id}/preview", Permission.LIFECYCLE_VIEW)
def preview_lifecycle(call: Call, id: str) -> Lifecycle:
    """The lifecycle with its phases as they act now"""
    return preview(call.session, lifecycles.find(call, id))


@routes.get("/lifecycles/{id}/projects", Permission.LIFECYCLE_VIEW)
def projects_of_lifecycle(call: Call, id: str) -> Sequence[Project]:
    """The projects that follow a lifecycle"""
    lifecycle = lifecycles.find(call, id)
    seen = call.narrowed(Permission.PROJECT_VIEW, protection_of(PROJECTS))
    return call.session.all(PROJECTS, PROJECTS.table.c.lifecycle_id == lifecycle.id, *seen)
