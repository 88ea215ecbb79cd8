"""Git rules of a channel: from which branches and tags its releases, and the files of their steps, may come.

A rule is a list of patterns; one that fits is enough, and an empty list takes anything. A pattern is tried on the whole
reference (`refs/heads/release/1.x`) and on its short name (`release/1.x`); `*` stops at a slash, `**` does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from polpo.features.channels.resource import Channel, ChannelGitResourceRule
from polpo.languages.globbing import matches

_PREFIXES = ("refs/heads/", "refs/tags/")


def fits(patterns: Sequence[str], git_ref: str) -> bool:
    """Whether the reference is one that the patterns allow."""
    return not patterns or any(matches(one.strip(), name) for one in patterns for name in _names(git_ref))


def _names(git_ref: str) -> Iterator[str]:
    yield git_ref
    for prefix in _PREFIXES:
        if git_ref.startswith(prefix):
            yield git_ref.removeprefix(prefix)
        elif "/" not in git_ref or not git_ref.startswith("refs/"):
            yield prefix + git_ref


def reference_refusal(channel: Channel, git_ref: str | None) -> str | None:
    """What stands against a release from the reference; None when nothing does. A bare commit is on no branch."""
    if not channel.git_reference_rules or (git_ref and fits(channel.git_reference_rules, git_ref)):
        return None
    what = f"'{git_ref}'" if git_ref else "a commit without a branch or tag"
    return (
        f"A release from {what} is not allowed in the channel '{channel.name}', which takes"
        f" {_listed(channel.git_reference_rules)}; choose another branch or tag, or another channel."
    )


def resource_refusal(channel: Channel, action_slug: str, name: str, title: str, git_ref: str | None) -> str | None:
    """What stands against the reference of a step's repository. Every rule that names the repository has to fit."""
    for rule in _naming(channel.git_resource_rules, action_slug, name):
        if rule.rules and not (git_ref and fits(rule.rules, git_ref)):
            return (
                f"{title}: '{git_ref or '(no reference)'}' is not allowed in the channel '{channel.name}', which takes"
                f" {_listed(rule.rules)}."
            )
    return None


def _naming(rules: Iterable[ChannelGitResourceRule], action_slug: str, name: str) -> Iterator[ChannelGitResourceRule]:
    wanted = (action_slug.casefold(), name.casefold())
    for rule in rules:
        named = {
            (one.deployment_action_slug.casefold(), one.git_dependency_name.casefold())
            for one in rule.git_dependency_actions
        }
        if wanted in named:
            yield rule


def _listed(patterns: Sequence[str]) -> str:
    return " or ".join(f"'{one}'" for one in patterns)


def git_rule_faults(channel: Channel) -> list[str]:
    """What is wrong with the Git rules of a channel that is to be saved, one sentence each."""
    faults = []
    if any(not one.strip() for one in channel.git_reference_rules):
        faults.append("GitReferenceRules has an empty pattern; write the branches or tags that are allowed.")
    for number, rule in enumerate(channel.git_resource_rules, start=1):
        if not rule.git_dependency_actions:
            faults.append(f"Git resource rule {number} names no step; choose the steps whose repositories it is for.")
        if any(not one.strip() for one in rule.rules):
            faults.append(f"Git resource rule {number} has an empty pattern; write what is allowed.")
    return faults
