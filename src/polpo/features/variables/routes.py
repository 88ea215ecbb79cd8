"""Variable sets over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.projects.service import find_project, refuse_in_git
from polpo.features.variables.preview import Place, VariableExplanation, explain, preview
from polpo.features.variables.resource import VARIABLE_SETS, VariableSet, VariablesScopedToEnvironment
from polpo.features.variables.scopevalues import with_scope_values
from polpo.features.variables.service import (
    included_variables,
    save_variables,
    scoped_to_environment_alone,
    variables_of,
)
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import Where, stamp
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("variables")


def _in_space(call: Call, set_id: str) -> VariableSet:
    found = call.session.find(VARIABLE_SETS, set_id)
    if found is None or found.space_id != call.space:
        raise NotFound(f"There is no variable set with the id '{set_id}' in this space.")
    return found


def _where(call: Call) -> list[Where]:
    """The sets as they are being edited, or those that are named, snapshots too."""
    table = VARIABLE_SETS.table
    ids = call.texts("ids")
    return [table.c.space_id == call.space, table.c.id.in_(ids) if ids else table.c.is_snapshot.is_(False)]


@routes.get("/variables", Permission.VARIABLE_VIEW, paged=True, response=VariableSet, query=("skip", "take", "ids"))
def list_variable_sets(call: Call) -> Page[VariableSet]:
    """List variable sets"""
    paging, where = call.paging, _where(call)
    shown = call.session.all(VARIABLE_SETS, *where, skip=paging.skip, take=paging.take)
    total = call.session.count(VARIABLE_SETS, *where)
    return Page([with_scope_values(call.session, one) for one in shown], total, paging, "VariableSet")


@routes.get("/variables/all", Permission.VARIABLE_VIEW, query=("ids",))
def all_variable_sets(call: Call) -> Sequence[VariableSet]:
    """All variable sets"""
    return [with_scope_values(call.session, one) for one in call.session.all(VARIABLE_SETS, *_where(call))]


@routes.get("/variables/names", Permission.VARIABLE_VIEW, query=("project",))
def variable_names(call: Call) -> list[str]:
    """The names of variables that a project has or includes, or all sets of the space, each once"""
    named = call.text("project")
    sets = _sets_of(call, named) if named else call.session.all(VARIABLE_SETS, *_where(call))
    found: dict[str, str] = {}
    for variable in (one for each in sets for one in each.variables):
        found.setdefault(variable.name.casefold(), variable.name)
    return [found[key] for key in sorted(found)]


def _sets_of(call: Call, named: str) -> list[VariableSet]:
    project = find_project(call.session, call.space, named)
    library = included_variables(call.session, project.included_library_variable_set_ids)
    return [variables_of(call.session, project.id), *library]


_PLACE = ("project", "runbook", "environment", "channel", "tenant", "action", "machine", "role")


@routes.get("/variables/preview", Permission.VARIABLE_VIEW, query=_PLACE)
def preview_variables(call: Call) -> VariableSet:
    """The values that a project's variables have at a place, filled in"""
    return preview(call.session, _previewed(call), Place.of(call))


@routes.get("/variables/explanation", Permission.VARIABLE_VIEW, query=("name", *_PLACE))
def explain_variable(call: Call) -> VariableExplanation:
    """Why a variable has its value at a place: every value that was considered, and what decided"""
    name = call.text("name")
    if name is None:
        sentence = "The query parameter 'name' is missing; name the variable."
        raise Invalid(sentence, [sentence])
    return explain(call.session, _previewed(call), name, Place.of(call))


def _previewed(call: Call) -> Project:
    named = call.text("project")
    if named is None:
        sentence = "The query parameter 'project' is missing; name the project whose variables you want."
        raise Invalid(sentence, [sentence])
    return find_project(call.session, call.space, named)


@routes.get("/environments/{id}/singlyScopedVariableDetails", Permission.ENVIRONMENT_VIEW)
def variables_of_environment_alone(call: Call, id: str) -> VariablesScopedToEnvironment:
    """The variables that hold in an environment and nowhere else: how many values of a name each owner has"""
    environment = call.session.get(ENVIRONMENTS, id)
    if environment.space_id != call.space:
        raise NotFound(f"There is no environment with the id '{id}' in this space.")
    return scoped_to_environment_alone(call.session, environment.id)


@routes.get("/variables/{id}", Permission.VARIABLE_VIEW)
def get_variable_set(call: Call, id: str) -> VariableSet:
    """Get a variable set, or a snapshot of one"""
    return with_scope_values(call.session, _in_space(call, id))


@routes.put("/variables/{id}", Permission.VARIABLE_EDIT)
def replace_variable_set(call: Call, id: str, body: VariableSet) -> VariableSet:
    """Replace the variables of a set; Version must be the one that was read"""
    return _save(call, _in_space(call, id), body)


@routes.get("/projects/{project_id}/variables", Permission.VARIABLE_VIEW)
def get_project_variables(call: Call, project_id: str) -> VariableSet:
    """Get the variables of a project"""
    project = find_project(call.session, call.space, project_id)
    return with_scope_values(call.session, variables_of(call.session, project.id))


@routes.put("/projects/{project_id}/variables", Permission.VARIABLE_EDIT)
def replace_project_variables(call: Call, project_id: str, body: VariableSet) -> VariableSet:
    """Replace the variables of a project; Version must be the one that was read"""
    project = find_project(call.session, call.space, project_id)
    return _save(call, variables_of(call.session, project.id), body)


def _save(call: Call, before: VariableSet, body: VariableSet) -> VariableSet:
    project = call.session.find(PROJECTS, before.owner_id)
    if project is not None and not all(one.is_sensitive or one.type == "Sensitive" for one in body.variables):
        refuse_in_git(project, "variables that are no secrets", "variables")
    stamp(call, body)
    return with_scope_values(call.session, save_variables(call.session, before, body))
