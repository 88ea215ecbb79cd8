"""Project groups and projects, each with a process, variables and the default channel."""

from __future__ import annotations

from dataclasses import dataclass

from polpo.features.channels.resource import CHANNELS
from polpo.features.lifecycles.resource import LIFECYCLES
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, DeploymentAction, DeploymentStep, process_id_of
from polpo.features.processes.service import freeze_process, process_of
from polpo.features.projectgroups.resource import PROJECT_GROUPS, ProjectGroup
from polpo.features.projects.resource import (
    DEFAULT_VERSION_TEMPLATE,
    PROJECTS,
    DeploymentConnectivityPolicy,
    Project,
    VersioningStrategy,
)
from polpo.features.projects.service import equip_project
from polpo.features.variables.resource import VARIABLE_SETS, Variable, VariableScope, variable_set_id_of
from polpo.features.variables.service import freeze_variables, variables_of
from polpo.rest.collection import slugify
from polpo.server.generation.making import NOUNS, WORDS, Making, stamped
from polpo.store.session import Session

_A_GROUP = 20
_STEPS = ("Stop the service", "Install the package", "Start the service", "Check its health")


@dataclass(frozen=True)
class Made:
    """A project, as far as its releases need it."""

    project_id: str
    name: str
    channel_id: str
    process_snapshot_id: str
    variables_snapshot_id: str


def make_projects(making: Making, environments: list[str]) -> list[Made]:
    groups = _make_groups(making)
    with making.database.read() as session:
        lifecycle = session.all(LIFECYCLES, take=1)[0].id
    made: list[Made] = []

    def store(session: Session, number: int) -> None:
        project = _project(session, making, number, groups[number // _A_GROUP], lifecycle)
        equip_project(session, session.insert(PROJECTS, project))
        made.append(_equipped(session, project, environments))

    making.in_batches(range(making.amounts.projects), store)
    return made


def _make_groups(making: Making) -> list[str]:
    made: list[str] = []

    def store(session: Session, number: int) -> None:
        name = f"Team {number + 1:03}"
        group = ProjectGroup(space_id=making.space_id, name=name, slug=slugify(name))
        made.append(session.insert(PROJECT_GROUPS, stamped(group, making.moment(0))).id)

    making.in_batches(range(making.amounts.projects // _A_GROUP + 1), store)
    return made


def _project(session: Session, making: Making, number: int, group: str, lifecycle: str) -> Project:
    name = f"{making.random.choice(WORDS)} {making.random.choice(NOUNS)} {number + 1:04}"
    identity, _ = session.new_id(PROJECTS.name)
    project = Project(
        id=identity,
        space_id=making.space_id,
        name=name,
        slug=slugify(name),
        description=f"Made up, number {number + 1}.",
        project_group_id=group,
        lifecycle_id=lifecycle,
        deployment_process_id=process_id_of(identity),
        variable_set_id=variable_set_id_of(identity),
        versioning_strategy=VersioningStrategy(template=DEFAULT_VERSION_TEMPLATE),
        project_connectivity_policy=DeploymentConnectivityPolicy(),
    )
    made: Project = stamped(project, making.moment(making.random.random() / 2))
    return made


def _equipped(session: Session, project: Project, environments: list[str]) -> Made:
    process, variables = process_of(session, project.id), variables_of(session, project.id)
    process.steps = [_step(number, name) for number, name in enumerate(_STEPS)]
    process.version = 1
    variables.variables = _variables(project, environments)
    variables.version = 1
    session.update(DEPLOYMENT_PROCESSES, process)
    session.update(VARIABLE_SETS, variables)
    table = CHANNELS.table
    channel = session.all(CHANNELS, table.c.project_id == project.id, take=1)[0]
    return Made(
        project.id, project.name, channel.id, freeze_process(session, process), freeze_variables(session, variables)
    )


def _step(number: int, name: str) -> DeploymentStep:
    script = {"Octopus.Action.Script.Syntax": "Bash", "Octopus.Action.Script.ScriptBody": f"echo {name}"}
    action = DeploymentAction(
        id=f"a{number}", name=name, slug=slugify(name), action_type="Octopus.Script", properties=dict(script)
    )
    targets = {"Octopus.Action.TargetRoles": "web"}
    return DeploymentStep(id=f"s{number}", name=name, slug=slugify(name), actions=[action], properties=dict(targets))


def _variables(project: Project, environments: list[str]) -> list[Variable]:
    plain = [Variable(id=f"{project.id}-{n}", name=f"Setting{n}", value=f"value {n}") for n in range(10)]
    scoped = [
        Variable(
            id=f"{project.id}-{one}", name="Address", value=f"{one}.example", scope=VariableScope(environment=[one])
        )
        for one in environments
    ]
    return plain + scoped
