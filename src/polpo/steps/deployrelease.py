"""The step that deploys a release of another project, and waits for its end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import msgspec

from polpo.engine import TaskState
from polpo.kernel.errors import TaskError
from polpo.steps.console import OutputValue
from polpo.steps.properties import Properties
from polpo.steps.services import Child, ChildEnd, ChildWish, DeploymentCondition, Releases
from polpo.steps.work import StepKind, StepResult, Work, not_served

DEPLOY_RELEASE = "Octopus.DeployRelease"
_PREFIX = "Octopus.Action.DeployRelease."
PROJECT_ID = f"{_PREFIX}ProjectId"
_CONDITIONS: tuple[DeploymentCondition, ...] = ("Always", "IfNotCurrentVersion", "IfNewer")


async def perform_release(releases: Releases, work: Work) -> StepResult:
    """Starts the other deployment once and gives up the place until that has ended.

    What the other one left behind are outputs of this step; when it failed, this step does, and like any step that
    fails it has none. A cancel of this one leaves the other alone.
    """
    name, node = f"release/{work.key}", work.node
    raw = await work.run.activity(name, releases.deploy, _wish(work), attempt=work.attempt)
    child = msgspec.convert(raw, Child)
    if child.skipped:
        work.run.log.once(f"{name}/{work.attempt}/skipped", node, "Info", child.skipped)
        return StepResult()
    text = f"Waits for {child.task_id} ({child.title}), which goes on also when this one is cancelled."
    work.run.log.once(f"{name}/{work.attempt}/waits", node, "Wait", text)
    state = await work.run.wait_for_task(child.task_id)
    if state is None:
        raise TaskError(f"{child.task_id} ({child.title}) was deleted before it had ended.")
    kept = await work.run.activity(
        f"{name}/end", releases.end_of, child.task_id, attempt=work.attempt, sensitive=True, pure=True
    )
    end = msgspec.convert(kept, ChildEnd)
    if state is not TaskState.SUCCESS:
        raise TaskError(_failure(child, state, end))
    work.run.log.once(f"{name}/{work.attempt}/done", node, "Info", f"{child.title} ({child.task_id}) has succeeded.")
    return StepResult(outputs=dict(_outputs(end)))


def _wish(work: Work) -> ChildWish:
    properties = Properties(work)
    package = work.primary_package
    project = properties.text(PROJECT_ID) or (package.package_id if package else "")
    version = package.version if package else properties.text(f"{_PREFIX}ReleaseVersion").strip()
    if not project or not version:
        what = "project" if not project else f"release of {project}"
        raise TaskError(f"Step '{work.action_name}' does not say which {what} is to be deployed.")
    variables = _variables(work, properties)
    return ChildWish(
        parent_task_id=work.run.task.id,
        origin=f"{work.run.task.id}/{work.key}/{work.attempt}",
        step=work.action_name,
        project=project,
        version=version,
        condition=properties.choice(f"{_PREFIX}DeploymentCondition", _CONDITIONS),
        variables=variables,
        secrets=[name for name, text in variables.items() if work.run.masker.mask(text) != text],
        machine_id=work.values.get("Octopus.Machine.Id"),
    )


def _variables(work: Work, properties: Properties) -> dict[str, str]:
    """A JSON object, or lines of the form `name=value`; each value is evaluated by itself."""
    written = (work.properties.get(f"{_PREFIX}Variables") or "").strip()
    try:
        pairs = _read(written)
    except ValueError as error:
        raise TaskError(
            f"Step '{work.action_name}' passes variables on that cannot be read; they are a JSON object of texts, or"
            f" lines of the form name=value: {error}"
        ) from error
    return {name: properties.evaluate(f"the variable {name}", value) for name, value in pairs.items()}


def _read(written: str) -> dict[str, str]:
    if written.startswith("{") and not written.startswith("#{"):
        found = json.loads(written)
        return {str(name): value if isinstance(value, str) else json.dumps(value) for name, value in found.items()}
    pairs = {}
    for line in filter(None, map(str.strip, written.splitlines())):
        name, equals, value = line.partition("=")
        if not equals or not name.strip():
            raise ValueError(f"'{line}'")
        pairs[name.strip()] = value.strip()
    return pairs


def _failure(child: Child, state: TaskState, end: ChildEnd) -> str:
    ended = {TaskState.CANCELED: "was cancelled", TaskState.TIMED_OUT: "was not started in time"}
    why = f": {end.error}" if end.error else "."
    return f"{child.title} ({child.task_id}) {ended.get(state, 'failed')}{why}"


def _outputs(end: ChildEnd) -> Iterator[tuple[str, OutputValue]]:
    """By short names, where among several targets the last by name wins, then by exact ones."""
    for action, _, outputs in sorted(end.outputs, key=lambda one: one[:2]):
        for name, output in outputs.items():
            yield f"Deployment[{action}].{name}", output
    for action, target, outputs in end.outputs:
        for name, output in outputs.items():
            if target:
                yield f"Deployment[{action}][{target}].{name}", output


def release_faults(properties: Mapping[str, str]) -> Iterator[str]:
    if not properties.get(PROJECT_ID, "").strip():
        yield f"does not say which project is to be deployed; {PROJECT_ID} is missing."


RELEASE = StepKind(
    type=DEPLOY_RELEASE,
    name="Deploy a release",
    description="Deploys a release of another project and waits for its end.",
    place="server",
    perform=not_served,
    can_retry=False,
    faults=release_faults,
)
