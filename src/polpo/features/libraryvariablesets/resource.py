"""A library variable set, as stored and sent, and who uses one."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa

from polpo.features.projects.resource import ActionTemplateParameter
from polpo.rest.links import register
from polpo.store.documents import Document, Resource
from polpo.store.kinds import define

ContentType = Literal["Variables", "ScriptModule"]


class LibraryVariableSet(Document):
    """`templates` are the variables that every tenant gives a value of its own. `content_type` stays as it was made."""

    space_id: str = ""
    name: str = ""
    description: str = ""
    content_type: ContentType = "Variables"
    variable_set_id: str = ""
    templates: list[ActionTemplateParameter] = []
    version: int = 0


class ReleaseUsageEntry(Resource):
    release_id: str
    release_version: str


class RunbookSnapshotUsageEntry(Resource):
    snapshot_id: str
    snapshot_name: str


class LibraryVariableSetProjectUsage(Resource):
    project_id: str
    project_name: str
    project_slug: str
    is_currently_being_used_in_project: bool
    releases: list[ReleaseUsageEntry]
    runbook_snapshots: list[RunbookSnapshotUsageEntry]


class LibraryVariableSetUsage(Document):
    """The projects that include a set now, and those whose releases and snapshots were made with it."""

    projects: list[LibraryVariableSetProjectUsage] = []
    count_of_projects_user_cannot_see: int = 0
    count_of_releases_user_cannot_see: int = 0
    count_of_runbook_snapshots_user_cannot_see: int = 0


LIBRARY_VARIABLE_SETS = define(
    "LibraryVariableSets",
    LibraryVariableSet,
    sa.Column("content_type", sa.Text, nullable=False),
    sa.Column("variable_set_id", sa.Text, nullable=False),
    singular="library variable set",
    unique=[("name_key",)],
    indexes=[("space_id", "content_type")],
)

_SELF = "/api/{SpaceId}/libraryvariablesets/{Id}"

register(
    LibraryVariableSet,
    {"Self": _SELF, "Variables": "/api/{SpaceId}/variables/{VariableSetId}", "Usages": _SELF + "/usages"},
)
