"""Who may set something going by a trigger: nobody but those who may do it by hand.

The server does what a trigger says, whoever wrote it, so its writer is asked for the right to it where it would happen.
One that is disabled does nothing; who enables it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from polpo.features.triggers.resource import ProjectTrigger
from polpo.rest.call import Call
from polpo.rest.permissions import Permission

_DEPLOYING = frozenset({"AutoDeploy", "DeployLatestRelease", "DeployLatestReleaseToEnvironment", "DeployNewRelease"})


def require_deeds(call: Call, trigger: ProjectTrigger) -> None:
    """Asks for what the trigger will do, in every place that it names."""
    if trigger.is_disabled:
        return
    kind, project_id = trigger.action.action_type, trigger.project_id
    if kind in ("CreateRelease", "DeployNewRelease"):
        call.require(Permission.RELEASE_CREATE, project_id=project_id)
    if kind == "RunRunbook":
        _require_places(call, trigger, Permission.RUNBOOK_RUN_CREATE)
    elif kind in _DEPLOYING:
        _require_places(call, trigger, Permission.DEPLOYMENT_CREATE)


def _require_places(call: Call, trigger: ProjectTrigger, permission: Permission) -> None:
    for environment_id in _environments(trigger):
        for tenant_id in _tenants(trigger):
            call.require(permission, project_id=trigger.project_id, environment_id=environment_id, tenant_id=tenant_id)


def _environments(trigger: ProjectTrigger) -> Sequence[str | None]:
    """None stands for any of them."""
    action = trigger.action
    if action.action_type == "AutoDeploy":
        return trigger.filter.environment_ids or (None,)
    return action.environment_ids or (action.destination_environment_id or action.environment_id,)


def _tenants(trigger: ProjectTrigger) -> Iterator[str | None]:
    """Tags mean any tenant that has them some day: that takes a right which is narrowed to no tenants."""
    named = trigger.action.tenant_ids or []
    yield from named
    if trigger.action.tenant_tags or not named:
        yield None
