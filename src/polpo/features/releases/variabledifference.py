"""What "update variables" would change in a release: its frozen variables against those of today, secrets untold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Literal

import msgspec

from polpo.features.libraryvariablesets.resource import LIBRARY_VARIABLE_SETS
from polpo.features.projects.resource import PROJECTS
from polpo.features.releases.resource import Release, VariableDifference, VariableDifferences
from polpo.features.releases.service import variables_now
from polpo.features.releases.sources import Source
from polpo.features.variables.permitted import Permitted
from polpo.features.variables.resource import VARIABLE_SETS, Variable, VariableSet
from polpo.features.variables.service import included_variables, text_of
from polpo.features.variables.snapshots import frozen_library
from polpo.rest.call import Call
from polpo.store.session import Session

_Key = tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]


def variable_differences(call: Call, release: Release, source: Source | None) -> VariableDifferences:
    """`source` has the variables of a project in Git as they are now. In the order of sets, and of names in them.

    What the caller may not see then or now is left out.
    """
    session = call.session
    project = session.get(PROJECTS, release.project_id)
    then = {one.owner_id: one for one in _frozen(session, release)}
    included = included_variables(session, project.included_library_variable_set_ids)
    now = {one.owner_id: one for one in (variables_now(session, release, source), *included)}
    libraries = session.by_ids(LIBRARY_VARIABLE_SETS, {*then, *now})
    found = []
    for owner in dict.fromkeys((*now, *then)):
        name = libraries[owner].name if owner in libraries else project.name if owner == project.id else owner
        permitted = Permitted(call, release.space_id, owner)
        before, after = (permitted.seen(one.variables) if one else [] for one in (then.get(owner), now.get(owner)))
        found += [_shown(owner, name, *pair) for pair in _pairs(session, before, after)]
    return VariableDifferences(release_id=release.id, is_modified=bool(found), differences=found)


def _frozen(session: Session, release: Release) -> Iterator[VariableSet]:
    yield session.get(VARIABLE_SETS, release.project_variable_set_snapshot_id)
    yield from frozen_library(session, release.library_variable_set_snapshot_ids)


def _pairs(
    session: Session, before: Iterable[Variable], after: Iterable[Variable]
) -> Iterator[tuple[Variable | None, Variable | None]]:
    """Values that differ, by name and scope: what one of the two is None for came or went."""
    then, now = _by_place(before), _by_place(after)
    for key in sorted({*then, *now}):
        for old, new in zip_longest(then.get(key, ()), now.get(key, ())):
            if old is None or new is None or _essence(session, old) != _essence(session, new):
                yield old, new


def _by_place(variables: Iterable[Variable]) -> dict[_Key, Sequence[Variable]]:
    found: dict[_Key, list[Variable]] = defaultdict(list)
    for variable in variables:
        scope = msgspec.to_builtins(variable.scope)
        place = tuple((name, tuple(sorted(ids))) for name, ids in sorted(scope.items()))
        found[variable.name.casefold(), place].append(variable)
    return dict(found)


def _essence(session: Session, variable: Variable) -> tuple[object, ...]:
    prompt = msgspec.json.encode(variable.prompt) if variable.prompt else None
    return variable.type, variable.is_sensitive, text_of(session, variable), prompt


def _shown(owner_id: str, owner_name: str, before: Variable | None, after: Variable | None) -> VariableDifference:
    variable = after or before
    assert variable is not None  # noqa: S101 - a pair has at least one side
    change: Literal["Added", "Removed", "Changed"] = (
        "Added" if before is None else "Removed" if after is None else "Changed"
    )
    return VariableDifference(
        owner_id=owner_id,
        owner_name=owner_name,
        name=variable.name,
        scope=variable.scope,
        change=change,
        is_sensitive=any(one.is_sensitive for one in (before, after) if one is not None),
        before=before.value if before and not before.is_sensitive else None,
        after=after.value if after and not after.is_sensitive else None,
    )
