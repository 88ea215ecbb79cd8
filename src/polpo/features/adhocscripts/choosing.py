"""The machines on which a script is to be run: by id, by what they have in common, or by their pools."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from polpo.features.adhocscripts.wanted import Wanted
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.machines.resource import MACHINES, DeploymentTarget, Machine
from polpo.features.machines.service import in_environments
from polpo.features.tenants.resource import TENANTS
from polpo.features.workerpools.resource import WORKER_POOLS
from polpo.features.workers.hosting import refuse_without_built_in
from polpo.features.workers.resource import WORKERS
from polpo.features.workers.service import in_pools
from polpo.kernel.errors import Invalid
from polpo.store.kinds import Kind
from polpo.store.session import Session, Where


def machines_for(session: Session, space_id: str, wanted: Wanted) -> list[Machine]:
    """None of them for the server itself. Invalid: something is named that does not exist, or nothing can be used."""
    match wanted.aim:
        case "OctopusServer":
            refuse_without_built_in(session)
            return []
        case "Workers":
            ids = [*(wanted.worker_ids or ()), *(wanted.machine_ids or ())]
            return _enabled(_named(session, WORKERS, space_id, ids, "WorkerIds"), "worker")
        case "WorkerPools":
            return _of_pools(session, space_id, wanted.worker_pool_ids or [])
        case "Machines":
            return _enabled(_named(session, MACHINES, space_id, wanted.machine_ids or [], "MachineIds"), "target")
        case "Environments":
            return _described(session, space_id, wanted)
    named = _named(session, MACHINES, space_id, wanted.machine_ids, "MachineIds") if wanted.machine_ids else []
    found = _described(session, space_id, wanted) if _describes(wanted) or not named else []
    return _enabled([*named, *(one for one in found if one.id not in {other.id for other in named})], "target")


def _describes(wanted: Wanted) -> bool:
    return bool(wanted.environment_ids or wanted.target_roles or wanted.tenant_ids)


def _named(session: Session, kind: Kind[Any], space_id: str, ids: Sequence[str], argument: str) -> list[Machine]:
    if not ids:
        raise _fault(f"{argument} is empty; name at least one {kind.singular}.")
    _refuse_unknown(session, kind, space_id, ids, argument)
    known = session.by_ids(kind, ids)
    return [known[one] for one in dict.fromkeys(ids)]


def _refuse_unknown(session: Session, kind: Kind[Any], space_id: str, ids: Iterable[str], argument: str) -> None:
    known = session.by_ids(kind, ids)
    missing = [one for one in ids if one not in known or known[one].space_id != space_id]
    if missing:
        raise _fault(f"{argument} names the {kind.singular} '{missing[0]}', which does not exist in this space.")


def _enabled(machines: Sequence[Machine], what: str) -> list[Machine]:
    """Of those that people name none may be left out without a word."""
    if disabled := [machine.name for machine in machines if machine.is_disabled]:
        raise _fault(f"The {what} {disabled[0]} is disabled; enable it or leave it out.")
    for machine in machines:
        if (why := _why_nothing_runs(machine)) is not None:
            raise _fault(f"The {what} {machine.name} is {why}; leave it out.")
    return list(machines)


def _why_nothing_runs(machine: Machine) -> str | None:
    if machine.endpoint.is_inside_cluster:
        return "an agent inside a cluster, where nothing can be run"
    is_drop = machine.endpoint.communication_style == "OfflineDrop"
    return "an offline package drop, where nothing runs now" if is_drop else None


def _of_pools(session: Session, space_id: str, pool_ids: Sequence[str]) -> list[Machine]:
    if not pool_ids:
        raise _fault("WorkerPoolIds is empty; name at least one worker pool.")
    _refuse_unknown(session, WORKER_POOLS, space_id, pool_ids, "WorkerPoolIds")
    found = session.all(WORKERS, in_pools(session, list(pool_ids)), ~WORKERS.table.c.is_disabled)
    workers = [worker for worker in found if _why_nothing_runs(worker) is None]
    if not workers:
        names = ", ".join(pool.name for pool in session.by_ids(WORKER_POOLS, pool_ids).values())
        raise _fault(f"There is no enabled worker in the pool {names}.")
    return [*workers]


def _described(session: Session, space_id: str, wanted: Wanted) -> list[Machine]:
    """Enabled targets of any of the environments with any of the tags, for any of the tenants."""
    if not _describes(wanted):
        raise _fault("Nothing says where the script is to run; name targets, environments, tags, workers or pools.")
    environments, tenants = wanted.environment_ids or [], {*(wanted.tenant_ids or ())}
    _refuse_unknown(session, ENVIRONMENTS, space_id, environments, "EnvironmentIds")
    _refuse_unknown(session, TENANTS, space_id, sorted(tenants), "TenantIds")
    where: list[Where] = [MACHINES.table.c.space_id == space_id, ~MACHINES.table.c.is_disabled]
    where += [in_environments(session, environments)] if environments else []
    tags = {tag.strip().casefold() for tag in wanted.target_roles or ()}
    found = [one for one in session.all(MACHINES, *where) if _fits(one, tags, tenants)]
    if not found:
        raise _fault("There is no enabled target with these environments, tags and tenants.")
    return list(found)


def _fits(target: DeploymentTarget, tags: Collection[str], tenants: Collection[str]) -> bool:
    has_tag = not tags or any(role.casefold() in tags for role in target.roles)
    is_of_tenant = not tenants or any(one in tenants for one in target.tenant_ids)
    return has_tag and is_of_tenant and _why_nothing_runs(target) is None


def _fault(sentence: str) -> Invalid:
    return Invalid(sentence, [sentence])
