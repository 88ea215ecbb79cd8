"""Which machines a health check is about, and how: the arguments of its task, as the contract has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from polpo.features.machinepolicies.timespans import parse_timespan
from polpo.features.machines.resource import MACHINES, Machine
from polpo.features.machines.service import in_environments, machine_kinds
from polpo.kernel.errors import Invalid
from polpo.rest.collection import Filter
from polpo.store.kinds import Kind
from polpo.store.session import Session, Where

_RESTRICTIONS = ("DeploymentTargets", "Workers", "Policies", "Unrestricted")
#: What one machine may take, where nothing else is said.
MACHINE_TIME = timedelta(minutes=10)

#: Arguments that name a group of machines: their kind, and what narrows it. Features add theirs.
groups: dict[str, tuple[Kind[Any], Filter]] = {"EnvironmentId": (MACHINES, in_environments)}


@dataclass(frozen=True)
class CheckWish:
    """Machines by their ids; or else the enabled ones of a group, of a policy, of the kinds that are not left out.

    `time` is what the whole check may take, `machine_time` what one machine may.
    """

    ids: tuple[str, ...] = ()
    group: tuple[str, str] | None = None
    policy_id: str = ""
    restricted_to: str = "Unrestricted"
    time: timedelta | None = None
    machine_time: timedelta = MACHINE_TIME
    connection_only: bool = False

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> CheckWish:
        """Raises Invalid for arguments that mean nothing."""
        faults: list[str] = []
        wish = cls(
            ids=_ids(arguments.get("MachineIds") or [], faults),
            group=next(((name, str(arguments[name])) for name in groups if arguments.get(name)), None),
            policy_id=str(arguments.get("MachinePolicyId") or ""),
            restricted_to=_restriction(arguments.get("RestrictedTo") or "Unrestricted", faults),
            time=_span(arguments, "Timeout", faults),
            machine_time=_span(arguments, "MachineTimeout", faults) or MACHINE_TIME,
            connection_only=str(arguments.get("OnlyTestConnection") or "").lower() == "true",
        )
        if faults:
            raise Invalid(faults[0] if len(faults) == 1 else "The task cannot be started.", faults)
        return wish


def subjects(session: Session, space_id: str | None, wish: CheckWish) -> list[Machine]:
    """The machines in the order of their kinds; disabled ones only where they are named."""
    if wish.ids:
        return [one for kind in machine_kinds for one in _all(session, space_id, kind, kind.table.c.id.in_(wish.ids))]
    if wish.group is not None:
        kind, narrow = groups[wish.group[0]]
        return _enabled(session, space_id, kind, narrow(session, [wish.group[1]]))
    return [
        one
        for kind in _kinds(wish.restricted_to)
        for one in _enabled(
            session, space_id, kind, *([kind.table.c.machine_policy_id == wish.policy_id] if wish.policy_id else [])
        )
    ]


def _kinds(restricted_to: str) -> Sequence[Kind[Any]]:
    if restricted_to == "DeploymentTargets":
        return [MACHINES]
    return [kind for kind in machine_kinds if kind is not MACHINES or restricted_to != "Workers"]


def _enabled(session: Session, space_id: str | None, kind: Kind[Any], *where: Where) -> list[Machine]:
    return _all(session, space_id, kind, kind.table.c.is_disabled.is_(False), *where)


def _all(session: Session, space_id: str | None, kind: Kind[Any], *where: Where) -> list[Machine]:
    scoped = [kind.table.c.space_id == space_id] if space_id else []
    return session.all(kind, *scoped, *where)


def _ids(given: object, faults: list[str]) -> tuple[str, ...]:
    if isinstance(given, list):
        return tuple(str(identity) for identity in given)
    faults.append("Arguments.MachineIds must be a list of ids.")
    return ()


def _restriction(given: object, faults: list[str]) -> str:
    for known in _RESTRICTIONS:
        if known.lower() == str(given).lower():
            return known
    faults.append(f"Arguments.RestrictedTo must be one of {', '.join(_RESTRICTIONS)}; it is '{given}'.")
    return "Unrestricted"


def _span(arguments: Mapping[str, Any], name: str, faults: list[str]) -> timedelta | None:
    """No time at all means the default, as clients send it."""
    given = arguments.get(name)
    if not given:
        return None
    try:
        return parse_timespan(str(given)) or None
    except ValueError as error:
        faults.append(f"Arguments.{name}: {error}")
        return None
