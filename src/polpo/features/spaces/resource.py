"""A space, as it is stored and sent."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document
from polpo.store.kinds import define


class Space(Document):
    name: str = ""
    slug: str = ""
    description: str = ""
    is_default: bool = False
    is_private: bool = False
    task_queue_stopped: bool = False
    space_managers_teams: list[str] = []
    space_managers_team_members: list[str] = []


SPACES = define(
    "Spaces",
    Space,
    sa.Column("is_default", sa.Boolean, nullable=False),
    singular="space",
    unique=[("name_key",), ("slug",)],
)

register(
    Space,
    {
        "Self": "/api/spaces/{Id}",
        "SpaceHome": "/api/{Id}",
        "Web": "/app#/{Id}",
        "Logo": "/api/spaces/{Id}/logo{?cb}",
        "Search": "/api/spaces/{Id}/search{?keyword}",
    },
)
