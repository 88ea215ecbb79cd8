"""Variable sets over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.projects.service import find_project, refuse_in_git
from polpo.features.tenants.templates import library_templates
from polpo.features.variables.permitted import Permitted
from polpo.features.variables.places import Place
from polpo.features.variables.preview import explain, preview
from polpo.features.variables.resource import (
    VARIABLE_SETS,
    VariableExplanation,
    VariableSet,
    VariablesScopedToEnvironment,
)
from polpo.features.variables.scopevalues import shown
from polpo.features.variables.service import (
    included_variables,
    scoped_to_environment_alone,
    settled_variables,
    variables_of,
)
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import Where, stamp
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes

routes = Routes("variables")


def _in_space(call: Call, set_id: str) -> VariableSet:
    found = call.session.find(VARIABLE_SETS, set_id)
    if found is None or found.space_id != call.space:
        raise NotFound(f"There is no variable set with the id '{set_id}' in this space.")
    return found


def _where(call: Call) -> list[Where]:
    """The sets as they are being edited, or those that are named, snapshots too; as far as the caller sees them."""
    table = VARIABLE_SETS.table
    ids = call.texts("ids")
    where = [table.c.space_id == call.space, table.c.id.in_(ids) if ids else table.c.is_snapshot.is_(False)]
    either = (Permission.VARIABLE_VIEW, Permission.VARIABLE_VIEW_UNSCOPED)
    ways = [call.narrowed(permission, protection_of(VARIABLE_SETS)) for permission in either]
    where.append(sa.or_(*(sa.and_(sa.true(), *way) for way in ways)))
    if not call.may(Permission.LIBRARY_VARIABLE_SET_VIEW):
        where.append(table.c.owner_id.startswith("Projects-"))
    return where


@routes.get("/variables", Permission.VARIABLE_VIEW, paged=True, response=VariableSet, query=("skip", "take", "ids"))
def list_variable_sets(call: Call) -> Page[VariableSet]:
    """List variable sets"""
    paging, where = call.paging, _where(call)
    found = call.session.all(VARIABLE_SETS, *where, skip=paging.skip, take=paging.take)
    total = call.session.count(VARIABLE_SETS, *where)
    return Page([shown(call, one) for one in found], total, paging, "VariableSet")


@routes.get("/variables/all", Permission.VARIABLE_VIEW, query=("ids",))
def all_variable_sets(call: Call) -> Sequence[VariableSet]:
    """All variable sets"""
    return [shown(call, one) for one in call.session.all(VARIABLE_SETS, *_where(call))]


@routes.get("/variables/names", Permission.VARIABLE_VIEW, query=("project",))
def variable_names(call: Call) -> list[str]:
    """The names of variables and templates that a project has or includes, or of all sets of the space, each once"""
    named = call.text("project")
    project = find_project(call.session, call.space, named) if named else None
    sets = _sets_of(call, project) if project else call.session.all(VARIABLE_SETS, *_where(call))
    names = [one.name for each in sets for one in Permitted.of(call, each).seen(each.variables)]
    if project:
        shared = library_templates(call.session, project.included_library_variable_set_ids).values()
        names += [one.name for one in (*project.templates, *(one for each in shared for one in each.templates))]
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return [found[key] for key in sorted(found)]


def _sets_of(call: Call, project: Project) -> list[VariableSet]:
    library = included_variables(call.session, project.included_library_variable_set_ids)
    return [_of_project(call, project), *library]


_PLACE = ("project", "runbook", "environment", "channel", "tenant", "action", "machine", "role")


@routes.get("/variables/preview", Permission.VARIABLE_VIEW, query=_PLACE)
def preview_variables(call: Call) -> VariableSet:
    """The values that a project's variables have at a place, filled in"""
    return preview(call, _previewed(call), Place.of(call))


@routes.get("/variables/explanation", Permission.VARIABLE_VIEW, query=("name", *_PLACE))
def explain_variable(call: Call) -> VariableExplanation:
    """Why a variable has its value at a place: every value that was considered, and what decided"""
    return explain(call, _previewed(call), named_variable(call), Place.of(call))


def named_variable(call: Call) -> str:
    name = call.text("name")
    if name is None:
        sentence = "The query parameter 'name' is missing; name the variable."
        raise Invalid(sentence, [sentence])
    return name


def _previewed(call: Call) -> Project:
    named = call.text("project")
    if named is None:
        sentence = "The query parameter 'project' is missing; name the project whose variables you want."
        raise Invalid(sentence, [sentence])
    project = find_project(call.session, call.space, named)
    _of_project(call, project)
    return project


def _of_project(call: Call, project: Project) -> VariableSet:
    found = variables_of(call.session, project.id)
    Permitted.of(call, found).require_set()
    return found


@routes.get("/environments/{id}/singlyScopedVariableDetails", Permission.ENVIRONMENT_VIEW)
def variables_of_environment_alone(call: Call, id: str) -> VariablesScopedToEnvironment:
    """The variables that hold in an environment and nowhere else: how many values of a name each owner has"""
    environment = call.session.get(ENVIRONMENTS, id)
    if environment.space_id != call.space:
        raise NotFound(f"There is no environment with the id '{id}' in this space.")
    call.guard(ENVIRONMENTS, environment)
    return scoped_to_environment_alone(call, environment.id)


@routes.get("/variables/{id}", Permission.VARIABLE_VIEW)
def get_variable_set(call: Call, id: str) -> VariableSet:
    """Get a variable set, or a snapshot of one"""
    found = _in_space(call, id)
    Permitted.of(call, found).require_set()
    return shown(call, found)


@routes.put("/variables/{id}", Permission.VARIABLE_EDIT)
def replace_variable_set(call: Call, id: str, body: VariableSet) -> VariableSet:
    """Replace the variables of a set; Version must be the one that was read"""
    return _save(call, _in_space(call, id), body)


@routes.get("/projects/{project_id}/variables", Permission.VARIABLE_VIEW)
def get_project_variables(call: Call, project_id: str) -> VariableSet:
    """Get the variables of a project"""
    return shown(call, _of_project(call, find_project(call.session, call.space, project_id)))


@routes.put("/projects/{project_id}/variables", Permission.VARIABLE_EDIT)
def replace_project_variables(call: Call, project_id: str, body: VariableSet) -> VariableSet:
    """Replace the variables of a project; Version must be the one that was read"""
    project = find_project(call.session, call.space, project_id)
    return _save(call, variables_of(call.session, project.id), body)


def _save(call: Call, before: VariableSet, body: VariableSet) -> VariableSet:
    """What the caller does not see of the set stays in it."""
    permitted = Permitted.of(call, before)
    permitted.require_set(to_edit=True)
    project = call.session.find(PROJECTS, before.owner_id)
    if project is not None and not all(one.is_sensitive or one.type == "Sensitive" for one in body.variables):
        refuse_in_git(project, "variables that are no secrets", "variables")
    stamp(call, body)
    after = settled_variables(call.session, permitted, before, body)
    permitted.require_changes(before.variables, after.variables)
    return shown(call, call.session.update(VARIABLE_SETS, after))
