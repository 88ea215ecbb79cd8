"""Rules of processes: names, ids and slugs of steps, the primary package, and the version check."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

from polpo.features.channels.service import foreign_channels
from polpo.features.processes.freezing import freeze
from polpo.features.processes.resource import (
    DEPLOYMENT_PROCESSES,
    DeploymentAction,
    DeploymentProcess,
    DeploymentStep,
    PackageReference,
    Process,
    process_id_of,
)
from polpo.features.tagsets.service import check_tags
from polpo.kernel.errors import Conflict, Invalid
from polpo.rest.collection import slugify
from polpo.steps.deployrelease import DEPLOY_RELEASE, PROJECT_ID
from polpo.steps.kinds import CATALOGUE
from polpo.store.session import Session

P = TypeVar("P", bound=Process)

PACKAGE_ID = "Octopus.Action.Package.PackageId"
PACKAGE_FEED = "Octopus.Action.Package.FeedId"
BUILT_IN_FEED, RELEASES_FEED = "feeds-builtin", "feeds-builtin-releases"


def process_of(session: Session, project_id: str) -> DeploymentProcess:
    """The project's process as it is being edited."""
    return session.get(DEPLOYMENT_PROCESSES, process_id_of(project_id))


def freeze_process(session: Session, process: DeploymentProcess) -> str:
    """The id of the snapshot of the process as it is now."""
    table = DEPLOYMENT_PROCESSES.table
    snapshot = freeze(session, DEPLOYMENT_PROCESSES, process, table.c.project_id == process.project_id)
    if process.last_snapshot_id != snapshot.id:
        process.last_snapshot_id = snapshot.id
        session.update(DEPLOYMENT_PROCESSES, process)
    return snapshot.id


def save_process(session: Session, before: DeploymentProcess, wanted: DeploymentProcess) -> DeploymentProcess:
    """Replaces the steps. `wanted.version` must be the version that is stored; the stored one goes up by one."""
    if before.id != process_id_of(before.project_id):
        raise Conflict("A snapshot of a deployment process belongs to a release and cannot be changed.")
    after = with_steps(session, before, wanted, "deployment process")
    _refuse_foreign_channels(session, before.project_id, after.steps)
    return session.update(DEPLOYMENT_PROCESSES, after)


def with_steps(session: Session, before: P, wanted: P, label: str) -> P:
    """The process with the wanted steps, completed, and one version on; refuses what was made from another version."""
    if wanted.version != before.version:
        raise Conflict(
            f"The {label} was changed in the meantime: it has version {before.version} and yours was made"
            f" from version {wanted.version}. Read it again and repeat your change."
        )
    complete_steps(wanted.steps, before.steps)
    check_tags(session, before.space_id, wanted, describes=False)
    return msgspec.structs.replace(
        before,
        steps=wanted.steps,
        version=before.version + 1,
        last_modified_on=wanted.last_modified_on,
        last_modified_by=wanted.last_modified_by,
    )


def _refuse_foreign_channels(session: Session, project_id: str, steps: list[DeploymentStep]) -> None:
    foreign = foreign_channels(session, project_id, (one for action in actions_of(steps) for one in action.channels))
    if foreign:
        faults = [f"Channels names '{identity}', which is no channel of this project." for identity in foreign]
        raise Invalid(faults[0], faults)


def complete_steps(steps: list[DeploymentStep], before: list[DeploymentStep]) -> None:
    """Fills ids, names and slugs in place and refuses steps that could not run, with a sentence for each fault.

    Steps and actions that come without an id keep the one of the same name, so that what refers to them (variable
    scopes, secrets) outlives clients that send no ids.
    """
    for step in steps:
        step.name = step.name.strip()
        if len(step.actions) == 1 and not step.actions[0].name.strip():
            step.actions[0].name = step.name
        for action in step.actions:
            action.name = action.name.strip()
            _settle_packages(action)
    faults = list(_faults(steps))
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The process cannot be saved.", faults)
    _identify(steps, before)
    _identify(actions_of(steps), list(actions_of(before)))


def actions_of(steps: Iterable[DeploymentStep]) -> Iterator[DeploymentAction]:
    for step in steps:
        yield from step.actions


def _identify(
    parts: Iterable[DeploymentStep] | Iterable[DeploymentAction],
    before: list[DeploymentStep] | list[DeploymentAction],
) -> None:
    known = {part.name.casefold(): part for part in before}
    slugs: set[str] = set()
    for part in parts:
        old = known.get(part.name.casefold())
        part.id = part.id or (old.id if old else str(uuid.uuid4()))
        part.slug = _free_slug(slugify(part.slug or (old.slug if old else "") or part.name), slugs)
        slugs.add(part.slug)


def _free_slug(base: str, taken: set[str]) -> str:
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _faults(steps: list[DeploymentStep]) -> Iterator[str]:
    step_names: set[str] = set()
    action_names: set[str] = set()
    for number, step in enumerate(steps, start=1):
        if not step.name:
            yield f"Step {number} needs a name."
        elif step.name.casefold() in step_names:
            yield f"There are two steps with the name '{step.name}'; a name stands for one step only."
        step_names.add(step.name.casefold())
        if not step.actions:
            yield f"Step '{step.name or number}' has no action, so there is nothing that it could do."
        for action in step.actions:
            yield from _action_faults(step, action, action_names)
            action_names.add(action.name.casefold())
    if steps and steps[0].start_trigger == "StartWithPrevious":
        yield f"Step '{steps[0].name}' is the first one and cannot start with a previous step."


def _action_faults(step: DeploymentStep, action: DeploymentAction, taken: set[str]) -> Iterator[str]:
    if not action.name:
        yield f"An action of step '{step.name}' needs a name."
    elif action.name.casefold() in taken:
        yield f"There are two actions with the name '{action.name}'; a name stands for one action only."
    if not action.action_type:
        yield f"ActionType of '{action.name}' is missing; it says what the step does, such as Octopus.Script."
    yield from _kind_faults(action)
    references: set[str] = set()
    for package in action.packages:
        name = (package.name or "").casefold()
        if name in references:
            yield f"'{action.name}' has two packages with the reference name '{package.name or ''}'."
        references.add(name)


def _kind_faults(action: DeploymentAction) -> Iterator[str]:
    """What its kind of step cannot do without; what a secret property holds is its own."""
    kind = CATALOGUE.find(action.action_type)
    if kind is None:
        return
    texts = {name: value if isinstance(value, str) else "*" for name, value in action.properties.items()}
    for fault in kind.faults(texts):
        yield f"Step '{action.name}' {fault}"


def _settle_release(action: DeploymentAction) -> None:
    """The release that an action deploys is its primary package: one of the project, which goes nowhere."""
    project = action.properties.get(PROJECT_ID)
    if action.action_type != DEPLOY_RELEASE or not isinstance(project, str) or not project:
        return
    primary = next((package for package in action.packages if not package.name), None)
    if primary is None:
        primary = PackageReference()
        action.packages.insert(0, primary)
    primary.package_id, primary.acquisition_location = project, "NotAcquired"
    if primary.feed_id in {"", BUILT_IN_FEED}:
        primary.feed_id = RELEASES_FEED


def _settle_packages(action: DeploymentAction) -> None:
    """Clients name the primary package in `Packages`, in the properties, or in both; afterwards it stands in both."""
    _settle_release(action)
    primary = next((package for package in action.packages if not package.name), None)
    package_id, feed_id = action.properties.get(PACKAGE_ID), action.properties.get(PACKAGE_FEED)
    if primary is None and isinstance(package_id, str) and package_id:
        primary = PackageReference(package_id=package_id, feed_id=feed_id if isinstance(feed_id, str) else "")
        action.packages.insert(0, primary)
    for package in action.packages:
        package.id = package.id or str(uuid.uuid4())
        package.feed_id = package.feed_id or BUILT_IN_FEED
    if primary is not None:
        action.properties[PACKAGE_ID] = primary.package_id
        action.properties[PACKAGE_FEED] = primary.feed_id
