"""From the database into Git: the parts of a project become files, and the project says where they are.

The files are pushed first and the project changed then: where the second fails, the repository has files that nobody
reads yet, and the conversion can be repeated.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from polpo.features.git import texts
from polpo.features.git.documents import checked_base_path, path_of
from polpo.features.git.mirrors import BRANCHES, Mirror
from polpo.features.git.references import ProjectReferences
from polpo.features.git.resource import ConvertProjectToGitCommand, VersionControlCompatibilityResponse
from polpo.features.git.service import GitProject
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, DeploymentProcess, DeploymentStep
from polpo.features.processes.service import actions_of, process_of
from polpo.features.projects.resource import (
    PROJECTS,
    ConversionState,
    PersistenceSettings,
    Project,
    ProjectGitCredential,
)
from polpo.features.projects.service import find_project, require_credential, settings_of
from polpo.features.runbooks.processes import process_of_runbook
from polpo.features.runbooks.resource import RUNBOOKS
from polpo.features.variables.resource import VARIABLE_SETS, Variable, VariableSet
from polpo.features.variables.service import variables_of
from polpo.kernel.errors import Conflict, Invalid
from polpo.languages.ocl.projects.files import (
    DEPLOYMENT_PROCESS_FILE,
    DEPLOYMENT_SETTINGS_FILE,
    SCHEMA_VERSION_FILE,
    VARIABLES_FILE,
    runbook_file,
)
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.store.documents import SensitiveValue, secrets_of
from polpo.store.session import Session

_DEFAULT_BRANCH = "main"
_MESSAGE = "Initial commit of deployment process"


@dataclass(frozen=True)
class Parts:
    """What a project has in the database now."""

    project: Project
    process: DeploymentProcess
    variables: VariableSet
    files: dict[str, bytes]

    @property
    def is_blank(self) -> bool:
        return not self.process.steps and not any(not one.is_sensitive for one in self.variables.variables)


def wanted_settings(call: Call, command: ConvertProjectToGitCommand) -> PersistenceSettings:
    """What the project will say about its repository; the password is sealed."""
    given = command.version_control_settings
    credentials = given.credentials or ProjectGitCredential()
    password = credentials.password
    if credentials.type == "UsernamePassword" and password is not None and password.new_value is not None:
        sealed = call.session.vault.encrypt(password.new_value)
        credentials.password = SensitiveValue(has_value=True, new_value=sealed, hint=password.hint)
    wanted = PersistenceSettings(
        type="VersionControlled",
        url=(given.url or "").strip(),
        default_branch=_branch(given.default_branch or "") or _DEFAULT_BRANCH,
        base_path=checked_base_path(given.base_path),
        credentials=credentials,
        protected_default_branch=bool(given.protected_default_branch),
        protected_branch_name_patterns=given.protected_branch_name_patterns or [],
        conversion_state=ConversionState(variables_are_in_git=True, runbooks_are_in_git=True),
    )
    require_credential(call, PersistenceSettings(), wanted)
    return wanted


def _branch(name: str) -> str:
    return name.strip().removeprefix(BRANCHES)


def parts_of(session: Session, project: Project) -> Parts:
    """Invalid, with a sentence for each fault, when a file cannot say what the project has."""
    process, variables = process_of(session, project.id), variables_of(session, project.id)
    references = ProjectReferences(session, project.space_id, project.id, process.steps)
    of_all = ProjectReferences(session, project.space_id, project.id, _all_steps(session, project, process))
    files = {
        SCHEMA_VERSION_FILE: texts.schema_text(),
        DEPLOYMENT_PROCESS_FILE: texts.process_text(process.steps, references),
        DEPLOYMENT_SETTINGS_FILE: texts.settings_text(settings_of(project), references),
        VARIABLES_FILE: texts.variables_text(variables.variables, of_all),
        **_runbook_files(session, project),
    }
    return Parts(project, process, variables, files)


def _all_steps(session: Session, project: Project, process: DeploymentProcess) -> list[DeploymentStep]:
    """Also those of runbooks: values may be scoped to any of them."""
    runbooks = session.all(RUNBOOKS, RUNBOOKS.table.c.project_id == project.id)
    return [*process.steps, *(step for one in runbooks for step in process_of_runbook(session, one).steps)]


def _runbook_files(session: Session, project: Project) -> dict[str, bytes]:
    files = {}
    for runbook in session.all(RUNBOOKS, RUNBOOKS.table.c.project_id == project.id):
        steps = process_of_runbook(session, runbook).steps
        references = ProjectReferences(session, project.space_id, project.id, steps)
        files[runbook_file(runbook.slug)] = texts.runbook_text(runbook, steps, references)
    return files


def initial_commit(mirror: Mirror, opened: GitProject, parts: Parts, command: ConvertProjectToGitCommand) -> list[str]:
    """Writes and pushes the files; what is worth telling about it.

    A folder that has a project's files already is taken as it is by a project that has nothing to lose.
    """
    settings = opened.settings
    default = BRANCHES + (settings.default_branch or "")
    branch = BRANCHES + (_branch(command.initial_commit_branch_name or "") or settings.default_branch or "")
    base = mirror.find(branch) or mirror.find(default)
    if base is None and not mirror.is_empty():
        sentence = (
            f"The Git repository has no branch '{settings.default_branch}'; name one that is there as DefaultBranch."
        )
        raise Invalid(sentence, [sentence])
    folder = settings.base_path or ""
    if base is not None and mirror.read(base.commit, path_of(settings, DEPLOYMENT_PROCESS_FILE)) is not None:
        if parts.is_blank:
            return [f"The files of a project that are in the folder {folder} already are used."]
        sentence = f"The folder {folder} of the Git repository holds the files of a project; choose another BasePath."
        raise Invalid(sentence, [sentence])
    changes: dict[str, bytes | None] = {path_of(settings, name): text for name, text in parts.files.items()}
    parent = base.commit if base else None
    mirror.push(mirror.commit(parent, changes, command.commit_message or _MESSAGE, opened.author), branch)
    return []


def settle(call: Call, parts: Parts, settings: PersistenceSettings) -> Project:
    """The project is in Git from now on; secrets stay in the database, scoped by what steps are called in files."""
    session = call.session
    project = find_project(session, call.space, parts.project.id)
    process, variables = process_of(session, project.id), variables_of(session, project.id)
    if (process.version, variables.version) != (parts.process.version, parts.variables.version):
        raise Conflict("The project was changed while it was converted. Convert it again.")
    steps = _all_steps(session, project, process)
    variables.variables = [_renamed(one, steps) for one in variables.variables if one.is_sensitive]
    process.steps = []
    project.is_version_controlled, project.persistence_settings = True, settings
    for document in (process, variables, project):
        stamp(call, document)
    process.version += 1
    variables.version += 1
    session.update(DEPLOYMENT_PROCESSES, process)
    session.update(VARIABLE_SETS, variables)
    return session.update(PROJECTS, project)


def _renamed(variable: Variable, steps: list[DeploymentStep]) -> Variable:
    slugs = {action.id: action.slug for action in actions_of(steps)}
    slugs |= {step.id: step.slug for step in steps}
    actions = [slugs.get(action, action) for action in variable.scope.action]
    return msgspec.structs.replace(variable, scope=msgspec.structs.replace(variable.scope, action=actions))


def compatibility(session: Session, project: Project) -> VersionControlCompatibilityResponse:
    """What a conversion would say, without doing it."""
    report = VersionControlCompatibilityResponse()
    try:
        parts_of(session, project)
    except Invalid as error:
        report.errors = error.errors or [error.message]
    count = sum(1 for _ in secrets_of(variables_of(session, project.id)))
    if count:
        report.notices.append(f"{count} sensitive variables stay in the database.")
    return report
