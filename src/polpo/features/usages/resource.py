"""Who uses something, as it is sent."""

from __future__ import annotations

from polpo.rest.links import register
from polpo.store.documents import Document, Resource


class UsageEntry(Resource):
    """`project_id` is told for what belongs to a project."""

    id: str
    name: str
    project_id: str | None = None


class UsageGroup(Resource):
    """Users of one kind, such as `Machines`; `items` are the first of `total`."""

    kind: str
    total: int
    items: list[UsageEntry]


class Usages(Document):
    """Where something is used today. Snapshots of releases and runbooks are not searched."""

    space_id: str = ""
    groups: list[UsageGroup] = []


register(Usages, {})
