"""Which worker pool each action of a process is for: its own, the one that a variable names, or the space's default."""

from __future__ import annotations

from collections.abc import Callable

from polpo.features.deployments.situation import Pool
from polpo.features.deployments.subject import Subject
from polpo.features.processes.resource import DeploymentAction
from polpo.features.processes.service import actions_of
from polpo.features.workerpools.resource import WORKER_POOLS, WorkerPool
from polpo.features.workers.resource import WORKERS
from polpo.store.session import Session

#: Evaluates a text for the action of an id.
Evaluate = Callable[[str, str], str]


def pools_of(session: Session, subject: Subject, evaluate: Evaluate) -> dict[str, Pool]:
    """By the id of the action."""
    space_id = subject.project.space_id
    pools = {pool.id: pool for pool in session.all(WORKER_POOLS, WORKER_POOLS.table.c.space_id == space_id)}
    workers = session.all(WORKERS, WORKERS.table.c.space_id == space_id, WORKERS.table.c.is_disabled.is_(False))
    staffed = {identity for worker in workers for identity in worker.worker_pool_ids}
    default = next((pool for pool in pools.values() if pool.is_default), None)

    def pool_of(action: DeploymentAction) -> Pool:
        named, fault = _named(action, subject, evaluate)
        found = pools.get(named) if named else default
        if fault is None and named and found is None:
            fault = f"names the worker pool '{named}', which does not exist in this space; choose another one."
        return Pool(fault=fault) if found is None or fault else _pool(found, has_workers=found.id in staffed)

    return {action.id: pool_of(action) for action in actions_of(subject.process.steps)}


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


def _pool(pool: WorkerPool, *, has_workers: bool) -> Pool:
    return Pool(pool.id, pool.name, is_default=pool.is_default, has_workers=has_workers)
