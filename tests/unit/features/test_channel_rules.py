"""Which versions, branches and tags a channel takes."""

from __future__ import annotations

import pytest

from polpo.features.channels.gitrules import fits, reference_refusal, resource_refusal
from polpo.features.channels.resource import (
    Channel,
    ChannelGitResourceRule,
    ChannelVersionRule,
    DeploymentActionGitDependency,
    DeploymentActionPackage,
)
from polpo.features.channels.rules import Candidate, ChannelRules


def accepts(version: str, *, range: str = "", tag: str = "", feed: str = "BuiltIn") -> bool:
    package = DeploymentActionPackage(deployment_action="Web")
    rules = ChannelRules([ChannelVersionRule(action_packages=[package], version_range=range, tag=tag)])
    return rules.accepts(Candidate("Web", "", version, feed))


@pytest.mark.parametrize(
    ("tag", "taken", "refused"),
    [
        (r"^$", "1.0", "1.0-beta 1.0+build 1.0-beta+build"),
        (r"^[^\+].*", "1.0-beta 1.0-beta+build", "1.0 1.0+build"),
        (r"^(|\+.*)$", "1.0 1.0+build", "1.0-beta 1.0-beta+build"),
        (r"^beta", "1.0-beta 1.0-beta0003 1.0-beta.2+b", "1.0 1.0-mybeta 1.0+beta"),
        (r"beta", "1.0-beta 1.0-mybeta 1.0+beta", "1.0 1.0-rc"),
        (r"^(?!beta).+", "1.0-feature 1.0-rc", "1.0 1.0-beta 1.0-beta.1"),
        (r"^bugfix-", "1.0-bugfix-syscrash", "1.0 1.0-bugfix"),
    ],
)
def test_tag_rule_is_tried_on_the_pre_release_and_its_metadata(tag: str, taken: str, refused: str) -> None:
    assert [one for one in taken.split() if not accepts(one, tag=tag)] == []
    assert [one for one in refused.split() if accepts(one, tag=tag)] == []


@pytest.mark.parametrize(
    ("range", "feed", "taken", "refused"),
    [
        ("[1.0,2.0)", "BuiltIn", "1.0 1.9.9 2.0.0-beta", "0.9 1.0-rc 2.0"),
        ("1.0", "NuGet", "1.0 7.1", "0.9.9"),
        ("[1.0]", "BuiltIn", "1.0 1.0.0.0", "1.0.1"),
        ("(,2.0]", "BuiltIn", "0.1 2.0", "2.0.1"),
        ("[2.0.0-alpha.1,2.0.0)", "BuiltIn", "2.0.0-alpha.1 2.0.0-beta", "2.0.0 2.0.0-alpha.0"),
        ("[1.0,2.0)", "Maven", "1.0 1.9 2.0-SNAPSHOT", "2.0 1.0-rc1"),
        ("(,1.0],[1.4,)", "Maven", "0.9 1.0 1.4", "1.2"),
    ],
)
def test_range_is_nugets_or_mavens(range: str, feed: str, taken: str, refused: str) -> None:
    assert [one for one in taken.split() if not accepts(one, range=range, feed=feed)] == []
    assert [one for one in refused.split() if accepts(one, range=range, feed=feed)] == []


def test_range_and_tag_both_have_to_fit_and_other_steps_may_have_anything() -> None:
    assert not accepts("2.0.0-beta", range="[1.0,2.0)", tag="^$")
    package = DeploymentActionPackage(deployment_action="Web")
    rules = ChannelRules([ChannelVersionRule(action_packages=[package], version_range="[1.0]")])
    assert rules.accepts(Candidate("Api", "", "9.9-anything"))


@pytest.mark.parametrize(
    ("pattern", "taken", "refused"),
    [
        ("main", "refs/heads/main refs/tags/main main", "refs/heads/main2 refs/heads/a/main"),
        ("refs/heads/main", "refs/heads/main main", "refs/tags/main"),
        ("release/*", "refs/heads/release/1.x release/2", "refs/heads/release refs/heads/release/1/hot"),
        ("release/**", "refs/heads/release/1.x refs/heads/release/1/hot", "refs/heads/main"),
        ("refs/tags/v*", "refs/tags/v1.0", "refs/heads/v1.0"),
        ("v[0-9]*", "refs/tags/v1", "refs/tags/vx"),
    ],
)
def test_git_rule_is_a_pattern_of_the_reference_or_its_short_name(pattern: str, taken: str, refused: str) -> None:
    assert [one for one in taken.split() if not fits([pattern], one)] == []
    assert [one for one in refused.split() if fits([pattern], one)] == []


def test_release_from_elsewhere_is_refused_with_what_would_do() -> None:
    channel = Channel(name="Stable", git_reference_rules=["main", "release/*"])
    assert reference_refusal(channel, "refs/heads/release/1") is None
    assert reference_refusal(Channel(name="Any"), None) is None
    assert reference_refusal(channel, "refs/heads/try") == (
        "A release from 'refs/heads/try' is not allowed in the channel 'Stable', which takes 'main' or 'release/*';"
        " choose another branch or tag, or another channel."
    )
    assert "a commit without a branch" in (reference_refusal(channel, None) or "")


def test_repository_of_a_step_has_to_fit_every_rule_that_names_it() -> None:
    named = [DeploymentActionGitDependency(deployment_action_slug="web", git_dependency_name="")]
    rules = [ChannelGitResourceRule(git_dependency_actions=named, rules=["main", "v*"])]
    channel = Channel(name="Stable", git_resource_rules=rules)
    assert resource_refusal(channel, "web", "", "Step 'Web'", "refs/tags/v1") is None
    assert resource_refusal(channel, "other", "", "Step 'Other'", "try") is None
    assert resource_refusal(channel, "web", "", "Step 'Web'", "try") == (
        "Step 'Web': 'try' is not allowed in the channel 'Stable', which takes 'main' or 'v*'."
    )
