"""Deployments that a step of another deployment makes: once each, for the same environment, and what they leave."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any

import msgspec

from polpo.engine import (
    Engine,
    TaskRecord,
    TaskState,
    find_task,
    find_task_of,
    get_task,
    holder_that_waits_for,
    plan_of,
    results_of,
)
from polpo.features.deployments.facts import current_release
from polpo.features.deployments.plan import Plan
from polpo.features.deployments.resource import DEPLOYMENTS, Deployment
from polpo.features.deployments.service import Origin, Wish, create_deployment, resumed_from
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.machines.resource import MACHINES
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.releases.asfeed import project_of_package
from polpo.features.releases.resource import RELEASES, Release
from polpo.features.releases.service import release_of_version
from polpo.features.rights.authority import rights_of
from polpo.features.runbookruns.resource import RUNBOOK_RUNS
from polpo.features.tenants.resource import TENANTS, Tenant
from polpo.features.users.resource import USERS
from polpo.features.users.service import caller_for
from polpo.features.variables.resource import VARIABLE_SETS
from polpo.kernel.errors import AppError, TaskError
from polpo.languages.versions import parse_version
from polpo.rest.authorization import Subject
from polpo.rest.call import THE_SERVER, Caller
from polpo.rest.permissions import Permission
from polpo.steps.services import Child, ChildEnd, ChildWish
from polpo.steps.work import Catalogue, StepResult
from polpo.store.changes import Actor
from polpo.store.database import Database
from polpo.store.session import Session

_RESULT = re.compile(r"step-[^/]+/(?P<number>[\d.]+)/(?P<place>[^/]+)")


class DeployingReleases:
    """What the step that deploys releases asks for."""

    def __init__(self, database: Database, engine: Engine, catalogue: Catalogue) -> None:
        self._database = database
        self._making = partial(_deploy, engine=engine, catalogue=catalogue)

    async def deploy(self, wish: ChildWish) -> Child:
        return await self._database.write(partial(self._making, wish=wish))

    async def end_of(self, task_id: str) -> ChildEnd:
        with self._database.read() as session:
            return _end_of(session, task_id)


@dataclass(frozen=True)
class _Family:
    """The task that asks, what it deploys if it is a deployment, and what is to be deployed on its behalf.

    `asked_by` is who asked for the deployment or the run of a runbook that the task is; empty for the server itself.
    """

    parent: TaskRecord
    asked_by: str
    deployment: Deployment | None
    project: Project
    release: Release
    tenant: Tenant | None

    @property
    def title(self) -> str:
        return f"{self.project.name} release {self.release.version}"


def _deploy(session: Session, engine: Engine, catalogue: Catalogue, wish: ChildWish) -> Child:
    known = find_task_of(session, wish.origin)
    if known is not None:
        return Child(known.id, known.subject_id or "", known.description)
    family = _family_of(session, wish)
    if (left := _left_behind(session, family.parent, wish)) is not None:
        _refuse_deadlock(session, family, left)
        return Child(left.id, left.subject_id or "", left.description)
    _refuse_recursion(session, family)
    if (reason := _reason_to_skip(session, family, wish)) is not None:
        return Child(skipped=reason)
    try:
        caller = _caller(session, family)
        session.actor = _actor(family, caller)
        made = create_deployment(session, engine, catalogue, caller, _wish(session, family, wish))
    except AppError as error:
        raise TaskError(f"{family.title} cannot be deployed: {' '.join(error.errors or [error.message])}") from error
    task = get_task(session, made.task_id)
    _refuse_deadlock(session, family, task)
    return Child(task.id, made.id, task.description)


def _family_of(session: Session, wish: ChildWish) -> _Family:
    parent = get_task(session, wish.parent_task_id)
    try:
        project = project_of_package(session, parent.space_id or "", wish.project)
    except AppError as error:
        raise TaskError(error.message) from error
    release = release_of_version(session, project.id, wish.version)
    if release is None:
        raise TaskError(f"{project.name} has no release {wish.version} any more.")
    is_tenanted = project.tenanted_deployment_mode != "Untenanted"
    tenant = session.find(TENANTS, parent.tenant_id) if parent.tenant_id and is_tenanted else None
    deployment = session.find(DEPLOYMENTS, parent.subject_id) if parent.subject_id else None
    run = deployment or (session.find(RUNBOOK_RUNS, parent.subject_id) if parent.subject_id else None)
    if run is None:  # nobody knows any more whose rights would count
        raise TaskError(f"{project.name} is not deployed: what {parent.id} was made for is gone.")
    asked_by = run.deployed_by_id or _maker(session, deployment)
    return _Family(parent, asked_by, deployment, project, release, tenant)


def _maker(session: Session, deployment: Deployment | None) -> str:
    """What a lifecycle deploys by itself was set going by whoever made the release."""
    release = session.find(RELEASES, deployment.release_id) if deployment is not None else None
    return release.created_by_id if release is not None else ""


def _left_behind(session: Session, parent: TaskRecord, wish: ChildWish) -> TaskRecord | None:
    """What the task with which this one goes on had asked for here, and had left alone when it ended: not made twice.

    Where that has failed, or a person has it tried again, a new one is made.
    """
    work, _, attempt = wish.origin.removeprefix(parent.id).rpartition("/")
    earlier = resumed_from(parent) if attempt == "1" else None
    while earlier is not None:
        if (last := _last_of(session, f"{earlier}{work}")) is not None:
            return last if last.state is TaskState.SUCCESS or not last.state.is_completed else None
        before = find_task(session, earlier)
        earlier = resumed_from(before) if before is not None else None
    return None


def _last_of(session: Session, work: str) -> TaskRecord | None:
    """The task of the last attempt of a piece of work, which has a number from 1 on."""
    last = None
    for attempt in count(1):
        found = find_task_of(session, f"{work}/{attempt}")
        if found is None:
            break
        last = found
    return last


def _caller(session: Session, family: _Family) -> Caller:
    """Who asked for what deploys it, with the rights that they have by now; the server where nobody asked."""
    if not family.asked_by:
        return THE_SERVER
    user = session.find(USERS, family.asked_by)
    if user is None or not user.is_active:
        raise TaskError(
            f"{family.title} is not deployed: the user who asked for {family.parent.id} is gone or not active any more."
        )
    caller = replace(caller_for(user), rights=rights_of(session, user.id))
    subject = Subject.of(
        family.parent.space_id,
        project_id=family.project.id,
        environment_id=family.parent.environment_id,
        tenant_id=family.tenant.id if family.tenant else None,
    )
    caller.rights.require(Permission.DEPLOYMENT_CREATE, subject)
    return caller


def _actor(family: _Family, caller: Caller) -> Actor:
    """The parent's task, and whoever asked for that."""
    asked = caller.username if caller.user_id else ""
    return Actor(username=family.parent.description, means="task", on_behalf_of=asked)


def _wish(session: Session, family: _Family, wish: ChildWish) -> Wish:
    parent = family.parent
    own = family.deployment
    secrets = [name for name in wish.secrets if name in wish.variables]
    prompted = {name.casefold() for name in _prompted(session, family.release)}
    return Wish(
        release=family.release,
        environment=session.get(ENVIRONMENTS, parent.environment_id or ""),
        tenant=family.tenant,
        comments=f"Made by the step '{wish.step}' of {parent.id} ({parent.description}).",
        specific_machines=[wish.machine_id] if wish.machine_id else [],
        form_values={name: text for name, text in wish.variables.items() if name.casefold() in prompted},
        use_guided_failure=own.use_guided_failure if own else None,
        force_package_download=bool(own and own.force_package_download),
        origin=Origin(wish.origin, own.id if own else None, wish.variables, secrets),
    )


def _prompted(session: Session, release: Release) -> list[str]:
    ids = [release.project_variable_set_snapshot_id, *release.library_variable_set_snapshot_ids]
    found = session.by_ids(VARIABLE_SETS, ids).values()
    return [variable.name for one in found for variable in one.variables if variable.prompt is not None]


# -- refusals


def _refuse_recursion(session: Session, family: _Family) -> None:
    names = []
    deployment, task = family.deployment, family.parent
    while True:
        names.append(session.get(PROJECTS, task.project_id).name if task.project_id else task.description)
        if task.project_id == family.project.id:
            chain = " deploys ".join([*reversed(names), family.project.name])
            raise TaskError(f"{family.title} is not deployed: {chain}, which would never end.")
        if deployment is None or deployment.parent_deployment_id is None:
            return
        deployment = session.find(DEPLOYMENTS, deployment.parent_deployment_id)
        if deployment is None:
            return
        task = get_task(session, deployment.task_id)


def _refuse_deadlock(session: Session, family: _Family, task: TaskRecord) -> None:
    """Raised in the transaction that made the task, which therefore was never there."""
    if task.concurrency_tag is None:
        return
    holder = holder_that_waits_for(session, family.parent.id, task.concurrency_tag)
    if holder is not None:
        raise TaskError(
            f"{family.title} is not deployed: {holder.id} ({holder.description}) works on the same place and itself"
            " waits for this deployment, so that neither would ever end."
        )


def _reason_to_skip(session: Session, family: _Family, wish: ChildWish) -> str | None:
    if wish.condition == "Always":
        return None
    parent = family.parent
    tenant_id = family.tenant.id if family.tenant else None
    current = current_release(session, family.project.id, parent.environment_id or "", tenant_id)
    if current is None:
        return None
    is_newer = parse_version(family.release.version) > parse_version(current.version)
    if wish.condition == "IfNewer" and is_newer:
        return None
    if wish.condition == "IfNotCurrentVersion" and current.id != family.release.id:
        return None
    place = session.get(ENVIRONMENTS, parent.environment_id or "").name
    what = "the current one" if current.id == family.release.id else f"not newer than {current.version}"
    return f"{family.title} is not deployed: in {place} it is {what}."


# -- the end


def _end_of(session: Session, task_id: str) -> ChildEnd:
    """Read from what the other task has journalled: its results are sealed like those of any."""
    task = get_task(session, task_id)
    frozen = plan_of(session, task_id)
    if frozen is None:
        return ChildEnd(error=task.error_message or "")
    plan = msgspec.convert(frozen, Plan)
    actions = {action.number: action.name for step in plan.steps for action in step.actions}
    outputs = []
    for key, value in results_of(session, task_id).items():
        found = _RESULT.fullmatch(key)
        if found is None or found["number"] not in actions:
            continue
        result = _result(value)
        if result is not None and result.outputs:
            outputs.append((actions[found["number"]], _place(session, plan, found["place"]), result.outputs))
    return ChildEnd(outputs=outputs, error=task.error_message or "")


def _result(value: Any) -> StepResult | None:
    try:
        return msgspec.convert(value, StepResult)
    except msgspec.ValidationError:
        return None


def _place(session: Session, plan: Plan, place: str) -> str:
    """The name of the target; empty for the server."""
    if place in plan.targets:
        return plan.targets[place].name
    machine = session.find(MACHINES, place)
    return machine.name if machine else ""
