"""Which branch, tag or commit each step of a release takes its files from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from polpo.features.channels.gitrules import resource_refusal
from polpo.features.channels.resource import Channel
from polpo.features.processes.resource import (
    DeploymentAction,
    DeploymentProcess,
    DeploymentStep,
    GitDependency,
    GitReferenceChosen,
    ReleaseTemplateGit,
)
from polpo.features.releases.resource import SelectedGitResource, SnapshotGitReference
from polpo.kernel.errors import Invalid


@dataclass(frozen=True)
class _Needed:
    step: DeploymentStep
    action: DeploymentAction
    dependency: GitDependency

    def is_called(self, name: str, reference: str) -> bool:
        names = {self.step.name.casefold(), self.action.name.casefold()}
        return name.casefold() in names and reference.casefold() == self.dependency.name.casefold()


def _needed(process: DeploymentProcess, channel_id: str) -> Iterator[_Needed]:
    for step in process.steps:
        for action in step.actions:
            if not action.is_disabled and (not action.channels or channel_id in action.channels):
                yield from (_Needed(step, action, one) for one in action.git_dependencies)


def parse_git_choice(text: str) -> SelectedGitResource:
    """`Step:ref`, and `Step:Name:ref` where a step has several repositories."""
    parts = [part.strip() for part in text.split(":", 2)]
    if len(parts) == 2:
        parts.insert(1, "")
    if len(parts) != 3 or not parts[0] or not parts[2]:
        raise Invalid(f"The Git resource '{text}' cannot be read; write Step:Reference or Step:Name:Reference.")
    return SelectedGitResource(
        action_name=parts[0],
        git_resource_reference_name=parts[1],
        git_reference_resource=SnapshotGitReference(git_ref=parts[2]),
    )


def template_git_resources(
    process: DeploymentProcess, channel_id: str, before: Sequence[SelectedGitResource]
) -> list[ReleaseTemplateGit]:
    """What a form for a new release asks for; `before` is what an earlier release took."""
    return [_shown(one, before) for one in _needed(process, channel_id)]


def _shown(needed: _Needed, before: Sequence[SelectedGitResource]) -> ReleaseTemplateGit:
    dependency = needed.dependency
    mine = [one for one in before if needed.is_called(one.action_name, one.git_resource_reference_name or "")]
    last = mine[-1].git_reference_resource if mine else None
    return ReleaseTemplateGit(
        action_name=needed.action.name,
        name=dependency.name,
        repository_uri=dependency.repository_uri,
        default_branch=dependency.default_branch,
        file_path_filters=dependency.file_path_filters,
        is_resolvable="#{" not in dependency.repository_uri,
        git_credential_id=dependency.git_credential_id,
        git_hub_connection_id=dependency.git_hub_connection_id,
        git_resource_selected_last_release=GitReferenceChosen(last.git_ref, last.git_commit) if last else None,
    )


def selected_git_resources(
    process: DeploymentProcess, channel: Channel, chosen: Sequence[SelectedGitResource], *, ignore_rules: bool
) -> list[SelectedGitResource]:
    """One row for each repository that a step uses: what was chosen, else its default branch.

    Invalid for what the rules of the channel do not allow.
    """
    needed = list(_needed(process, channel.id))
    _refuse_unknown(needed, chosen)
    rows = [_row(one, chosen) for one in needed]
    faults = [] if ignore_rules else list(_refusals(channel, needed, rows))
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The release cannot be made.", faults)
    return rows


def _refusals(channel: Channel, needed: Sequence[_Needed], rows: Sequence[SelectedGitResource]) -> Iterator[str]:
    for one, row in zip(needed, rows, strict=True):
        git_ref = row.git_reference_resource.git_ref if row.git_reference_resource else None
        slug, name, title = one.action.slug or one.action.name, one.dependency.name, f"Step '{one.step.name}'"
        if refusal := resource_refusal(channel, slug, name, title, git_ref):
            yield refusal


def _row(needed: _Needed, chosen: Iterable[SelectedGitResource]) -> SelectedGitResource:
    mine = [one for one in chosen if needed.is_called(one.action_name, one.git_resource_reference_name or "")]
    given = mine[-1].git_reference_resource if mine else None
    return SelectedGitResource(
        action_name=needed.action.name,
        git_resource_reference_name=needed.dependency.name,
        git_reference_resource=given or SnapshotGitReference(git_ref=needed.dependency.default_branch),
    )


def _refuse_unknown(needed: Sequence[_Needed], chosen: Iterable[SelectedGitResource]) -> None:
    faults = [
        f"A Git reference is given for '{one.action_name}', but no step with a Git repository is called so."
        for one in chosen
        if not any(has.is_called(one.action_name, one.git_resource_reference_name or "") for has in needed)
    ]
    if faults:
        raise Invalid(faults[0], faults)
