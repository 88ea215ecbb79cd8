"""The variables that something frozen was made with: the project's own, and those of the library sets it included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from polpo.features.processes.freezing import keep_snapshot
from polpo.features.variables.resource import VARIABLE_SETS, Variable, VariableSet
from polpo.features.variables.service import (
    freeze_mixed,
    freeze_variables,
    included_variables,
)
from polpo.kernel.errors import Invalid
from polpo.store.session import Session


@dataclass(frozen=True)
class Snapshots:
    """Ids of frozen sets. `library` is in the order of inclusion."""

    own: str
    library: list[str]


def changed_library(session: Session, library_set_ids: Iterable[str], snapshot_ids: Iterable[str]) -> bool:
    """Whether other library sets are included now than when it was frozen, or one of them was changed."""
    now = [(one.owner_id, one.version) for one in included_variables(session, library_set_ids)]
    then = [(one.owner_id, one.version) for one in frozen_library(session, snapshot_ids)]
    return now != then


def freeze_all(session: Session, own: VariableSet, library_set_ids: Iterable[str]) -> Snapshots:
    """The project's own as they are given, and the library's as they are now.

    What is given need not be what is stored: a project in Git has its variables elsewhere.
    """
    return Snapshots(
        _frozen(session, own), [freeze_variables(session, one) for one in included_variables(session, library_set_ids)]
    )


def _frozen(session: Session, own: VariableSet) -> str:
    if own.version >= 0:
        return freeze_variables(session, own)
    return keep_snapshot(session, VARIABLE_SETS, own, f"{own.id}-s-git").id


def frozen_library(session: Session, snapshot_ids: Iterable[str]) -> list[VariableSet]:
    """The frozen library sets in their order."""
    wanted = list(snapshot_ids)
    found = session.by_ids(VARIABLE_SETS, wanted)
    return [found[identity] for identity in wanted if identity in found]


def frozen_variables(session: Session, snapshot_ids: Iterable[str]) -> list[Variable]:
    """The variables of the frozen library sets, in the order of the sets."""
    return [variable for one in frozen_library(session, snapshot_ids) for variable in one.variables]


def freeze_named(
    session: Session,
    before: Snapshots,
    now: VariableSet,
    library_set_ids: Iterable[str],
    names: Iterable[str],
    *,
    holder: str = "release",
) -> Snapshots:
    """Only the named variables become what they are `now`: all values of the names, those added and those gone.

    Invalid for a name that is nowhere, then or now; `holder` is how the error calls what was frozen.
    """
    wanted = {name.strip().casefold() for name in names}
    own = session.get(VARIABLE_SETS, before.own)
    then = {one.owner_id: one for one in frozen_library(session, before.library)}
    included = {one.owner_id: one for one in included_variables(session, library_set_ids)}
    _refuse_unknown(wanted, [own, now, *then.values(), *included.values()], holder)
    owners = dict.fromkeys((*included, *then))
    library = [_mixed(session, then.get(owner), included.get(owner), wanted) for owner in owners]
    return Snapshots(_mixed(session, own, now, wanted) or own.id, [one for one in library if one is not None])


def _refuse_unknown(wanted: set[str], sets: list[VariableSet], holder: str) -> None:
    known = {variable.name.casefold() for one in sets for variable in one.variables}
    if unknown := sorted(wanted - known):
        faults = [f"Variables names '{name}', which neither the {holder} nor the project has." for name in unknown]
        raise Invalid(faults[0], faults)


def _mixed(session: Session, then: VariableSet | None, now: VariableSet | None, wanted: set[str]) -> str | None:
    """The id of the snapshot with the named values of now among the others of then; None when there are none."""
    kept = [one for one in (then.variables if then else []) if one.name.casefold() not in wanted]
    taken = [one for one in (now.variables if now else []) if one.name.casefold() in wanted]
    if then is not None and not taken and len(kept) == len(then.variables):
        return then.id
    like: VariableSet | None = then or now
    mixture: list[Variable] = [*kept, *taken]
    return freeze_mixed(session, like, mixture).id if like is not None and mixture else None
