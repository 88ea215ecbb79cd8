"""What a project's variables are at a place, before anything is deployed there, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.libraryvariablesets.resource import LIBRARY_VARIABLE_SETS
from polpo.features.processes.resource import DeploymentStep
from polpo.features.processes.service import actions_of
from polpo.features.projects.resource import Project
from polpo.features.tenants.resource import TENANTS, Tenant
from polpo.features.tenants.variables import given_values
from polpo.features.variables.permitted import Permitted
from polpo.features.variables.places import Place, context_of
from polpo.features.variables.resource import (
    ConsideredValue,
    ReferenceDataItem,
    Variable,
    VariableExplanation,
    VariableScope,
    VariableScopeValues,
    VariableSet,
)
from polpo.features.variables.scopevalues import scope_values
from polpo.features.variables.service import included_variables, variables_of
from polpo.kernel.errors import NotFound
from polpo.languages.scoping import Candidate, Considered, Origin, VariableIndex
from polpo.languages.substitution import SubstitutionFailed, VariableDictionary
from polpo.rest.call import Call
from polpo.store.documents import SensitiveValue
from polpo.store.session import Session

#: How a secret shows where it is part of another value.
MASK = "*****"
_LAST_RULE = (
    "Several values are equally specific. The first is taken: of the project's, then of the library sets in the order"
    " in which they are included, each as they stand in their set."
)


@dataclass(frozen=True)
class Edited:
    """The project's variables as they are being edited; with its steps where those of a branch are meant."""

    variables: VariableSet
    steps: list[DeploymentStep] | None = None


def preview(call: Call, project: Project, place: Place, edited: Edited | None = None) -> VariableSet:
    """The set with the one value of each variable that holds at the place, filled in; secrets stay empty.

    What holds there is not told where the caller may not see it, nor what would come second.
    """
    view = _View(call, project, place, edited)
    winners = view.index.winners(view.context)
    dictionary = view.dictionary(winners.values())
    view.variables.variables = [_shown(winner, dictionary) for winner in winners.values() if view.sees(winner)]
    view.variables.scope_values = view.known
    return view.variables


def explain(call: Call, project: Project, name: str, place: Place, edited: Edited | None = None) -> VariableExplanation:
    """Every value of one variable with its fate; NotFound when the project has no variable of the name.

    Values that the caller may not see are left out; where one of them holds, that it does is told, and not what it is.
    """
    view = _View(call, project, place, edited)
    resolution = view.index.resolve(name, view.context)
    considered = [one for one in resolution.considered if view.sees(one.candidate)]
    if not considered:
        raise NotFound(f"The project '{project.name}' has no variable '{name}'.")
    labels = {**_labels(view.known), **view.labels}
    winner = resolution.winner
    winners = view.index.winners(view.context).values()
    shown = _shown(winner, view.dictionary(winners)) if winner and view.sees(winner) else None
    return VariableExplanation(
        name=winner.name if winner else name,
        is_defined=winner is not None,
        value=shown.value if shown else None,
        is_sensitive=shown.is_sensitive if shown else False,
        is_ambiguous=bool(resolution.tied),
        rule=_LAST_RULE if resolution.tied else None,
        considered=[_considered(one, view.source_of(one.candidate), labels) for one in considered],
    )


class _View:
    """The values of a project as they are being edited, and a place to look at them from."""

    def __init__(self, call: Call, project: Project, place: Place, edited: Edited | None) -> None:
        session = call.session
        edited = edited or Edited(variables_of(session, project.id))
        self.variables = edited.variables
        self.known = scope_values(call, self.variables)
        if edited.steps is not None:
            self.known.actions = [ReferenceDataItem(one.id, one.name) for one in actions_of(edited.steps)]
        self.context = context_of(call, project, self.known, place, edited.steps)
        environment = session.find(ENVIRONMENTS, self.context.environment) if self.context.environment else None
        sets = included_variables(session, project.included_library_variable_set_ids)
        self._seen = {
            id(one) for each in (self.variables, *sets) for one in Permitted.of(call, each).seen(each.variables)
        }
        owners = session.by_ids(LIBRARY_VARIABLE_SETS, [one.owner_id for one in sets])
        found = [(one, Origin.PROJECT, f"Project {project.name}") for one in self.variables.variables]
        for shared in sets:
            owner = f"Library set {owners[shared.owner_id].name}"
            found += [(one, Origin.LIBRARY, owner) for one in shared.variables]
        self.labels: dict[str, str] = {}
        if self.context.tenant is not None and environment is not None:
            tenant = session.get(TENANTS, self.context.tenant)
            self.labels[tenant.id] = tenant.name
            given = _given_by(session, tenant, project, environment)
            found += given
            self._seen |= {id(one) for one, _, _ in given}
        candidates = candidates_of(((one, origin) for one, origin, _ in found), environment)
        self.index = VariableIndex(candidates)
        self._sources = {candidate.id: one[2] for candidate, one in zip(candidates, found, strict=True)}

    def source_of(self, candidate: Candidate) -> str:
        return self._sources[candidate.id]

    def sees(self, candidate: Candidate) -> bool:
        return id(candidate.value) in self._seen

    def dictionary(self, winners: Iterable[Candidate]) -> VariableDictionary:
        """For filling in values: what is secret, or not for the caller's eyes, is masked."""
        dictionary = VariableDictionary()
        for winner in winners:
            variable = _variable(winner)
            is_told = self.sees(winner) and not variable.is_sensitive
            dictionary.set(variable.name, (variable.value or "") if is_told else MASK)
        return dictionary


def _given_by(
    session: Session, tenant: Tenant, project: Project, environment: Environment
) -> list[tuple[Variable, Origin, str]]:
    """What the tenant gives there, as variables."""
    found = []
    for given in given_values(session, tenant, project.id, environment.id).values:
        scope = VariableScope(tenant=[tenant.id], environment=[] if given.is_library else given.environment_ids)
        text = None if isinstance(given.value, SensitiveValue) else given.value
        variable = Variable(name=given.name, value=text, is_sensitive=given.is_sensitive, scope=scope)
        origin = Origin.LIBRARY if given.is_library else Origin.PROJECT
        found.append((variable, origin, f"Tenant {tenant.name}"))
    return found


def candidates_of(
    variables: Iterable[tuple[Variable, Origin]], environment: Environment | None = None
) -> list[Candidate]:
    """Variables as the scoping language takes them; the value of a candidate is its variable.

    Of equally specific values the first is taken, as in a deployment. What is scoped to the parent of the environment
    holds in it, too.
    """
    return [
        Candidate(one.name, one, _scope_in(one.scope, environment), origin=origin, id=f"{place:06}")
        for place, (one, origin) in enumerate(variables)
    ]


def _scope_in(scope: VariableScope, environment: Environment | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: ids for name in scope.__struct_fields__ if (ids := getattr(scope, name))}
    places = found.get("environment", [])
    if environment and environment.parent_environment_id in places and environment.id not in places:
        found["environment"] = [*places, environment.id]
    return found


def _shown(winner: Candidate, dictionary: VariableDictionary) -> Variable:
    """A value that cannot be evaluated is shown as it was written."""
    variable = _variable(winner)
    if variable.is_sensitive or variable.value is None:
        return variable
    try:
        value = dictionary.evaluate(variable.value)
    except SubstitutionFailed:
        value = variable.value
    return msgspec.structs.replace(variable, value=value)


def _considered(one: Considered, source: str, labels: dict[str, str]) -> ConsideredValue:
    variable = _variable(one.candidate)
    return ConsideredValue(
        variable_id=variable.id,
        source=source,
        value=variable.value,
        is_sensitive=variable.is_sensitive,
        scope=variable.scope,
        outcome=one.outcome.name.title().replace("_", ""),
        sentence=one.sentence(lambda identity: labels.get(identity, identity)),
    )


def _labels(known: VariableScopeValues) -> dict[str, str]:
    named = (known.environments, known.machines, known.channels, known.actions, known.processes)
    return {item.id: item.name for items in named for item in items}


def _variable(candidate: Candidate) -> Variable:
    if not isinstance(candidate.value, Variable):
        raise TypeError(f"{candidate.name} was made of no variable")
    return candidate.value
