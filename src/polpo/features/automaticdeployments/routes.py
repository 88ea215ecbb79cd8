"""Automatic deployments over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.automaticdeployments.explaining import prospects
from polpo.features.automaticdeployments.resource import AutomaticEnvironment
from polpo.features.releases.service import find_release
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("automaticdeployments")


@routes.get("/releases/{id}/deployments/automatic", Permission.DEPLOYMENT_VIEW, query=("tenants",))
def automatic_deployments(call: Call, id: str) -> Sequence[AutomaticEnvironment]:
    """Say where a release is deployed by itself, when, and why not; for tenants as far as they are named"""
    return prospects(call.session, find_release(call.session, call.space, id), call.texts("tenants"))
