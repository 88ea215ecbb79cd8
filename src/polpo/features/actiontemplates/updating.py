"""Taking steps to another version of their template, as far as nobody has to decide.

A step keeps the values of its parameters. A property follows the template, unless the step and the template have both
changed it since: then a person decides, by an override.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from polpo.features.actiontemplates.resource import (
    ActionsUpdate,
    ActionsUpdateProcess,
    ActionTemplate,
    ActionUpdateRemovedPackageUsage,
    ActionUpdateResult,
    UsedBy,
)
from polpo.features.actiontemplates.service import version_of
from polpo.features.actiontemplates.usages import is_made_from
from polpo.features.channels.resource import CHANNELS, Channel, DeploymentActionPackage
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, TEMPLATE_ID, TEMPLATE_VERSION, DeploymentAction
from polpo.features.processes.service import actions_of, complete_steps
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.runbooks.resource import RUNBOOK_PROCESSES
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.rest.permissions import Permission
from polpo.store.documents import PropertyValue, SensitiveValue
from polpo.store.kinds import Kind
from polpo.store.session import Session

_PROCESSES: Mapping[str, Kind[Any]] = {"Deployment": DEPLOYMENT_PROCESSES, "Runbook": RUNBOOK_PROCESSES}
_EDITING = {DEPLOYMENT_PROCESSES.name: Permission.PROCESS_EDIT, RUNBOOK_PROCESSES.name: Permission.RUNBOOK_EDIT}
_OWN = (TEMPLATE_ID, TEMPLATE_VERSION)


def update_actions(call: Call, template: ActionTemplate, wanted: ActionsUpdate) -> list[ActionUpdateResult]:
    """One result for each action. Those that need a decision stay as they are; all others are saved."""
    target = template if wanted.version is None else version_of(call.session, template, wanted.version)
    named = [
        ActionsUpdateProcess(process_id=key, action_ids=ids) for key, ids in wanted.action_ids_by_process_id.items()
    ]
    call.settle()  # process by process
    results: list[ActionUpdateResult] = []
    for each in (*wanted.actions_to_update, *named):
        results += _update_process(call, template, target, each, wanted)
    return results


def _update_process(
    call: Call, template: ActionTemplate, target: ActionTemplate, named: ActionsUpdateProcess, wanted: ActionsUpdate
) -> list[ActionUpdateResult]:
    session = call.session
    kind, process = _find_process(session, call.space, named)
    call.guard(kind, process, _EDITING[kind.name])
    known = {action.id: action for action in actions_of(process.steps)}
    unknown = [identity for identity in named.action_ids if identity not in known]
    foreign = [one for one in named.action_ids if one in known and not is_made_from(known[one], template.id)]
    if unknown or foreign:
        faults = [f"ActionIds names '{identity}', which is no step of '{process.id}'." for identity in unknown]
        faults += [f"The step '{known[one].name}' was not made from '{template.name}'." for one in foreign]
        raise Invalid(faults[0], faults)
    updates = [_Update(session, process, known[one], template, target, wanted) for one in named.action_ids]
    results = [update.apply() for update in updates]
    if any(result.outcome == "Success" for result in results):
        stored: Any = session.get(kind, process.id)
        complete_steps(process.steps, stored.steps)
        process.version = stored.version + 1
        stamp(call, process)
        session.update(kind, process)
    return results


def _find_process(session: Session, space_id: str, named: ActionsUpdateProcess) -> tuple[Kind[Any], Any]:
    for kind in (_PROCESSES[named.process_type], *_PROCESSES.values()):
        table = kind.table
        where = (table.c.id == named.process_id, table.c.space_id == space_id, table.c.is_snapshot.is_(False))
        found = session.first(kind, *where)
        if found is not None:
            return kind, found
    raise NotFound(f"There is no process with the id '{named.process_id}' in this space.")


class _Update:
    """One action on its way from the version that it is at to another one."""

    def __init__(
        self,
        session: Session,
        process: Any,
        action: DeploymentAction,
        template: ActionTemplate,
        target: ActionTemplate,
        wanted: ActionsUpdate,
    ) -> None:
        self._session = session
        self._process = process
        self._action = action
        self._target = target
        self._wanted = wanted
        self._base = _at_version(session, template, action)

    def apply(self) -> ActionUpdateResult:
        """Changes the action only when nothing is left to be decided."""
        result = ActionUpdateResult(id=self._action.id)
        result.names_of_new_parameters_missing_default_value = list(self._missing_values())
        result.manual_merge_required_reasons_by_property_name = dict(self._conflicts())
        result.removed_package_usages = list(self._removed_packages())
        if result.removed_package_usages:
            result.outcome = "RemovedPackageInUse"
        elif result.names_of_new_parameters_missing_default_value:
            result.outcome = "DefaultParamterValueMissing"
        elif result.manual_merge_required_reasons_by_property_name:
            result.outcome = "ManualMergeRequired"
        else:
            self._change()
        return result

    def _missing_values(self) -> Iterator[str]:
        """New parameters that must have a value and that nobody has given one."""
        old = {parameter.name for parameter in self._base.parameters} if self._base else set()
        given = {*self._action.properties, *self._wanted.default_property_values}
        for parameter in self._target.parameters:
            optional = parameter.display_settings.get("Octopus.ControlType") == "Checkbox"
            if parameter.name not in {*old, *given} and parameter.default_value is None and not optional:
                yield parameter.name

    def _conflicts(self) -> Iterator[tuple[str, list[str]]]:
        if self._base is None:
            return
        for name in self._names():
            mine, old, new = (
                of.get(name) for of in (self._action.properties, self._base.properties, self._target.properties)
            )
            if name in self._wanted.overrides or _same(mine, old) or _same(old, new) or _same(mine, new):
                continue
            yield name, ["The step has a value of its own, and the template has a new one."]

    def _names(self) -> Iterable[str]:
        """Properties of the template, then and now, without those that are parameters or say where it comes from."""
        parameters = {parameter.name for parameter in self._target.parameters}
        both = dict.fromkeys((*(self._base.properties if self._base else ()), *self._target.properties))
        return [name for name in both if name not in parameters and name not in _OWN]

    def _change(self) -> None:
        properties = dict(self._action.properties)
        for name in self._names():
            old = self._base.properties.get(name) if self._base else properties.get(name)
            if name in self._wanted.overrides:
                properties[name] = self._wanted.overrides[name]
            elif _same(properties.get(name), old):
                _put(properties, name, self._target.properties.get(name))
        for parameter in self._target.parameters:
            default = self._wanted.default_property_values.get(parameter.name, parameter.default_value)
            if parameter.name not in properties and default is not None:
                properties[parameter.name] = default
        properties[TEMPLATE_ID] = self._target.id
        properties[TEMPLATE_VERSION] = str(self._target.version)
        self._action.properties = properties
        self._change_packages()

    def _change_packages(self) -> None:
        """Packages that the template has brought go and come with it; the step's own stay."""
        brought = {(package.name or "") for package in self._base.packages} if self._base else set()
        mine = {(package.name or ""): package for package in self._action.packages}
        kept = [package for name, package in mine.items() if name not in brought]
        wanted = [mine.get(package.name or "", package) for package in self._target.packages]
        self._action.packages = [*wanted, *(package for package in kept if package not in wanted)]

    def _removed_packages(self) -> Iterator[ActionUpdateRemovedPackageUsage]:
        if self._base is None:
            return
        left = {package.name or "" for package in self._target.packages}
        for package in self._base.packages:
            if (package.name or "") not in left:
                yield from self._users_of(package.name or "")

    def _users_of(self, reference: str) -> Iterator[ActionUpdateRemovedPackageUsage]:
        project = self._session.get(PROJECTS, self._process.project_id)
        strategy, creation = project.versioning_strategy, project.release_creation_strategy
        if strategy and self._is_meant(strategy.donor_package, reference):
            yield _usage(reference, "ProjectVersionStrategy", project)
        if self._is_meant(creation.release_creation_package, reference):
            yield _usage(reference, "ProjectReleaseCreationStrategy", project)
        for channel in self._session.all(CHANNELS, CHANNELS.table.c.project_id == project.id):
            named = (package for rule in channel.rules for package in rule.action_packages)
            if any(self._is_meant(package, reference) for package in named):
                yield _usage(reference, "ChannelRule", channel)

    def _is_meant(self, package: DeploymentActionPackage | None, reference: str) -> bool:
        if package is None:
            return False
        same = (package.deployment_action or "").casefold() == self._action.name.casefold()
        return same and (package.package_reference or "").casefold() == reference.casefold()


def _at_version(session: Session, template: ActionTemplate, action: DeploymentAction) -> ActionTemplate | None:
    """The template as the action was made from it, if that is known."""
    version = action.properties.get(TEMPLATE_VERSION)
    if not isinstance(version, str) or not version.isascii() or not version.isdigit() or len(version) > 9:
        return None
    try:
        return version_of(session, template, int(version))
    except NotFound:
        return None


def _usage(reference: str, used_by: UsedBy, user: Project | Channel) -> ActionUpdateRemovedPackageUsage:
    return ActionUpdateRemovedPackageUsage(
        package_reference=reference, used_by=used_by, used_by_id=user.id, used_by_name=user.name
    )


def _same(one: PropertyValue | None, other: PropertyValue | None) -> bool:
    """Secrets are sealed each time anew, so two of them are taken for the same."""
    if isinstance(one, SensitiveValue) and isinstance(other, SensitiveValue):
        return True
    return (one or "") == (other or "")


def _put(properties: dict[str, PropertyValue], name: str, value: PropertyValue | None) -> None:
    if value is None:
        properties.pop(name, None)
    else:
        properties[name] = value
