"""Which actions run where, and why the others do not: the planner as tables."""

from __future__ import annotations

from typing import Any

import pytest

from polpo.features.deployments.plan import Plan, PlannedTarget
from polpo.features.deployments.planning import make_plan
from polpo.features.deployments.situation import Candidate, Situation, Wishes
from polpo.features.processes.resource import (
    DeploymentAction,
    DeploymentActionContainer,
    DeploymentStep,
    PackageReference,
)
from polpo.steps.work import PackageFile


def step(name: str = "Deploy", *, roles: str = "web", kind: str = "Octopus.Script", **more: Any) -> DeploymentStep:
    properties = {"Octopus.Action.TargetRoles": roles} if roles else {}
    properties |= more.pop("step_properties", {})
    trigger = more.pop("start_trigger", "StartAfterPrevious")
    action = DeploymentAction(id=f"id-{name}", name=name, slug=name.lower(), action_type=kind, **more)
    return DeploymentStep(id=f"step-{name}", name=name, properties=properties, actions=[action], start_trigger=trigger)


def machine(number: int, *roles: str, health: str = "Healthy", disabled: bool = False, skip: bool = False) -> Candidate:
    target = PlannedTarget(
        id=f"Machines-{number}",
        name=f"m{number}",
        roles=list(roles) or ["web"],
        style="TentaclePassive",
        uri=f"https://m{number}:10933/",
        thumbprint="A" * 40,
        health_status=health,
    )
    return Candidate(target, is_disabled=disabled, may_be_skipped=skip)


def situation(*candidates: Candidate, **more: Any) -> Situation:
    more.setdefault("known_types", {"Octopus.Script", "Octopus.Manual", "Octopus.TentaclePackage"})
    more.setdefault("server_types", {"Octopus.Manual"})
    return Situation(
        environment_id="Environments-1",
        environment_name="Production",
        channel_id="Channels-1",
        candidates=candidates,
        **more,
    )


def only_action(plan: Plan) -> Any:
    return plan.steps[0].actions[0]


@pytest.mark.parametrize(
    ("candidates", "targets"),
    [
        ([machine(1), machine(2, "db"), machine(3, "WEB", "db")], ["Machines-1", "Machines-3"]),
        ([machine(1, disabled=True), machine(2)], ["Machines-2"]),
        ([machine(1, health="Unavailable"), machine(2)], ["Machines-1", "Machines-2"]),
        ([machine(1, health="Unavailable", skip=True), machine(2)], ["Machines-2"]),
        ([machine(1, health="Unhealthy"), machine(2, health="Unknown")], ["Machines-1", "Machines-2"]),
    ],
)
def test_step_runs_on_enabled_targets_with_its_tag(candidates: list[Candidate], targets: list[str]) -> None:
    assert only_action(make_plan([step()], situation(*candidates))).targets == targets


def test_policy_leaves_out_targets_that_are_not_well() -> None:
    machines = machine(1, health="Unhealthy"), machine(2, health="Unavailable"), machine(3)
    plan = make_plan([step()], situation(*machines, skip_unavailable=True, exclude_unhealthy=True))
    assert only_action(plan).targets == ["Machines-3"]
    assert only_action(plan).unavailable == ["Machines-1", "Machines-2"]
    assert plan.warnings == ["m1 is unhealthy and is left out.", "m2 is unavailable and is left out."]


@pytest.mark.parametrize(
    ("wishes", "targets", "left_out"),
    [
        (Wishes(specific_machines={"Machines-1"}), ["Machines-1"], ["Machines-2"]),
        (Wishes(excluded_machines={"Machines-1"}), ["Machines-2"], ["Machines-1"]),
    ],
)
def test_person_chooses_targets(wishes: Wishes, targets: list[str], left_out: list[str]) -> None:
    action = only_action(make_plan([step()], situation(machine(1), machine(2)), wishes))
    assert (action.targets, action.left_out) == (targets, left_out)


@pytest.mark.parametrize(
    ("wishes", "targets"),
    [
        (Wishes(specific_tags={"EU"}), ["m1", "m2"]),
        (Wishes(specific_tags={"eu"}, specific_machines={"Machines-3"}), ["m1", "m2", "m3"]),
        (Wishes(specific_tags={"eu"}, excluded_machines={"Machines-1"}), ["m2"]),
        (Wishes(excluded_tags={"canary"}), ["m1", "m3"]),
        (Wishes(specific_machines={"Machines-2", "Machines-3"}, excluded_tags={"canary"}), ["m3"]),
    ],
)
def test_person_chooses_targets_by_their_tags(wishes: Wishes, targets: list[str]) -> None:
    machines = machine(1, "web", "eu"), machine(2, "web", "eu", "canary"), machine(3, "web", "us")
    plan = make_plan([step()], situation(*machines), wishes)
    assert [plan.targets[one].name for one in only_action(plan).targets] == targets
    assert plan.problems == []


def test_chosen_target_that_cannot_be_used_is_spoken_of() -> None:
    machines = machine(1, disabled=True), machine(2)
    plan = make_plan([step()], situation(*machines), Wishes(specific_machines={"Machines-1", "Machines-2"}))
    assert plan.warnings == ["m1 was chosen but is disabled; nothing runs there."]
    elsewhere = make_plan([step()], situation(*machines), Wishes(specific_machines={"Machines-9"}))
    assert elsewhere.problems == ["None of the chosen targets is in Production."]


@pytest.mark.parametrize(
    ("more", "used", "skippable"),
    [
        ({}, ["m1", "m2"], []),
        ({"skip_unavailable": True}, ["m2"], ["m2"]),
        ({"skip_unavailable": True, "skippable_tags": ["SPOT"]}, ["m2"], []),
        ({"skip_unavailable": True, "skippable_tags": ["db"]}, ["m1", "m2"], []),
        ({"skippable_tags": ["spot"]}, ["m1", "m2"], []),
    ],
)
def test_unavailable_targets_are_left_out_where_the_policy_says_so(
    more: dict[str, Any], used: list[str], skippable: list[str]
) -> None:
    machines = machine(1, "web", "spot", health="Unavailable"), machine(2, "web")
    plan = make_plan([step()], situation(*machines, **more))
    assert [plan.targets[one].name for one in only_action(plan).targets] == used
    assert [one.name for one in plan.targets.values() if one.may_be_skipped] == skippable
    left_out = ["m1 is unavailable and is left out."]
    tried = ["m1 was unavailable when it was last checked; its steps fail if it still is."]
    assert plan.warnings == (tried if "m1" in used else left_out)


def test_step_whose_targets_are_all_left_out_is_skipped() -> None:
    plan = make_plan([step()], situation(machine(1)), Wishes(excluded_machines={"Machines-1"}))
    assert plan.problems == []
    assert not plan.steps[0].acting


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"is_disabled": True}, "disabled"),
        ({"environments": ["Environments-2"]}, "does not run in Production"),
        ({"excluded_environments": ["Environments-1"]}, "excluded from Production"),
        ({"channels": ["Channels-2"]}, "channel"),
    ],
)
def test_step_that_is_meant_for_elsewhere_says_so(more: dict[str, Any], reason: str) -> None:
    plan = make_plan([step(**more)], situation(machine(1)))
    assert reason in only_action(plan).skip_reason
    assert not plan.targets


def test_step_meant_for_here_runs() -> None:
    more = {"environments": ["Environments-1"], "channels": ["Channels-1"]}
    assert make_plan([step(**more)], situation(machine(1))).steps[0].acting


def test_person_skips_a_step_but_not_a_required_one() -> None:
    steps = [step("A"), step("B", is_required=True)]
    plan = make_plan(steps, situation(machine(1)), Wishes(skip_actions={"id-A", "id-B"}))
    assert "left out by the person" in (plan.steps[0].actions[0].skip_reason or "")
    assert plan.problems == ["Step 'B' is required and cannot be skipped."]


@pytest.mark.parametrize(
    ("one", "candidates", "more", "problem"),
    [
        (step(roles=""), [], {}, "names no target tag"),
        (step(), [machine(1, "db")], {}, "no enabled target with the tag web in Production"),
        (step(), [machine(1, disabled=True)], {}, "(m1 disabled)"),
        (step(kind="Octopus.Magic"), [machine(1)], {}, "kind Octopus.Magic"),
        (
            step(packages=[PackageReference(package_id="Acme.Web")]),
            [machine(1)],
            {},
            "no version of the package Acme.Web",
        ),
    ],
)
def test_plan_that_cannot_run_has_a_problem(
    one: DeploymentStep, candidates: list[Candidate], more: dict[str, Any], problem: str
) -> None:
    problems = make_plan([one], situation(*candidates, **more)).problems
    assert len(problems) == 1
    assert problem in problems[0]


def test_no_targets_are_fine_where_the_project_permits_it() -> None:
    plan = make_plan([step()], situation(no_targets_permitted=True))
    assert plan.problems == []
    assert plan.warnings[0].startswith("Step 'Deploy' is skipped: There is no enabled target")


def test_step_without_targets_is_skipped_while_others_have_some() -> None:
    plan = make_plan([step("A"), step("B", roles="db")], situation(machine(1)))
    assert plan.problems == []
    assert [one.acting != [] for one in plan.steps] == [True, False]
    assert plan.warnings == ["Step 'B' is skipped: There is no enabled target with the tag db in Production."]


@pytest.mark.parametrize(
    ("tags", "runs"),
    [(None, True), ([], False), (["Ring/Early"], True), (["Ring/Late"], False), (["Ring/Early", "Region/EU"], True)],
)
def test_step_for_tags_of_tenants_runs_for_those_and_without_a_tenant(tags: list[str] | None, runs: bool) -> None:
    one = step(tenant_tags=["Ring/Early", "Ring/Beta"])
    plan = make_plan([one], situation(machine(1), tenant_tags=tags))
    assert bool(plan.steps[0].acting) == runs


def test_manual_step_and_script_on_the_server_need_no_target() -> None:
    steps = [
        step("Ask", roles="", kind="Octopus.Manual"),
        step("Run", roles="", properties={"Octopus.Action.RunOnServer": "True"}),
    ]
    plan = make_plan(steps, situation())
    assert plan.problems == []
    assert [one.actions[0].on_server for one in plan.steps] == [True, True]


def test_step_takes_the_package_that_the_release_chose() -> None:
    package = PackageFile(reference="", package_id="Acme.Web", version="1.2.3", feed_id="feeds-builtin")
    one = step("Deploy", kind="Octopus.TentaclePackage", packages=[PackageReference(package_id="Acme.Web")])
    plan = make_plan([one], situation(machine(1), packages={("deploy", ""): package}))
    assert only_action(plan).packages == [package]


def test_steps_that_start_together_form_a_group() -> None:
    steps = [step("A"), step("B", start_trigger="StartWithPrevious"), step("C")]
    groups = make_plan(steps, situation(machine(1))).groups
    assert [[one.name for one in group] for group in groups] == [["A", "B"], ["C"]]


def test_rolling_step_has_its_window_and_numbers_of_children() -> None:
    rolling = step("A", step_properties={"Octopus.Action.MaxParallelism": "2"})
    rolling.actions.append(DeploymentAction(id="id-b", name="B", action_type="Octopus.Script"))
    planned = make_plan([rolling], situation(machine(1))).steps[0]
    assert (planned.window, [action.number for action in planned.actions]) == (2, ["1.1", "1.2"])


@pytest.mark.parametrize(
    ("written", "window", "problem"),
    [
        ("#{Window}", 3, None),
        ("", 0, None),
        ("#{Nowhere}", 1, "the window size '#{Nowhere}'; it must be a whole number"),
        ("many", 1, "'many'"),
        ("0", 1, "'0'"),
    ],
)
def test_window_may_be_a_variable_but_never_becomes_no_window(written: str, window: int, problem: str | None) -> None:
    """A rolling step whose window is lost would change all targets at once."""
    values = {"#{Window}": " 3 "}
    rolling = step("A", step_properties={"Octopus.Action.MaxParallelism": written})
    plan = make_plan([rolling], situation(machine(1), evaluate=lambda text: values.get(text, text)))
    assert plan.steps[0].window == window
    assert [problem in one for one in plan.problems if problem] == [True] * bool(problem)
    assert len(plan.problems) == bool(problem)


def test_script_on_the_server_with_a_target_tag_runs_there_for_each_target() -> None:
    planned = only_action(make_plan([step(properties={"Octopus.Action.RunOnServer": "True"})], situation(machine(1))))
    assert (planned.on_server, planned.places, planned.hosts) == (True, ["Machines-1"], [""])


def test_step_for_a_container_says_that_it_runs_without() -> None:
    one = step(container=DeploymentActionContainer(image="acme/tools:1"))
    [warning] = make_plan([one], situation(machine(1))).warnings
    assert warning.startswith("Step 'Deploy' is to run in a container of acme/tools:1, but this server starts no")


def test_package_step_runs_on_its_targets_whatever_it_says_about_the_server() -> None:
    one = step(kind="Octopus.TentaclePackage", properties={"Octopus.Action.RunOnServer": "True"})
    planned = only_action(make_plan([one], situation(machine(1), target_types={"Octopus.TentaclePackage"})))
    assert (planned.on_server, planned.hosts) == (False, ["Machines-1"])


def test_manual_step_with_responsible_teams_cannot_be_skipped() -> None:
    asked = step("Ask", roles="", kind="Octopus.Manual", properties={"Octopus.Action.Manual.ResponsibleTeamIds": "T"})
    plan = make_plan([asked], situation(), Wishes(skip_actions={"id-Ask"}))
    assert plan.problems == ["Step 'Ask' has teams that must answer it and cannot be skipped."]


def test_plan_in_which_nothing_runs_says_so() -> None:
    plan = make_plan([step(is_disabled=True)], situation(machine(1)))
    assert plan.warnings == ["No step of the release runs in Production."]


def test_health_check_is_done_once_about_the_targets_that_would_be_used() -> None:
    """Who is left out is not checked, and all that are there now are not new later."""
    kinds = {"Octopus.HealthCheck"}
    candidates = [
        machine(1), machine(2, "DB"), machine(3, disabled=True), machine(4), machine(5, "mail"),
        machine(6, health="Unavailable", skip=True),
    ]  # fmt: skip
    plan = make_plan(
        [step("Check", kind="Octopus.HealthCheck", roles="web;db")],
        situation(*candidates, known_types=kinds, server_types=kinds, checking_types=kinds),
        Wishes(excluded_machines={"Machines-4"}),
    )
    action = only_action(plan)
    assert (action.on_server, action.targets, action.roles, action.skip_reason) == (True, [], [], None)
    assert action.checks == ["Machines-1", "Machines-2"]
    assert action.known == ["Machines-1", "Machines-2", "Machines-3", "Machines-4", "Machines-6"]
    assert (action.left_out, action.unavailable) == (["Machines-4"], ["Machines-6"])
    assert action.properties["Octopus.Action.TargetRoles"] == "web,db"
    assert (plan.problems, plan.targets) == ([], {})


def test_what_is_a_workers_is_done_by_one_for_each_target_or_once() -> None:
    kind = {"kind": "Octopus.KubernetesRunScript"}
    here = situation(
        machine(1), known_types={"Octopus.KubernetesRunScript"}, worker_types={"Octopus.KubernetesRunScript"}
    )

    for_target, alone = make_plan([step("A", **kind), step("B", roles="", **kind)], here).steps

    assert for_target.actions[0].targets == ["Machines-1"]
    assert for_target.actions[0].hosts != ["Machines-1"]
    assert alone.actions[0].places == [""]


def test_an_agent_inside_a_cluster_is_refused_beforehand() -> None:
    inside = machine(1)
    inside.target.style = "KubernetesTentacle"

    plan = make_plan([step()], situation(inside))

    [problem] = plan.problems
    assert problem.startswith("Step 'Deploy' would run on m1, an agent inside a Kubernetes cluster, to which this")
