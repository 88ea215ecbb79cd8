"""The task of a script that is run once: a plan of a single step, walked like that of a deployment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from polpo.engine import TaskRecord
from polpo.features.adhocscripts.choosing import machines_for
from polpo.features.adhocscripts.wanted import SCRIPT, Wanted, opened, properties_of, template_of
from polpo.features.configuration.sections import FEATURES, SERVER
from polpo.features.configuration.service import read_section
from polpo.features.deployments.facts import add_variables, planned_target
from polpo.features.deployments.plan import Plan, PlannedAction, PlannedStep
from polpo.features.deployments.pooling import pools_in
from polpo.features.deployments.running import PlanTask, Regarding
from polpo.features.deployments.situation import Candidate, Situation
from polpo.features.deployments.staffing import Staffing, planned_pools
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.machinepolicies.resource import MACHINE_POLICIES
from polpo.features.machines.resource import Machine
from polpo.features.spaces.resource import SPACES
from polpo.features.tasks.adhoc import SEALED
from polpo.features.tasks.guarding import places_of
from polpo.kernel.errors import Invalid, TaskError
from polpo.rest.binding import convert
from polpo.steps.work import Catalogue
from polpo.store.documents import PropertyValue
from polpo.store.session import Session

_BYPASS_MUTEX = "OctopusBypassDeploymentMutex"


class ScriptTask(PlanTask):
    """The run function of such scripts."""

    def regarding(self, session: Session, task: TaskRecord) -> Regarding:
        return Regarding(task.space_id or "", ())

    def plan(self, session: Session, task: TaskRecord, catalogue: Catalogue) -> Plan:
        del catalogue  # what it lacks was refused before
        space_id = task.space_id or ""
        wanted = convert(Wanted, {key: value for key, value in task.arguments.items() if key != SEALED})
        try:
            template = template_of(session, space_id, wanted)
            machines = _permitted(session, task, machines_for(session, space_id, wanted))
        except Invalid as error:
            raise TaskError(error.message, error.errors) from error
        policies = session.by_ids(MACHINE_POLICIES, {one.machine_policy_id for one in machines})
        targets = {one.id: planned_target(one, policies.get(one.machine_policy_id)) for one in machines}
        add_variables(session, targets.values())
        secrets = _secrets(session, task.arguments.get(SEALED))
        properties = {**_texts(session, properties_of(template, wanted)), **secrets}
        action = PlannedAction(
            id="script",
            name=template.name if template else "Run the script",
            number="1",
            type=template.action_type if template else SCRIPT,
            properties=properties,
            secret_properties=sorted({*secrets, *_sensitive(properties_of(template, wanted))}),
            on_server=wanted.aim == "OctopusServer",
            targets=list(targets),
        )
        step = PlannedStep(id="script", name=action.name, number=1, condition="Success", actions=[action])
        fixed = dict(_facts(session, space_id, task, wanted))
        return _staffed(session, space_id, Plan(steps=[step], targets=targets, fixed=fixed), action)


def _permitted(session: Session, task: TaskRecord, machines: Sequence[Machine]) -> Sequence[Machine]:
    """Who asked was asked for the right to the machines that there were then: one that has come since is none of them.

    None at all is the server itself.
    """
    known = places_of(session, task.id)
    left = [machine for machine in machines if machine.id in known]
    if machines and not left:
        raise TaskError("None of the machines on which the script was to run fits what was asked for any more.")
    return left


def _staffed(session: Session, space_id: str, plan: Plan, action: PlannedAction) -> Plan:
    """What targets do not run themselves, workers do. The server's own script is no worker's."""
    situation = Situation(
        environment_id="",
        environment_name="",
        candidates=[Candidate(target) for target in plan.targets.values()],
        pools=pools_in(session, space_id),
        built_in_worker=read_section(session, FEATURES).is_built_in_worker_enabled,
    )
    staffing = Staffing(situation)
    if not action.on_server:
        staffing.settle(action)
    plan.pools = planned_pools(situation)
    plan.problems, plan.warnings = staffing.problems, staffing.warnings
    return plan


def _texts(session: Session, properties: Mapping[str, PropertyValue]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else session.reveal(value) or "" for name, value in properties.items()
    }


def _sensitive(properties: Mapping[str, PropertyValue]) -> Sequence[str]:
    return [name for name, value in properties.items() if not isinstance(value, str)]


def _secrets(session: Session, sealed: object) -> dict[str, str]:
    return opened(session, str(sealed)) if sealed else {}


def _facts(session: Session, space_id: str, task: TaskRecord, wanted: Wanted) -> Iterator[tuple[str, str]]:
    space, address = session.find(SPACES, space_id), read_section(session, SERVER).server_uri
    yield "Octopus.Space.Id", space_id
    yield "Octopus.Space.Name", space.name if space else ""
    yield "Octopus.Task.Id", task.id
    yield "Octopus.Task.Name", task.description
    yield "Octopus.Web.ServerUri", address or ""
    yield "Octopus.Web.BaseUrl", address or ""
    if len(wanted.environment_ids or ()) == 1:
        environment = session.get(ENVIRONMENTS, (wanted.environment_ids or [""])[0])
        yield "Octopus.Environment.Id", environment.id
        yield "Octopus.Environment.Name", environment.name
    if wanted.aim in {"Workers", "WorkerPools"}:
        yield _BYPASS_MUTEX, "True"  # workers take any number of scripts
