"""Automatic deployments over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.automaticdeployments.explaining import prospects
from polpo.features.automaticdeployments.resource import AutomaticEnvironment
from polpo.features.releases.resource import RELEASES
from polpo.features.releases.service import find_release
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("automaticdeployments")


@routes.get("/releases/{id}/deployments/automatic", Permission.DEPLOYMENT_VIEW, query=("tenants",))
def automatic_deployments(call: Call, id: str) -> Sequence[AutomaticEnvironment]:
    """Say where a release is deployed by itself, when, and why not; for tenants as far as they are named"""
    release = find_release(call.session, call.space, id)
    call.guard(RELEASES, release)
    told = prospects(call.session, release, call.texts("tenants"))
    call.settle()  # place by place
    return [
        one
        for one in told
        if call.may(
            Permission.DEPLOYMENT_VIEW,
            space_id=release.space_id,
            project_id=release.project_id,
            environment_id=one.environment_id,
            tenant_id=one.tenant_id,
        )
    ]
