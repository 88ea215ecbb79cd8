"""A worker pool, as it is stored and sent."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document
from polpo.store.kinds import define


class WorkerPool(Document):
    """Static pools hold workers that people register; dynamic ones are kept for their settings only.

    The default pool of a space is the one that steps use which name none. Without workers it is this server itself.
    """

    space_id: str = ""
    name: str = ""
    slug: str = ""
    description: str = ""
    worker_pool_type: Literal["StaticWorkerPool", "DynamicWorkerPool"] = "StaticWorkerPool"
    worker_type: str | None = None
    is_default: bool = False
    can_add_workers: bool = True
    sort_order: int = 0


WORKER_POOLS = define(
    "WorkerPools",
    WorkerPool,
    sa.Column("is_default", sa.Boolean, nullable=False),
    sa.Column("sort_order", sa.Integer, nullable=False),
    sa.Column("worker_pool_type", sa.Text, nullable=False),
    singular="worker pool",
    unique=[("name_key",), ("slug",)],
    order=("sort_order", "seq"),
)

register(
    WorkerPool,
    {
        "Self": "/api/{SpaceId}/workerpools/{Id}",
        "Workers": "/api/{SpaceId}/workerpools/{Id}/workers{?skip,take,partialName,isDisabled,healthStatuses,"
        "commStyles,shellNames}",
    },
)
