"""Rules of worker pools."""

from __future__ import annotations

from polpo.features.processes.usages import refuse_when_named
from polpo.features.workerpools.resource import WORKER_POOLS, WorkerPool
from polpo.kernel.errors import Conflict, Invalid
from polpo.rest.call import Call
from polpo.store.session import Session


def defaults(session: Session, space_id: str) -> None:
    """Gives a space its default pool. Idempotent."""
    table = WORKER_POOLS.table
    if session.first(WORKER_POOLS, table.c.space_id == space_id, table.c.is_default) is None:
        pool = WorkerPool(
            space_id=space_id,
            name="Default Worker Pool",
            slug="default-worker-pool",
            description="Runs the steps that name no other pool; without workers, this server runs them itself.",
            is_default=True,
            last_modified_on=session.clock.now(),
            last_modified_by="system",
        )
        session.insert(WORKER_POOLS, pool)


def settle_pool(call: Call, pool: WorkerPool, before: WorkerPool | None) -> None:
    """The kind of a pool stays; a new pool comes last; exactly one pool is the default."""
    pool.can_add_workers = pool.worker_pool_type == "StaticWorkerPool"
    if before is None:
        pool.sort_order = pool.sort_order or _next_place(call)
    elif before.worker_pool_type != pool.worker_pool_type:
        sentence = f"WorkerPoolType cannot be changed; the pool is a {before.worker_pool_type}."
        raise Invalid(sentence, [sentence])
    if pool.is_default and pool.worker_pool_type == "DynamicWorkerPool":
        sentence = "IsDefault: this server rents no machines, so a dynamic pool could run nothing; choose a static one."
        raise Invalid(sentence, [sentence])
    if before is not None and before.is_default:
        pool.is_default = True
    elif pool.is_default:
        table = WORKER_POOLS.table
        for other in call.session.all(WORKER_POOLS, table.c.space_id == call.space, table.c.is_default):
            other.is_default = False
            call.session.update(WORKER_POOLS, other)


def _next_place(call: Call) -> int:
    table = WORKER_POOLS.table
    last = call.session.first(WORKER_POOLS, table.c.space_id == call.space, order=[table.c.sort_order.desc()])
    return last.sort_order + 1 if last else 0


def refuse_needed(call: Call, pool: WorkerPool) -> None:
    """Workers and targets refer to pools by themselves; steps and variables only hold a pool's id as text."""
    if pool.is_default:
        raise Conflict(
            f"The worker pool '{pool.name}' is the default and cannot be deleted; make another one the default first."
        )
    refuse_when_named(call.session, WORKER_POOLS, pool)
