"""Rules of workers."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.features.machines.health import connections
from polpo.features.machines.service import distinct, machine_filters, machine_kinds, settle_reach
from polpo.features.machines.wishing import groups
from polpo.features.workerpools.resource import WORKER_POOLS
from polpo.features.workers.resource import WORKER_CONNECTIONS, WORKERS, Worker
from polpo.rest.call import Call
from polpo.rest.collection import Filter
from polpo.store.kinds import reference
from polpo.store.session import Session

_STYLES = ("TentaclePassive", "TentacleActive", "Ssh", "KubernetesTentacle")


def settle_worker(call: Call, worker: Worker, before: Worker | None) -> None:
    """A worker can be reached by itself, and is in a pool that people fill."""
    worker.worker_pool_ids = distinct(worker.worker_pool_ids)
    settle_reach(call, worker, before, _pool_faults(call, worker), WORKERS)


def _pool_faults(call: Call, worker: Worker) -> list[str]:
    faults = []
    style = worker.endpoint.communication_style
    if style not in _STYLES:
        faults.append(
            f"Endpoint.CommunicationStyle: a worker cannot be of the style {style}; use {', '.join(_STYLES)}."
        )
    if not worker.worker_pool_ids:
        faults.append("WorkerPoolIds: choose at least one worker pool.")
    pools = call.session.by_ids(WORKER_POOLS, worker.worker_pool_ids).values()
    faults += [
        f"WorkerPoolIds: the pool '{pool.name}' is dynamic; workers cannot be added to it."
        for pool in pools
        if pool.space_id == call.space and not pool.can_add_workers
    ]
    return faults


def in_pools(_session: Session, pool_ids: list[str]) -> sa.ColumnElement[bool]:
    """Answered by the index of references, not by opening each worker."""
    found = sa.select(reference.c.from_id).where(
        reference.c.to_id.in_(pool_ids), reference.c.from_kind == WORKERS.name, reference.c.path.startswith("Worker")
    )
    return WORKERS.table.c.id.in_(found)


#: The query parameters that lists of workers know.
WORKER_FILTERS: dict[str, Filter] = {**machine_filters(WORKERS), "workerPoolIds": in_pools}

machine_kinds.append(WORKERS)
connections[WORKERS.name] = WORKER_CONNECTIONS
groups |= {"WorkerPoolId": (WORKERS, in_pools), "WorkerpoolId": (WORKERS, in_pools)}
