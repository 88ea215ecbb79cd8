"""The worker on which a machine is looked at that runs nothing itself."""

from __future__ import annotations

from polpo.features.configuration.sections import FEATURES
from polpo.features.configuration.service import read_section
from polpo.features.machines.examining import Place
from polpo.features.machines.resource import Machine
from polpo.features.workerpools.resource import WORKER_POOLS, WorkerPool
from polpo.features.workers.choosing import Workforce
from polpo.features.workers.resource import WORKERS
from polpo.features.workers.service import in_pools
from polpo.kernel.errors import TaskError
from polpo.steps.places import Places
from polpo.store.database import Database
from polpo.store.session import Session
from polpo.transports.transport import Transport


class WorkerHosts:
    """By the rules of steps: the machine's own pool or the space's default one, which without workers is the server."""

    def __init__(self, database: Database, places: Places, workforce: Workforce) -> None:
        self._database = database
        self._places = places
        self._workforce = workforce

    async def host_for(self, place: Place, machine: Machine) -> Transport:
        """TaskError says why there is none."""
        with self._database.read() as session:
            pool = _pool_of(session, machine)
            is_here = _has_nobody_else(session, pool)
            if is_here:
                refuse_without_built_in(session)
        if is_here:
            return self._places.here()
        worker = await self._workforce.choose(pool.id, pool.name, (), place.node.verbose)
        place.node.verbose(f"This is done on the worker {worker.name} of the pool {pool.name}.")
        return self._places.reach(worker, place.node.verbose)


def is_done_here(session: Session, machine: Machine) -> bool:
    """Whether the server itself does what workers do for a machine that runs nothing itself."""
    return _has_nobody_else(session, _pool_of(session, machine))


def _has_nobody_else(session: Session, pool: WorkerPool) -> bool:
    return pool.is_default and session.first(WORKERS, in_pools(session, [pool.id])) is None


def _pool_of(session: Session, machine: Machine) -> WorkerPool:
    own = session.find(WORKER_POOLS, machine.endpoint.default_worker_pool_id)
    table = WORKER_POOLS.table
    found = own or session.first(WORKER_POOLS, table.c.space_id == machine.space_id, table.c.is_default)
    if found is None:
        raise TaskError(f"The space of {machine.name} has no default worker pool; make one of its pools the default.")
    return found


def refuse_without_built_in(session: Session) -> None:
    """TaskError where nothing is to run on the server itself."""
    if not read_section(session, FEATURES).is_built_in_worker_enabled:
        raise TaskError(
            "Nothing runs on the server itself, since its built-in worker is switched off; use a worker instead, or"
            " switch it on in the features of the configuration."
        )
