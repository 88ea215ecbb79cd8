"""Which repositories the steps of a plan take files from, at what was chosen when they were frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from polpo.features.deployments.plan import Plan
from polpo.features.deployments.subject import Subject
from polpo.features.processes.resource import DeploymentAction, GitDependency
from polpo.features.processes.service import actions_of
from polpo.features.releases.resource import SnapshotGitReference
from polpo.steps.work import GitSource

_SOURCE = "Octopus.Action.GitRepository.Source"

#: Fills in the variables of a text, as they are for the action with an id.
Evaluate = Callable[[str, str], str]


def add_sources(plan: Plan, subject: Subject, evaluate: Evaluate) -> None:
    actions = {action.id: action for action in actions_of(subject.process.steps)}
    for step in plan.steps:
        for planned in step.acting:
            planned.sources = list(_sources(actions[planned.id], subject, evaluate))


def _sources(action: DeploymentAction, subject: Subject, evaluate: Evaluate) -> Iterator[GitSource]:
    if action.properties.get(_SOURCE) == "Project":
        own = subject.own_reference or SnapshotGitReference()
        yield GitSource(
            name="",
            space_id=subject.project.space_id,
            project_id=subject.project.id,
            ref=own.git_ref or subject.project.persistence_settings.default_branch or "",
            commit=own.git_commit or "",
        )
        return
    for dependency in action.git_dependencies:
        chosen = _chosen(action, dependency, subject)
        yield GitSource(
            name=dependency.name,
            space_id=subject.project.space_id,
            url=evaluate(dependency.repository_uri, action.id),
            ref=evaluate(chosen.git_ref or dependency.default_branch, action.id),
            commit=chosen.git_commit or "",
            credential_id=dependency.git_credential_id or "",
            filters=dependency.file_path_filters,
        )


def _chosen(action: DeploymentAction, dependency: GitDependency, subject: Subject) -> SnapshotGitReference:
    for one in subject.selected_git_resources:
        name = one.git_resource_reference_name or ""
        if (one.action_name.casefold(), name.casefold()) == (action.name.casefold(), dependency.name.casefold()):
            return one.git_reference_resource or SnapshotGitReference()
    return SnapshotGitReference()
