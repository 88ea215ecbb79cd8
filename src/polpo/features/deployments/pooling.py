"""Which worker pools there are, and which of them each action of a process asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from polpo.features.deployments.situation import Pool
from polpo.features.deployments.subject import Subject
from polpo.features.processes.resource import DeploymentAction
from polpo.features.processes.service import actions_of
from polpo.features.workerpools.resource import WORKER_POOLS, WorkerPool
from polpo.features.workers.choosing import why_not
from polpo.features.workers.resource import WORKERS, Worker
from polpo.store.session import Session

#: Evaluates a text for the action of an id.
Evaluate = Callable[[str, str], str]


@dataclass(frozen=True)
class Pools:
    """`known` by their ids; `asked` are ids and `faults` the ends of sentences, by the id of the action."""

    known: dict[str, Pool]
    asked: dict[str, str]
    faults: dict[str, str]


def pools_of(session: Session, subject: Subject, evaluate: Evaluate) -> Pools:
    pools = Pools(pools_in(session, subject.project.space_id), {}, {})
    for action in actions_of(subject.process.steps):
        named, fault = _named(action, subject, evaluate)
        if fault is None and named and named not in pools.known:
            fault = f"names the worker pool '{named}', which does not exist in this space; choose another one."
        if fault is not None:
            pools.faults[action.id] = fault
        elif named:
            pools.asked[action.id] = named
    return pools


def pools_in(session: Session, space_id: str) -> dict[str, Pool]:
    """By id."""
    staff: dict[str, list[Worker]] = {}
    for worker in session.all(WORKERS, WORKERS.table.c.space_id == space_id):
        for pool_id in worker.worker_pool_ids:
            staff.setdefault(pool_id, []).append(worker)
    stored = session.all(WORKER_POOLS, WORKER_POOLS.table.c.space_id == space_id)
    return {one.id: described(one, staff.get(one.id, ())) for one in stored}


def _named(action: DeploymentAction, subject: Subject, evaluate: Evaluate) -> tuple[str, str | None]:
    """The id that the action asks for, empty where it asks for none; and what is wrong with how it asks."""
    variable = (action.worker_pool_variable or "").strip()
    if not variable:
        return action.worker_pool_id or "", None
    reference = f"#{{{variable}}}"
    value = evaluate(reference, action.id).strip()
    if value and value != reference:
        return value, None
    place = subject.environment.name
    return "", f"takes its worker pool from the variable '{variable}', which has no value in {place}; give it one."


def described(pool: WorkerPool, workers: Sequence[Worker]) -> Pool:
    """What there is to know of a pool before a run.

    One of which no worker can be used still has workers: what is meant for them is not done by the server.
    """
    fault = doubt = None
    if pool.worker_pool_type == "DynamicWorkerPool":
        fault = f"is for the worker pool '{pool.name}', which is dynamic: this server rents no machine; choose another."
    elif not workers:
        doubt = f"the worker pool '{pool.name}' has no workers"
    elif all(reasons := [why_not(worker) for worker in workers]):
        doubt = f"no worker of the pool '{pool.name}' can be used: {', '.join(filter(None, reasons))}"
    return Pool(
        id=pool.id,
        name=pool.name,
        is_default=pool.is_default,
        has_workers=bool(workers),
        fault=fault,
        doubt=None if pool.is_default and not workers else doubt,
    )
