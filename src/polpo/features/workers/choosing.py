"""Which worker of a pool does a piece of work: one that is well, answers, and has the least to do."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

import msgspec

from polpo.engine.reading import facts_of_running
from polpo.features.machinepolicies.resource import MACHINE_POLICIES, MachinePolicy
from polpo.features.machines.addressing import address_of
from polpo.features.workers.resource import WORKERS, Worker
from polpo.features.workers.service import in_pools
from polpo.kernel.errors import TaskError
from polpo.steps.places import MachineAddress, Places
from polpo.store.database import Database
from polpo.store.session import Session
from polpo.transports.transport import MachineUnreachable

#: Under which a running task keeps the id of the worker behind each of its leases, among the facts of its journal.
LEASE = "lease/"

#: The patience with a worker that has colleagues, in seconds.
_CONNECT, _COLLECT = 10.0, 20.0


def why_not(worker: Worker) -> str | None:
    """Why a worker is not used, as `w1 is disabled`; None when it may be.

    One that no check has seen yet may be used, after the others.
    """
    if worker.is_disabled:
        return f"{worker.name} is disabled"
    if worker.endpoint.is_inside_cluster:
        return f"{worker.name} is an agent inside a cluster, where nothing can be run"
    if worker.health_status in {"Unavailable", "Unhealthy"}:
        return f"{worker.name} is {worker.health_status.lower()}"
    return None


def ranked(
    workers: Sequence[Worker], loads: Mapping[str, int], avoided: Collection[str], chance: Callable[[], float]
) -> list[Worker]:
    """Those that may be used, the first choice first.

    Last come those to be avoided, before them those that no check has seen yet. Among the others goes first who is
    leased by the fewest running tasks, on whichever node; among those of the same load it is chance.
    """
    fit = [worker for worker in workers if why_not(worker) is None]
    order = {
        worker.id: (worker.id in avoided, worker.health_status == "Unknown", loads.get(worker.id, 0), chance())
        for worker in fit
    }
    return sorted(fit, key=lambda worker: order[worker.id])


def loads_of(session: Session) -> Counter[str]:
    """How many leases running tasks have on each worker."""
    return Counter(str(worker_id) for worker_id in facts_of_running(session, LEASE) if worker_id)


class Workforce:
    """The workers of all pools, as those who need one ask for them."""

    def __init__(self, database: Database, places: Places) -> None:
        self._database = database
        self._places = places

    async def choose(
        self, pool_id: str, pool_name: str, avoided: Collection[str], tell: Callable[[str], None]
    ) -> MachineAddress:
        """A worker that has just answered. `tell` hears of each that did not; TaskError when none of them does.

        A worker that does not answer is given the patience of its policy only when it is the last one left.
        """
        with self._database.read() as session:
            workers = session.all(WORKERS, in_pools(session, [pool_id]))
            policies = session.by_ids(MACHINE_POLICIES, {worker.machine_policy_id for worker in workers})
            fit = ranked(workers, loads_of(session), avoided, random.random)
        addresses = [address_of(one, policies.get(one.machine_policy_id) or MachinePolicy()) for one in fit]
        reasons = [why for worker in workers if (why := why_not(worker)) is not None]
        return await first_to_answer(self._places, addresses, pool_name, reasons, tell)


async def first_to_answer(
    places: Places,
    candidates: Sequence[MachineAddress],
    pool_name: str,
    reasons: Sequence[str],
    tell: Callable[[str], None],
) -> MachineAddress:
    """The first of the workers that answers. `reasons` are why others of the pool were not even asked."""
    reasons = list(reasons)
    for address in candidates:
        is_last = address is candidates[-1]
        try:
            await places.reach(address if is_last else _brief(address), tell).capabilities()
        except TaskError as error:
            why = "does not answer" if isinstance(error, MachineUnreachable) else "cannot be used"
            reasons.append(f"{address.name} {why} ({error.message.rstrip('.')})")
            if not is_last:
                tell(f"{error.message} Another worker of the pool '{pool_name}' is taken.")
        else:
            return address
    raise TaskError(_nobody(pool_name, reasons))


def _brief(address: MachineAddress) -> MachineAddress:
    return msgspec.structs.replace(
        address,
        connect_timeout=min(address.connect_timeout, _CONNECT),
        connect_tries=1,
        retry_duration=0.0,
        collect=min(address.collect, _COLLECT),
    )


def _nobody(pool_name: str, reasons: Sequence[str]) -> str:
    if not reasons:
        return f"The worker pool '{pool_name}' has no workers; add one to it, or choose another pool for the step."
    return (
        f"No worker of the pool '{pool_name}' can be used: {'; '.join(reasons)}. Put one of them in order or add"
        " another one, then try again."
    )
