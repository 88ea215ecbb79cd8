"""Rules of variable sets: ids, secrets, the version check, and what scopes may name."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from polpo.features.channels.resource import CHANNELS
from polpo.features.channels.service import foreign_channels
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.processes.freezing import freeze, keep_snapshot
from polpo.features.tagsets.service import check_tags
from polpo.features.variables.permitted import Permitted
from polpo.features.variables.resource import (
    VARIABLE_SETS,
    Variable,
    VariableSet,
    VariablesScopedToEnvironment,
    variable_set_id_of,
)
from polpo.kernel.errors import Conflict, Invalid
from polpo.rest.call import Call
from polpo.store.documents import SensitiveValue
from polpo.store.kinds import reference
from polpo.store.session import Session

_MAX_NAME = 1000
_REFUSED = "The variables cannot be saved."


def variables_of(session: Session, owner_id: str) -> VariableSet:
    """The owner's variables as they are being edited."""
    return session.get(VARIABLE_SETS, variable_set_id_of(owner_id))


def included_variables(session: Session, library_set_ids: Iterable[str]) -> list[VariableSet]:
    """The variables of library sets as they are being edited, each set once, in this order."""
    wanted = list(dict.fromkeys(variable_set_id_of(identity) for identity in library_set_ids))
    found = session.by_ids(VARIABLE_SETS, wanted)
    return [found[identity] for identity in wanted if identity in found]


def scoped_to_environment_alone(call: Call, environment_id: str) -> VariablesScopedToEnvironment:
    """What the caller may not see of it is left out, and that there is such is told."""
    session = call.session
    users = sa.select(reference.c.from_id).where(
        reference.c.to_id == environment_id, reference.c.from_kind == VARIABLE_SETS.name
    )
    told = VariablesScopedToEnvironment(variable_map={})
    for owned in session.all(VARIABLE_SETS, VARIABLE_SETS.table.c.id.in_(users)):
        alone = [one for one in owned.variables if one.scope.environment == [environment_id]]
        seen = Permitted.of(call, owned).seen(alone)
        if seen:
            told.variable_map[owned.owner_id] = dict(Counter(one.name for one in seen))
        if len(seen) < len(alone) and is_of_library(owned):
            told.has_unauthorized_library_variable_set_variables = True
        elif len(seen) < len(alone):
            told.has_unauthorized_project_variables = True
    return told


def text_of(session: Session, variable: Variable) -> str:
    """The text of a variable, secret or not; empty where it has none. Mask it wherever it could be shown."""
    if variable.is_sensitive:
        return session.reveal(variable.secret) or ""
    return variable.value or ""


def freeze_variables(session: Session, variables: VariableSet) -> str:
    """The id of the snapshot of the set as it is now."""
    return freeze(session, VARIABLE_SETS, variables, VARIABLE_SETS.table.c.owner_id == variables.owner_id).id


#: The version of a snapshot that was never the state of a set, so that no release is given it by chance.
_MIXED = -1


def freeze_mixed(session: Session, like: VariableSet, variables: list[Variable]) -> VariableSet:
    """A snapshot of values from different times."""
    mixed = msgspec.structs.replace(like, version=_MIXED, variables=_without_gone(session, variables))
    return keep_snapshot(session, VARIABLE_SETS, mixed, f"{variable_set_id_of(like.owner_id)}-s-mixed")


def _without_gone(session: Session, variables: list[Variable]) -> list[Variable]:
    """Leaves out what can hold nowhere any more, because what it is scoped to was deleted since."""
    scopes = [variable.scope for variable in variables]
    places = session.by_ids(ENVIRONMENTS, (one for scope in scopes for one in scope.environment))
    channels = session.by_ids(CHANNELS, (one for scope in scopes for one in scope.channel))
    kept = []
    for variable in variables:
        scope = variable.scope
        environment = [one for one in scope.environment if one in places]
        channel = [one for one in scope.channel if one in channels]
        if bool(environment) == bool(scope.environment) and bool(channel) == bool(scope.channel):
            narrowed = msgspec.structs.replace(scope, environment=environment, channel=channel)
            kept.append(msgspec.structs.replace(variable, scope=narrowed))
    return kept


def settled_variables(session: Session, permitted: Permitted, before: VariableSet, wanted: VariableSet) -> VariableSet:
    """The set with the wanted variables, completed, as it may be stored in the place of `before`.

    What the writer does not see of it stays. `wanted.version` must be the version that is stored; the new one is one
    higher.
    """
    if before.id != variable_set_id_of(before.owner_id):
        raise Conflict("A snapshot of variables belongs to a release and cannot be changed.")
    if wanted.version != before.version:
        raise Conflict(
            f"The variables were changed in the meantime: the set has version {before.version} and yours was made from"
            f" version {wanted.version}. Read it again and repeat your change."
        )
    complete_variables(wanted.variables, before.variables)
    # What is sent is judged before the unseen is added: faults tell the places of variables in what was sent.
    for variable in wanted.variables:
        check_tags(session, before.space_id, variable, describes=False)
    if is_of_library(before):
        _refuse_scopes_of_projects(wanted.variables)
    else:
        refuse_foreign_channels(session, before.owner_id, wanted.variables)
    return msgspec.structs.replace(
        before,
        variables=permitted.with_unseen(before.variables, wanted.variables),
        version=before.version + 1,
        last_modified_on=wanted.last_modified_on,
        last_modified_by=wanted.last_modified_by,
    )


def refuse_foreign_channels(session: Session, owner_id: str, variables: list[Variable]) -> None:
    foreign = set(
        foreign_channels(session, owner_id, (one for variable in variables for one in variable.scope.channel))
    )
    faults = [
        f"{_at(place)}.Scope.Channel: '{identity}' is no channel of this project."
        for place, variable in enumerate(variables)
        for identity in variable.scope.channel
        if identity in foreign
    ]
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else _REFUSED, faults)


def _at(place: int) -> str:
    """The field of a variable in a refusal: its place, counted from 0, among those that were sent."""
    return f"Variables[{place}]"


def is_of_library(variables: VariableSet) -> bool:
    return variables.owner_id.startswith("LibraryVariableSets-")


def _refuse_scopes_of_projects(variables: list[Variable]) -> None:
    """A library set is no project's own, so it knows no channels, steps and processes."""
    faults = [
        f"{_at(place)}.Scope.{name}: the variables of a library set cannot be scoped to {what}."
        for place, variable in enumerate(variables)
        for name, what in (("Channel", "channels"), ("Action", "steps"), ("ProcessOwner", "processes"))
        if getattr(variable.scope, {"ProcessOwner": "process_owner"}.get(name, name.lower()))
    ]
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else _REFUSED, faults)


def complete_variables(variables: list[Variable], before: list[Variable]) -> None:
    """Fills ids and puts secrets where the store seals them; refuses what could not be resolved later."""
    known = {variable.id: variable for variable in before}
    faults = []
    seen: set[str] = set()
    for place, variable in enumerate(variables):
        variable.name = variable.name.strip()
        if not variable.name:
            faults.append(f"{_at(place)}.Name: a variable needs a name.")
        elif len(variable.name) > _MAX_NAME:
            faults.append(f"{_at(place)}.Name: the name has more than {_MAX_NAME} characters.")
        if variable.id in seen:
            faults.append(f"{_at(place)}.Id: two variables have the id '{variable.id}'; a new one is sent without.")
        variable.id = variable.id or str(uuid.uuid4())
        seen.add(variable.id)
        _hide(variable, known.get(variable.id))
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else _REFUSED, faults)


def _hide(variable: Variable, before: Variable | None) -> None:
    """Moves a sensitive text into `secret`. An empty one keeps what is stored: clients write back what they read.

    The secret of a variable that is made plain is not kept: it would become readable.
    """
    variable.is_sensitive = variable.is_sensitive or variable.type == "Sensitive"
    if not variable.is_sensitive:
        variable.secret = None
        return
    if variable.type == "String":
        variable.type = "Sensitive"
    text, variable.value = variable.value, None
    if text:
        variable.secret = SensitiveValue(has_value=True, new_value=text)
        return
    kept = before.secret if before and before.is_sensitive else None
    if kept is None and before is not None and before.value:
        variable.secret = SensitiveValue(has_value=True, new_value=before.value)
    else:
        variable.secret = SensitiveValue(has_value=bool(kept and kept.has_value))
