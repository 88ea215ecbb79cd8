"""Package versions as people type them for a new release."""

from __future__ import annotations

import pytest

from polpo.features.processes.resource import (
    DeploymentAction,
    DeploymentProcess,
    DeploymentStep,
    PackageReference,
)
from polpo.features.releases.packages import (
    NeededPackage,
    VersionChoice,
    choose,
    needed_packages,
    parse_choice,
    selected,
)
from polpo.features.releases.resource import SelectedPackage
from polpo.kernel.errors import Invalid


def action(
    name: str, *packages: tuple[str, str], channels: tuple[str, ...] = (), disabled: bool = False
) -> DeploymentStep:
    references = [PackageReference(name=reference, package_id=package) for reference, package in packages]
    one = DeploymentAction(
        name=name, slug=name.lower(), packages=references, channels=list(channels), is_disabled=disabled
    )
    return DeploymentStep(name=name, actions=[one])


PROCESS = DeploymentProcess(
    steps=[
        action("Web", ("", "Acme.Web"), ("tools", "Acme.Tools")),
        action("Api", ("", "Acme.Api")),
        action("Beta", ("", "Acme.Beta"), channels=("Channels-2",)),
        action("Off", ("", "Acme.Off"), disabled=True),
    ]
)


@pytest.fixture
def needed() -> list[NeededPackage]:
    return needed_packages(PROCESS, "Channels-1")


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("Deploy web:1.0.0", VersionChoice("Deploy web", None, "1.0.0")),
        ("Web:tools:2.0", VersionChoice("Web", "tools", "2.0")),
        ("*:3.0-beta.1+5", VersionChoice("*", None, "3.0-beta.1+5")),
        ("*:tools:3.0", VersionChoice("*", "tools", "3.0")),
        ("Web/1.0", VersionChoice("Web", None, "1.0")),
        ("Web=1.0", VersionChoice("Web", None, "1.0")),
        (r"acme\/web:latest:1.0", VersionChoice("acme/web", "latest", "1.0")),
        (r"a\:b\\c:1", VersionChoice("a:b\\c", None, "1")),
        (":tools:1.0", VersionChoice("*", "tools", "1.0")),
    ],
)
def test_person_types_a_choice(text: str, choice: VersionChoice) -> None:
    assert parse_choice(text) == choice


@pytest.mark.parametrize("text", ["", "1.0", "Web:", ":1.0", "a:b:c:d"])
def test_person_types_no_choice(text: str) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        parse_choice(text)


def test_release_needs_packages_of_enabled_steps_of_its_channel() -> None:
    assert [one.title for one in needed_packages(PROCESS, "Channels-1")] == [
        "Step 'Web'",
        "Step 'Web' (package 'tools')",
        "Step 'Api'",
    ]
    assert len(needed_packages(PROCESS, "Channels-2")) == 4


@pytest.mark.parametrize(
    ("texts", "everywhere", "versions"),
    [
        (["Web:2"], None, {("web", ""): "2", ("web", "tools"): "2"}),
        (["acme.web:2"], None, {("web", ""): "2"}),
        (["Web:tools:2"], "1", {("web", ""): "1", ("web", "tools"): "2", ("api", ""): "1"}),
        (["Api:3", "*:2"], "1", {("web", ""): "2", ("web", "tools"): "2", ("api", ""): "3"}),
        (["Api:3", "Api:4"], None, {("api", ""): "4"}),
    ],
)
def test_named_choices_win_over_general_ones(
    needed: list[NeededPackage], texts: list[str], everywhere: str | None, versions: dict[tuple[str, str], str]
) -> None:
    assert choose(needed, [parse_choice(text) for text in texts], everywhere) == versions


def test_choice_for_nothing_is_refused(needed: list[NeededPackage]) -> None:
    with pytest.raises(Invalid, match="called 'Wbe'"):
        choose(needed, [parse_choice("Wbe:1.0")], None)


def test_selection_for_an_unknown_step_is_refused(needed: list[NeededPackage]) -> None:
    with pytest.raises(Invalid, match="'Wbe'"):
        selected(needed, [SelectedPackage(action_name="Wbe", version="1.0")])


def test_selection_names_step_and_reference(needed: list[NeededPackage]) -> None:
    rows = [
        SelectedPackage(action_name="web", package_reference_name="Tools", version="7"),
        SelectedPackage(step_name="Api", version="8"),
    ]
    assert selected(needed, rows) == {("web", "tools"): "7", ("api", ""): "8"}


@pytest.mark.parametrize(
    ("package_id", "feed_id", "resolvable"),
    [("A", "feeds-builtin", True), ("#{Package}", "f", False), ("A", "#{Feed}", False), ("", "f", False)],
)
def test_package_that_is_known_later_is_not_resolvable(package_id: str, feed_id: str, resolvable: bool) -> None:
    package = PackageReference(package_id=package_id, feed_id=feed_id)
    assert NeededPackage(PROCESS.steps[0], PROCESS.steps[0].actions[0], package).is_resolvable is resolvable
