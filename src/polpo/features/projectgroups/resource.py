"""A project group, as stored and sent."""

from __future__ import annotations

from polpo.rest.links import register
from polpo.rest.protection import by_column, protect
from polpo.store.documents import Document
from polpo.store.kinds import define


class ProjectGroup(Document):
    """`environment_ids` and `retention_policy_id` are of the past; clients still read them."""

    space_id: str = ""
    name: str = ""
    slug: str = ""
    description: str = ""
    environment_ids: list[str] = []
    retention_policy_id: str | None = None


PROJECT_GROUPS = define("ProjectGroups", ProjectGroup, singular="project group", unique=[("name_key",), ("slug",)])
protect(
    PROJECT_GROUPS, lambda group: {"ProjectGroups": [group.id]}, {"ProjectGroups": by_column(PROJECT_GROUPS.table.c.id)}
)

register(
    ProjectGroup,
    {
        "Self": "/api/{SpaceId}/projectgroups/{Id}",
        "Projects": "/api/{SpaceId}/projectgroups/{Id}/projects",  # the Go client takes it as it is, template and all
    },
)
