"""Sensitive variables of a project in Git: in the database, the same for every branch."""

from __future__ import annotations

from collections.abc import Iterable

from polpo.features.git.documents import Snapshot
from polpo.features.projects.resource import Project
from polpo.features.variables.permitted import Permitted
from polpo.features.variables.resource import VARIABLE_SETS, Variable, VariableSet
from polpo.features.variables.service import complete_variables, refuse_foreign_channels, variables_of
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.store.session import Session


def secrets_of(session: Session, project: Project) -> VariableSet:
    return variables_of(session, project.id)


def merged(snapshot: Snapshot, permitted: Permitted, wanted: list[Variable]) -> list[Variable]:
    """What is to be on the branch, completed: what is wanted, and what the writer cannot see there.

    Refuses what cannot be resolved, and what the writer may not change.
    """
    in_git = snapshot.variables().variables
    secrets = secrets_of(snapshot.session, snapshot.project).variables
    complete_variables(wanted, [*in_git, *secrets])
    refuse_foreign_channels(snapshot.session, snapshot.project.id, wanted)
    wanted = permitted.with_unseen(in_git, wanted)
    named = {one.id for one in wanted}
    permitted.require_changes([*in_git, *(one for one in secrets if one.id in named)], wanted)
    return wanted


def merge_secrets(call: Call, project: Project, wanted: Iterable[Variable]) -> None:
    """Takes over the sensitive ones among variables that were written to a branch. Those that are not among them stay:
    who reads a branch sees none. One that is plain now is no secret any more."""
    given = {one.id: one for one in wanted}
    stored = secrets_of(call.session, project)
    known = {one.id for one in stored.variables}
    kept = [given.get(one.id, one) for one in stored.variables]
    after = [one for one in kept if one.is_sensitive]
    after += [one for one in given.values() if one.is_sensitive and one.id not in known]
    if after == stored.variables:
        return
    stored.variables = after
    stored.version += 1
    stamp(call, stored)
    call.session.update(VARIABLE_SETS, stored)
