"""A tag set and its tags, as stored and sent."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document, Resource
from polpo.store.kinds import define
from polpo.store.lines import as_lines

TagScope = Literal["Tenant", "Environment", "Project", "Runbook", "Target"]
TagSetType = Literal["MultiSelect", "SingleSelect", "FreeText"]

DEFAULT_COLOUR = "#333333"


class Tag(Resource):
    """`canonical_tag_name` is how everything else names the tag: the set's name, a slash, and its own."""

    id: str = ""
    name: str = ""
    canonical_tag_name: str = ""
    color: str = DEFAULT_COLOUR
    description: str = ""
    sort_order: int = 0


class TagSet(Document):
    """`scopes` say what its tags may describe. A set of free texts has no tags: any text after its name is one."""

    space_id: str = ""
    name: str = ""
    description: str = ""
    type: TagSetType = "MultiSelect"
    scopes: list[TagScope] = []
    sort_order: int = 0
    is_system: bool = False
    tags: list[Tag] = []


TAG_SETS = define(
    "TagSets",
    TagSet,
    sa.Column("sort_order", sa.Integer, nullable=False),
    sa.Column("scope_lines", sa.Text, nullable=False),
    singular="tag set",
    computed={"scope_lines": lambda tag_set: as_lines(tag_set.scopes)},
    unique=[("name_key",)],
    order=("sort_order", "seq"),
)

register(TagSet, {"Self": "/api/{SpaceId}/tagsets/{Id}"})
