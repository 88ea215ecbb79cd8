"""Rules of library variable sets: what a new one gets, what stays, and how one ends."""

from __future__ import annotations

from polpo.features.libraryvariablesets.resource import LIBRARY_VARIABLE_SETS, LibraryVariableSet
from polpo.features.projects.parameters import complete_parameters
from polpo.features.variables.resource import VARIABLE_SETS, VariableSet, variable_set_id_of
from polpo.rest.call import Call
from polpo.store.session import Session


def settle_set(call: Call, wanted: LibraryVariableSet, before: LibraryVariableSet | None) -> None:
    """The content type is chosen once; templates get ids, which the values of tenants are kept by."""
    if before is None:
        wanted.id, _ = call.session.new_id(LIBRARY_VARIABLE_SETS.name)
        wanted.variable_set_id = variable_set_id_of(wanted.id)
        wanted.version = 0
    else:
        wanted.content_type = before.content_type
        wanted.variable_set_id = before.variable_set_id
        wanted.version = before.version + 1
    complete_parameters(wanted.templates, "Templates")


def equip_set(session: Session, owner: LibraryVariableSet) -> None:
    """Every library set has a set of variables, empty at first."""
    variables = VariableSet(
        id=owner.variable_set_id,
        owner_id=owner.id,
        space_id=owner.space_id,
        last_modified_on=owner.last_modified_on,
        last_modified_by=owner.last_modified_by,
    )
    session.insert(VARIABLE_SETS, variables)


def end_set(call: Call, ended: LibraryVariableSet) -> None:
    """Takes the variables along. What releases have frozen of them stays with the releases."""
    call.session.delete(VARIABLE_SETS, ended.variable_set_id)
