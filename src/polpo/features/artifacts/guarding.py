"""Who may see artifacts and change them: by what the task did that they belong to."""

from __future__ import annotations

from typing import Any

from polpo.features.artifacts.resource import ARTIFACTS, Artifact
from polpo.features.tasks.guarding import by_task, subject_of_task
from polpo.kernel.errors import NotFound
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import Protection

_t = ARTIFACTS.table.c

#: For lists; one by one, the task is asked for.
ARTIFACT_PROTECTION: Protection[Any] = Protection(lambda _artifact: {}, by_task(_t.server_task_id), _t.space_id)


def find_artifact(call: Call, identity: str) -> Artifact:
    """In the call's space, as far as the route's permission reaches."""
    found = call.session.find(ARTIFACTS, identity)
    if found is None or found.space_id != call.space:
        raise NotFound(f"There is no artifact with the id '{identity}' in this space.")
    guard_artifact(call, found)
    return found


def guard_artifact(call: Call, artifact: Artifact) -> None:
    call.require_for(call.permission or Permission.ARTIFACT_VIEW, subject_of_task(call, artifact.server_task_id))
