"""How many workers each pool has, by health and by style."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from polpo.features.machines.summary import MachineCounts, MachineTally
from polpo.features.workerpools.resource import WORKER_POOLS, WorkerPool
from polpo.features.workers.resource import WORKERS
from polpo.features.workers.service import WORKER_FILTERS
from polpo.rest.call import Call
from polpo.rest.collection import Where
from polpo.store.kinds import reference

SUMMARY_QUERY = ("ids", "partialName", "machinePartialName", "hideEmptyWorkerPools", *WORKER_FILTERS)


class WorkerPoolSummary(MachineCounts, kw_only=True):
    id: str
    name: str
    type: str
    is_dynamic: bool
    worker_pool: WorkerPool


class WorkerPoolsSummary(MachineCounts, kw_only=True):
    """The counts of the whole count a worker of two pools once."""

    worker_pool_summaries: list[WorkerPoolSummary]


def summarise(call: Call, pools: Sequence[WorkerPool]) -> WorkerPoolsSummary:
    """Answered from the searched columns."""
    whole, each = MachineTally(), {pool.id: MachineTally() for pool in pools}
    for worker in _workers(call):
        if worker.pool_id in each:
            whole.add(worker)
            each[worker.pool_id].add(worker)
    hides_empty = call.flag("hideEmptyWorkerPools")
    summaries = [
        WorkerPoolSummary(
            id=pool.id,
            name=pool.name,
            type=pool.worker_pool_type,
            is_dynamic=pool.worker_pool_type == "DynamicWorkerPool",
            worker_pool=pool,
            **each[pool.id].counts(),
        )
        for pool in pools
        if each[pool.id].seen or not hides_empty
    ]
    return WorkerPoolsSummary(worker_pool_summaries=summaries, **whole.counts())


def _workers(call: Call) -> Iterable[Any]:
    """A row for each worker in each of its pools."""
    table = WORKERS.table
    columns = (
        table.c.id,
        table.c.is_disabled,
        table.c.health_status,
        table.c.communication_style,
        table.c.doc,
        reference.c.to_id.label("pool_id"),
    )
    joined = table.join(reference, reference.c.from_id == table.c.id)
    where: list[Where] = [table.c.space_id == call.space, reference.c.to_kind == WORKER_POOLS.name]
    if (part := call.text("machinePartialName")) is not None:
        where.append(table.c.name_key.contains(part.casefold(), autoescape=True))
    for parameter, narrow in WORKER_FILTERS.items():
        if given := call.texts(parameter):
            where.append(narrow(call.session, given))
    return call.session.connection.execute(sa.select(*columns).select_from(joined).where(*where)).all()
