"""A space, as it is stored and sent."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document, Resource
from polpo.store.kinds import define


class Icon(Resource):
    id: str = ""
    color: str = ""


class Space(Document):
    """Who manages it stands in its team of managers and in the roles of others; here it is for clients only."""

    name: str = ""
    slug: str = ""
    description: str = ""
    is_default: bool = False
    is_private: bool = False
    task_queue_stopped: bool = False
    icon: Icon | None = None
    space_managers_teams: list[str] = []
    space_managers_team_members: list[str] = []


class SpaceSearchResult(Resource):
    """Something in a space; `type` is the name of its kind of document. What belongs to a project names it."""

    id: str
    name: str
    type: str
    project_id: str | None = None
    project_name: str | None = None


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
