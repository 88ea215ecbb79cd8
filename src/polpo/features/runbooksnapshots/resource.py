"""A snapshot, as stored and sent, and what a form for a new one shows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from polpo.features.processes.resource import ReleaseTemplatePackage
from polpo.features.releases.resource import SelectedGitResource, SelectedPackage, SnapshotGitReference
from polpo.rest.links import register
from polpo.rest.protection import protect_by_columns
from polpo.store.documents import Document, ref
from polpo.store.kinds import define


class RunbookSnapshot(Document):
    """A runbook as it was: steps, variables and versions of packages. Only its variables can be taken anew.

    `frozen_project_variable_set_id` and `project_variable_set_snapshot_id` are the same; clients know either name.
    `git_reference` and `frozen_runbook` are of projects in Git: where the runbook was read, and what it was there, as
    plain values: what is history keeps nobody from deleting an environment.
    """

    space_id: str = ""
    name: str = ""
    project_id: Annotated[str, ref("Projects")] = ""
    runbook_id: str = ""
    notes: str | None = None
    assembled: datetime | None = None
    frozen_runbook_process_id: str = ""
    frozen_project_variable_set_id: str = ""
    project_variable_set_snapshot_id: str = ""
    library_variable_set_snapshot_ids: list[Annotated[str, ref("VariableSets")]] = []
    selected_packages: list[SelectedPackage] = []
    selected_git_resources: list[SelectedGitResource] = []
    git_reference: SnapshotGitReference | None = None
    frozen_runbook: dict[str, object] | None = None


class RunbookSnapshotTemplate(Document):
    """What a form for a new snapshot shows: a free name, and the packages that need a version."""

    runbook_id: str = ""
    runbook_process_id: str = ""
    next_name_increment: str = ""
    packages: list[ReleaseTemplatePackage] = []
    git_resources: list[object] = []


RUNBOOK_SNAPSHOTS = define(
    "RunbookSnapshots",
    RunbookSnapshot,
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("runbook_id", sa.Text, nullable=False),
    singular="runbook snapshot",
    unique=[("project_id", "name_key")],
    order=("seq",),
    indexes=[("project_id", "seq"), ("runbook_id", "seq")],
    owned_by=["Projects"],
)
protect_by_columns(RUNBOOK_SNAPSHOTS, Projects="project_id")

_SELF = "/api/{SpaceId}/runbookSnapshots/{Id}"

register(
    RunbookSnapshot,
    {
        "Self": _SELF,
        "Project": "/api/{SpaceId}/projects/{ProjectId}",
        "Runbook": "/api/{SpaceId}/runbooks/{RunbookId}",
        "RunbookRuns": _SELF + "/runbookRuns{?skip,take}",
        "RunbookRunTemplate": _SELF + "/runbookRuns/template",
        "RunbookRunPreview": _SELF + "/runbookRuns/preview/{environment}{?includeDisabledSteps}",
        "RunbookRunTenantPreview": _SELF + "/runbookRuns/preview/{environment}/{tenant}{?includeDisabledSteps}",
        "SnapshotVariables": _SELF + "/snapshot-variables",
        "Artifacts": "/api/{SpaceId}/artifacts{?regarding}",
        "Web": "/app#/{SpaceId}/projects/{ProjectId}/runbooks/{RunbookId}",
    },
)
