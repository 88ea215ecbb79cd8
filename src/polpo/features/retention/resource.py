"""A space's default retention, as stored and sent; one for each type."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document, Resource
from polpo.store.kinds import define

RetentionType = Literal["LifecycleRelease", "LifecycleTentacle", "RunbookRetention"]


class SpaceDefaultRetentionPolicy(Document):
    """`quantity_to_keep` and `unit` count with the strategy Count only."""

    space_id: str = ""
    name: str = ""
    retention_type: RetentionType = "LifecycleRelease"
    strategy: Literal["Forever", "Count"] = "Forever"
    quantity_to_keep: int | None = None
    unit: Literal["Days", "Items"] | None = None


RETENTION_POLICIES = define(
    "RetentionPolicies",
    SpaceDefaultRetentionPolicy,
    sa.Column("retention_type", sa.Text, nullable=False),
    singular="retention policy",
    unique=[("retention_type",)],
)

register(SpaceDefaultRetentionPolicy, {"Self": "/api/{SpaceId}/retentionpolicies/{Id}"})


class ReleaseRetention(Resource):
    """Whether retention would keep a release now, and why. The reasons are those that decide."""

    release_id: str
    version: str
    channel_id: str
    is_kept: bool
    reasons: list[str]


class PhaseRetention(Resource):
    name: str
    keeps: str
    origin: str


class RetentionGroup(Resource):
    """Releases that are counted together, by the phases of their lifecycle."""

    name: str
    never_deployed: str
    phases: list[PhaseRetention]


class ProjectRetention(Resource):
    """What retention would do to a project's releases if it came now; the newest first."""

    project_id: str
    project_name: str
    kept: int
    deleted: int
    groups: list[RetentionGroup]
    releases: list[ReleaseRetention]
