"""What the Git routes take and give besides the documents that lie in files."""

from __future__ import annotations

import msgspec

from polpo.features.processes.resource import DeploymentProcess
from polpo.features.projects.resource import DeploymentSettings, PersistenceSettings
from polpo.features.runbooks.resource import Runbook, RunbookProcess
from polpo.features.variables.resource import VariableSet
from polpo.rest.links import register
from polpo.store.documents import Document, Resource


class GitReferenceResource(Document):
    """`name` is what people write, `canonical_name` the full name. `last_modified_*` are those of the commit."""

    name: str = ""
    canonical_name: str = ""


class GitBranch(GitReferenceResource):
    is_protected: bool = False


class GitTag(GitReferenceResource):
    pass


class GitCommit(GitReferenceResource):
    """The name is the hash."""


class ConvertProjectToGitCommand(Resource):
    commit_message: str = ""
    initial_commit_branch_name: str | None = None
    version_control_settings: PersistenceSettings = msgspec.field(default_factory=PersistenceSettings)


class ConvertProjectToGitResponse(Resource):
    messages: list[str] = []


class CreateGitBranchRequest(Resource):
    base_git_ref: str = ""
    new_branch_name: str = ""


class VersionControlCompatibilityResponse(Resource):
    """What would be lost or refused if the project were converted now."""

    errors: list[str] = []
    warnings: list[str] = []
    notices: list[str] = []


class ModifyDeploymentProcessCommand(DeploymentProcess):
    """`change_description` becomes the message of the commit."""

    change_description: str | None = None


class ModifyDeploymentSettingsCommand(DeploymentSettings):
    change_description: str | None = None


class ModifyVariableSetCommand(VariableSet):
    change_description: str | None = None


class ModifyRunbookCommand(Runbook):
    change_description: str | None = None


class ModifyRunbookProcessCommand(RunbookProcess):
    change_description: str | None = None


class CommitCommand(Resource):
    change_description: str | None = None


for _kind in (GitBranch, GitTag, GitCommit):
    register(_kind, {})
