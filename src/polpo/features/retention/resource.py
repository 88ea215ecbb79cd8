"""A space's default retention, as stored and sent; one for each type."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document
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
