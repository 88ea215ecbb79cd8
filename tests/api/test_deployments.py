"""Deployments over HTTP: what is refused, what a preview says, and scripts that really run on the server's worker."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from tests.api.conftest import SPACE, create, tomorrow

from polpo.engine import PRIORITY_HIGH, TaskState, get_task, task_activity
from polpo.server.application import Server

V1 = f"{SPACE}/deployments/create/untenanted/v1"


def script(name: str, body: str, **more: Any) -> dict[str, Any]:
    properties = {
        "Octopus.Action.RunOnServer": "True",
        "Octopus.Action.Script.ScriptSource": "Inline",
        "Octopus.Action.Script.Syntax": "Bash",
        "Octopus.Action.Script.ScriptBody": body,
    }
    condition = more.pop("Condition", "Success")
    step_properties = more.pop("StepProperties", {})
    action = {"Name": name, "ActionType": "Octopus.Script", "Properties": properties, **more}
    return {"Name": name, "Condition": condition, "Properties": step_properties, "Actions": [action]}


class Shop:
    """A project with environments, and how a test uses it."""

    def __init__(self, client: httpx.AsyncClient, server: Server, environments: dict[str, str]) -> None:
        self.client = client
        self.server = server
        self.environments = environments

    async def process(self, *steps: dict[str, Any]) -> None:
        path = f"{SPACE}/projects/Projects-1/deploymentprocesses"
        version = (await self.client.get(path)).json()["Version"]
        answer = await self.client.put(path, json={"Version": version, "Steps": list(steps)})
        assert answer.status_code == 200, answer.text

    async def variables(self, *variables: dict[str, Any]) -> None:
        path = f"{SPACE}/projects/Projects-1/variables"
        known = (await self.client.get(path)).json()
        answer = await self.client.put(path, json={**known, "Variables": list(variables)})
        assert answer.status_code == 200, answer.text

    async def release(self, version: str = "1.0.0") -> str:
        body = {"projectName": "Web Shop", "releaseVersion": version}
        answer = await self.client.post(f"{SPACE}/releases/create/v1", json=body)
        assert answer.is_success, answer.text
        return str(answer.json()["ReleaseId"])

    async def deploy(self, environment: str = "Dev", version: str = "1.0.0", **more: Any) -> str:
        body = {"projectName": "Web Shop", "releaseVersion": version, "environmentNames": [environment], **more}
        answer = await self.client.post(V1, json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["DeploymentServerTasks"][0]["ServerTaskId"])

    async def refused(self, environment: str = "Dev", **more: Any) -> str:
        body = {"projectName": "Web Shop", "releaseVersion": "1.0.0", "environmentNames": [environment], **more}
        answer = await self.client.post(V1, json=body)
        assert answer.status_code in {400, 404}, answer.text
        tasks = (await self.client.get("/api/tasks?name=Deploy")).json()
        assert tasks["TotalResults"] == 0
        assert (await self.client.get(f"{SPACE}/deployments")).json()["TotalResults"] == 0
        return " ".join(answer.json().get("Errors") or [answer.json()["ErrorMessage"]])

    async def ended(self, task_id: str) -> Any:
        async with asyncio.timeout(60):
            async for _ in self.server.engine.watch(task_id):
                pass
        return (await self.client.get(f"/api/tasks/{task_id}")).json()

    async def answer(self, task_id: str, result: str = "Proceed") -> None:
        """Waits for the question of the task and answers it."""
        async with asyncio.timeout(60):
            async for change in self.server.engine.watch(task_id):
                if change.state is TaskState.PAUSED:
                    break
        asked = (await self.client.get(f"{SPACE}/interruptions?regarding={task_id}&pendingOnly=true")).json()["Items"][
            0
        ]
        await self.client.put(asked["Links"]["Responsible"])
        answer = await self.client.post(asked["Links"]["Submit"], json={"Result": result, "Notes": "looks good"})
        assert answer.status_code == 200, answer.text

    async def lines(self, task_id: str) -> list[str]:
        part = (await self.client.get(f"/api/tasks/{task_id}/log?take=5000")).json()
        return [line["Text"] for line in part["Lines"]]

    async def steps_of(self, task_id: str) -> dict[str, str]:
        details = (await self.client.get(f"/api/tasks/{task_id}/details")).json()
        return {step["Name"]: step["Status"] for step in details["ActivityLogs"][0]["Children"]}


@pytest.fixture
async def shop(client: httpx.AsyncClient, server: Server, project: Any) -> Shop:
    made = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")}
    return Shop(client, server, made)


LEAK = """\
password="$(get_octopusvariable Password)"
echo "plain $password"
printf %s "$password" | base64
set_octopusvariable Token x1y2z3w4 -sensitive
echo x1y2z3w4
"""
LATER = 'echo "out $(get_octopusvariable "Octopus.Action[Leak].Output.Token")"'


# -- refusals


async def test_release_may_not_skip_a_phase(shop: Shop) -> None:
    await shop.process(script("Hello", "echo hello"))
    await shop.release()
    assert "the phase 'Dev' needs one more successful deployment" in await shop.refused("Prod")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"environmentNames": ["Moon"]}, "There is no environment 'Moon' in this space."),
        ({"environmentNames": []}, "EnvironmentNames is empty"),
        ({"releaseVersion": "9.9"}, "There is no release 9.9 of Web Shop."),
        ({"projectName": "Nope"}, "There is no project"),
        ({"skipStepNames": ["Nope"]}, "The release has no step 'Nope'; its steps are Hello."),
        ({"specificMachineNames": ["Nope"]}, "There is no machine 'Nope' in this space."),
        ({"variables": {"Nope": "1"}}, "'Nope' is no prompted variable of this release."),
        ({"noRunAfter": "2020-01-01T00:00:00Z"}, "expire before it starts"),
        ({"runAt": "2020-01-01T00:00:00Z"}, "has passed"),
        ({"runAt": "2020-01-01T00:00:00"}, "has passed"),
        ({"runAt": "9999-12-31T23:59:59Z"}, "must be within 30 days"),
        ({"noRunAfter": "9999-12-31T23:59:59-14:00"}, "must be before the year 9999"),
    ],
)
async def test_command_that_cannot_be_done_leaves_nothing_behind(
    shop: Shop, more: dict[str, Any], sentence: str
) -> None:
    await shop.process(script("Hello", "echo hello"))
    await shop.release()
    assert sentence in await shop.refused(**more)


async def test_one_bad_environment_refuses_all(shop: Shop) -> None:
    await shop.process(script("Hello", "echo hello"))
    await shop.release()
    assert "There is no environment 'Moon'" in await shop.refused(environmentNames=["Dev", "Moon"])


async def test_deployment_to_chosen_targets_elsewhere_is_refused(shop: Shop) -> None:
    await shop.process(script("Hello", "echo hello"))
    await shop.release()
    endpoint = {"CommunicationStyle": "None"}
    place = {"EnvironmentIds": [shop.environments["Prod"]], "Roles": ["web"]}
    await create(shop.client, "machines", Name="p1", Endpoint=endpoint, **place)
    assert "None of the chosen targets is in Dev." in await shop.refused(specificMachineNames=["p1"])


async def test_step_without_a_target_is_refused_and_shown_in_the_preview(shop: Shop) -> None:
    step = script("Web", "echo hello", StepProperties={"Octopus.Action.TargetRoles": "web"})
    del step["Actions"][0]["Properties"]["Octopus.Action.RunOnServer"]
    await shop.process(step)
    release = await shop.release()
    assert "There is no enabled target with the tag web in Dev" in await shop.refused()
    path = f"{SPACE}/releases/{release}/deployments/preview/{shop.environments['Dev']}"
    preview = (await shop.client.get(path)).json()
    assert preview["StepsToExecute"][0]["HasNoApplicableMachines"] is True
    assert len(preview["Problems"]) == 1


@pytest.mark.parametrize("more", [{}, {"Type": "Sensitive", "IsSensitive": True}])
@pytest.mark.parametrize("given", [{}, {"Who": ""}])
async def test_required_prompt_must_be_answered(shop: Shop, more: dict[str, Any], given: dict[str, str]) -> None:
    await shop.process(script("Hello", 'echo "hi $(get_octopusvariable Who)"'))
    prompt = {"Label": "Whom to greet", "Required": True}
    await shop.variables({"Name": "Who", "Value": None, "Type": "String", "Prompt": prompt, **more})
    await shop.release()
    assert "A value is needed for 'Whom to greet'." in await shop.refused(variables=given)


async def test_environment_that_is_named_twice_gets_one_deployment(shop: Shop) -> None:
    await shop.process(script("Hello", "echo hello"))
    await shop.release()
    await shop.deploy(environmentNames=["Dev", "dev", shop.environments["Dev"]])
    assert (await shop.client.get(f"{SPACE}/deployments")).json()["TotalResults"] == 1


async def test_deployment_may_take_the_variables_as_they_are_now(shop: Shop) -> None:
    await shop.process(script("Hello", "echo #{Word}"))
    await shop.variables({"Name": "Word", "Value": "before"})
    await shop.release()
    await shop.variables({"Name": "Word", "Value": "after"})
    task = await shop.ended(await shop.deploy(updateVariableSnapshot=True))
    assert "after" in await shop.lines(task["Id"])


async def test_deployment_to_a_priority_phase_goes_first(shop: Shop) -> None:
    await shop.process(script("Hello", "echo hello"))
    dev = shop.environments["Dev"]
    lifecycle = (await shop.client.get(f"{SPACE}/lifecycles/Lifecycles-1")).json()
    lifecycle["Phases"] = [{"Name": "Hot", "OptionalDeploymentTargets": [dev], "IsPriorityPhase": True}]
    assert (await shop.client.put(f"{SPACE}/lifecycles/Lifecycles-1", json=lifecycle)).status_code == 200
    await shop.release()
    task_id = await shop.deploy(runAt=tomorrow())
    with shop.server.database.read() as session:
        assert get_task(session, task_id).priority == PRIORITY_HIGH


# -- runs


async def test_script_runs_on_the_server_with_the_values_of_its_place(shop: Shop) -> None:
    await shop.process(
        script("Say", 'set_octopusvariable Said "#{Greeting}"; echo "$(get_octopusvariable Greeting), #{Who}"'),
        script("Repeat", 'echo "heard $(get_octopusvariable "Octopus.Action[Say].Output.Said")"'),
    )
    await shop.variables(
        {"Name": "Greeting", "Value": "hello"},
        {"Name": "Greeting", "Value": "hi", "Scope": {"Environment": [shop.environments["Dev"]]}},
        {"Name": "Who", "Value": "nobody", "Prompt": {"Label": "Who"}},
        {"Name": "Password", "Value": "opensesame", "Type": "Sensitive", "IsSensitive": True},
    )
    await shop.release()
    task = await shop.ended(await shop.deploy(variables={"Who": "Ada"}))
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    assert task["Description"] == "Deploy Web Shop release 1.0.0 to Dev"
    lines = await shop.lines(task["Id"])
    assert "hi, Ada" in lines
    assert "heard hi" in lines
    assert await shop.steps_of(task["Id"]) == {"Step 1: Say": "Success", "Step 2: Repeat": "Success"}


async def test_secrets_are_masked_in_every_form(shop: Shop) -> None:
    await shop.process(script("Leak", LEAK), script("Later", LATER))
    await shop.variables({"Name": "Password", "Value": "opensesame", "Type": "Sensitive", "IsSensitive": True})
    await shop.release()
    task = await shop.ended(await shop.deploy())
    text = "\n".join(await shop.lines(task["Id"]))
    assert "plain *****" in text
    assert not [leak for leak in ("opensesame", "b3BlbnNlc2FtZQ", "x1y2z3w4") if leak in text]


MASKS = """\
echo "##octopus[mask value='$(printf %s swordfish | base64)']"
set_octopusvariable Plain swordfish
fail_step "swordfish is wrong"
"""


async def test_value_masked_by_a_script_stays_masked_after_a_pause(shop: Shop) -> None:
    """Another run of the task, even on another start of the server, knows it too; at rest it is nowhere in plain."""
    manual = {"Name": "Ask", "ActionType": "Octopus.Manual", "Properties": {}}
    await shop.process(
        script("Mask", MASKS),
        {"Name": "Ask", "Condition": "Always", "Actions": [manual]},
        script("Later", "echo a swordfish", Condition="Always"),
    )
    await shop.release()
    task_id = await shop.deploy()
    await shop.answer(task_id)
    task = await shop.ended(task_id)
    lines = await shop.lines(task_id)
    assert "a *****" in lines
    assert task["ErrorMessage"] == "Step 1 (Mask): The script failed on the server: ***** is wrong."
    with shop.server.database.read() as session:
        rows = [str(tuple(row)) for row in session.connection.execute(sa.select(task_activity))]
    assert not [row for row in [*lines, *rows] if "swordfish" in row or "c3dvcmRmaXNo" in row]


async def test_later_step_reads_who_said_to_proceed_and_why(shop: Shop) -> None:
    names = ("Notes", "Approved", "ResponsibleUser.Username", "ResponsibleUser.EmailAddress")
    body = "".join(
        f'echo "{name}=$(get_octopusvariable "Octopus.Action[Ask].Output.Manual.{name}")"\n' for name in names
    )
    manual = {"Name": "Ask", "ActionType": "Octopus.Manual", "Properties": {}}
    await shop.process({"Name": "Ask", "Actions": [manual]}, script("Read", body))
    await shop.release()
    task_id = await shop.deploy()
    await shop.answer(task_id)
    await shop.ended(task_id)
    lines = await shop.lines(task_id)
    assert "admin said to proceed: looks good" in lines
    assert [line for line in lines if "=" in line and " " not in line.partition("=")[0]] == [
        "Notes=looks good", "Approved=True", "ResponsibleUser.Username=admin", "ResponsibleUser.EmailAddress="
    ]  # fmt: skip


async def test_aborted_deployment_fails_with_the_reason_of_the_person(shop: Shop) -> None:
    await shop.process({"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual"}]})
    await shop.release()
    task_id = await shop.deploy()
    await shop.answer(task_id, "Abort")
    task = await shop.ended(task_id)
    assert task["ErrorMessage"] == "Step 1 (Ask): Ask was aborted by admin: looks good"
    assert [line for line in await shop.lines(task_id) if "abort" in line] == [
        "Ask was aborted by admin: looks good", task["ErrorMessage"]
    ]  # fmt: skip


async def test_sensitive_prompt_is_used_and_shown_nowhere(shop: Shop) -> None:
    await shop.process(script("Hello", 'test "$(get_octopusvariable Pin)" = hunter22 && echo "got $Pin #{Pin}"'))
    await shop.variables(
        {"Name": "Pin", "Value": "stored", "Type": "Sensitive", "IsSensitive": True, "Prompt": {"Required": True}}
    )
    await shop.release()
    task = await shop.ended(await shop.deploy(variables={"Pin": "hunter22"}))
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    assert "got  *****" in await shop.lines(task["Id"])
    shown = (await shop.client.get(f"{SPACE}/deployments")).text
    assert "hunter22" not in shown
    assert '"NewValue":"' not in shown


async def test_prompt_that_is_emptied_stays_empty(shop: Shop) -> None:
    await shop.process(script("Hello", 'echo "said <$(get_octopusvariable Who)>"'))
    await shop.variables({"Name": "Who", "Value": "nobody", "Prompt": {"Label": "Who"}})
    await shop.release()
    task = await shop.ended(await shop.deploy(variables={"Who": ""}))
    assert "said <>" in await shop.lines(task["Id"])


async def test_refusal_does_not_quote_a_secret(shop: Shop) -> None:
    deploy = script("Deploy", "")
    deploy["Actions"][0]["Packages"] = [{"Name": "", "PackageId": "#{Hidden}", "FeedId": "feeds-builtin"}]
    await shop.process(deploy)
    await shop.variables({"Name": "Hidden", "Value": "opensesame", "Type": "Sensitive", "IsSensitive": True})
    body = {"ProjectId": "Projects-1", "Version": "1.0.0", "ChannelId": "Channels-1"}
    body["SelectedPackages"] = [{"ActionName": "Deploy", "Version": "1.2.3"}]  # type: ignore[assignment]
    made = await shop.client.post(f"{SPACE}/releases", json=body)
    assert made.status_code == 201, made.text
    assert "has no version 1.2.3 of the package '*****'" in await shop.refused()


async def test_failure_skips_what_follows_and_runs_what_waits_for_it(shop: Shop) -> None:
    await shop.process(
        script("Break", "echo oh no >&2; exit 7"),
        script("Never", "echo never"),
        script("Tidy", 'echo "error: $(get_octopusvariable Octopus.Deployment.Error)"', Condition="Failure"),
        script("Always", "echo always", Condition="Always"),
        script(
            "Asked",
            "echo asked",
            Condition="Variable",
            StepProperties={"Octopus.Step.ConditionVariableExpression": "#{if Octopus.Deployment.Error}true#{/if}"},
        ),
    )
    await shop.release()
    task = await shop.ended(await shop.deploy())
    assert (task["State"], task["HasWarningsOrErrors"]) == ("Failed", True)
    assert task["ErrorMessage"] == "Step 1 (Break): The script failed on the server with exit code 7."
    lines = await shop.lines(task["Id"])
    assert ("never" in lines, "always" in lines, "asked" in lines, "oh no" in lines) == (False, True, True, True)
    assert f"error: {task['ErrorMessage']}" in lines
    states = await shop.steps_of(task["Id"])
    assert states == {
        "Step 1: Break": "Failed",
        "Step 2: Never": "Skipped",
        "Step 3: Tidy": "Success",
        "Step 4: Always": "Success",
        "Step 5: Asked": "Success",
    }


async def test_person_may_skip_a_step(shop: Shop) -> None:
    await shop.process(script("One", "echo one"), script("Two", "echo two"))
    await shop.release()
    task = await shop.ended(await shop.deploy(skipStepNames=["one"]))
    assert await shop.steps_of(task["Id"]) == {"Step 1: One": "Skipped", "Step 2: Two": "Success"}


async def test_deployments_of_one_place_run_one_after_the_other(shop: Shop) -> None:
    await shop.process(script("Slow", "sleep 0.5"))
    await shop.release()
    first, second = await shop.deploy(), await shop.deploy()
    waiting = (await shop.client.get(f"/api/tasks/{second}/waiting")).json()
    assert [reason["Kind"] for reason in waiting["Reasons"]] in (["lock"], ["queue"])
    tasks = [await shop.ended(one) for one in (first, second)]
    assert tasks[0]["CompletedTime"] <= tasks[1]["StartTime"]


async def test_scheduled_deployment_waits_and_says_so(shop: Shop) -> None:
    await shop.process(script("Hello", "echo hello"))
    await shop.release()
    task_id = await shop.deploy(runAt=tomorrow())
    reasons = (await shop.client.get(f"/api/tasks/{task_id}/waiting")).json()["Reasons"]
    assert [reason["Kind"] for reason in reasons] == ["schedule"]
    assert (await shop.client.post(f"/api/tasks/{task_id}/cancel")).json()["State"] == "Canceled"


async def test_release_keeps_the_process_and_values_it_was_made_with(shop: Shop) -> None:
    await shop.process(script("Hello", "echo #{Word}"))
    await shop.variables({"Name": "Word", "Value": "before"})
    release = await shop.release()
    await shop.process(script("Hello", "echo after #{Word}"))
    await shop.variables({"Name": "Word", "Value": "after"})
    task = await shop.ended(await shop.deploy())
    assert "before" in await shop.lines(task["Id"])
    template = (await shop.client.get(f"{SPACE}/releases/{release}/deployments/template")).json()
    assert (template["IsDeploymentProcessModified"], template["IsVariableSetModified"]) == (True, True)


@pytest.mark.parametrize("path", ["projects/Projects-1", "releases/{release}", "deployments/Deployments-1"])
async def test_what_a_deployment_needs_is_not_deleted_under_it(shop: Shop, path: str) -> None:
    await shop.process({"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual"}]})
    where = f"{SPACE}/{path.format(release=await shop.release())}"
    task_id = await shop.deploy()
    refused = await shop.client.delete(where)
    assert refused.status_code == 409
    assert f"'Deploy Web Shop release 1.0.0 to Dev' has not ended ({task_id} is " in refused.json()["ErrorMessage"]
    assert (await shop.client.get(where)).status_code == 200
    await shop.client.post(f"/api/tasks/{task_id}/cancel")
    await shop.ended(task_id)
    assert (await shop.client.delete(where)).status_code == 200
    assert (await shop.client.get(f"/api/tasks/{task_id}")).status_code == 404
    assert (await shop.client.get(f"{SPACE}/interruptions?regarding={task_id}")).json()["Items"] == []


# -- what is deployed where


async def test_dashboard_and_progressions_show_where_the_release_is(shop: Shop) -> None:
    await shop.process(script("Hello", "echo hello"))
    release = await shop.release()
    dev, prod = shop.environments["Dev"], shop.environments["Prod"]
    template = (await shop.client.get(f"{SPACE}/releases/{release}/deployments/template")).json()
    assert [target["Id"] for target in template["PromoteTo"]] == [dev]
    task = await shop.ended(await shop.deploy())
    dashboard = (await shop.client.get(f"{SPACE}/dashboard")).json()
    item = dashboard["Items"][0]
    assert (item["EnvironmentId"], item["State"], item["ReleaseVersion"]) == (dev, "Success", "1.0.0")
    assert item["TaskId"] == task["Id"]
    assert dashboard["Projects"][0]["EnvironmentIds"] == [dev, prod]
    progression = (await shop.client.get(f"{SPACE}/projects/web-shop/progression")).json()
    row = progression["Releases"][0]
    assert (row["NextDeployments"], list(row["Deployments"])) == ([prod], [dev])
    phases = (await shop.client.get(f"{SPACE}/releases/{release}/progression")).json()
    assert [(phase["Name"], phase["Progress"]) for phase in phases["Phases"]] == [
        ("Dev", "Complete"),
        ("Prod", "Current"),
    ]
    assert phases["NextDeployments"] == [prod]


async def test_dashboard_keeps_the_last_success_beside_a_failure(shop: Shop) -> None:
    await shop.process(script("Hello", "exit #{Code}"))
    await shop.variables({"Name": "Code", "Value": "0", "Prompt": {"Label": "Code"}})
    await shop.release()
    await shop.ended(await shop.deploy())
    await shop.ended(await shop.deploy(variables={"Code": "3"}))
    dashboard = (await shop.client.get(f"{SPACE}/dashboard")).json()
    assert [item["State"] for item in dashboard["Items"]] == ["Failed"]
    assert [(item["State"], item["IsPrevious"]) for item in dashboard["PreviousItems"]] == [("Success", True)]


async def test_dashboard_asks_no_more_questions_for_more_projects(shop: Shop) -> None:
    asked: list[str] = []

    def note(*arguments: Any) -> None:
        asked.append(str(arguments[2]))

    async def questions(*names: str) -> int:
        """With these projects more than before, so that no kept answer will do."""
        for name in names:
            await create(
                shop.client, "projects", Name=name, ProjectGroupId="ProjectGroups-1", LifecycleId="Lifecycles-1"
            )
        asked.clear()
        assert (await shop.client.get(f"{SPACE}/dashboard")).status_code == 200
        return len(asked)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        await questions("A")
        few = await questions("B")
        assert await questions(*"CDEFG") == few
        assert await questions() == 1, "an answer that is still true is not made again"
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


async def test_deployment_is_read_listed_and_deleted(shop: Shop) -> None:
    await shop.process(script("Hello", "echo hello"))
    release = await shop.release()
    body = {"ReleaseId": release, "EnvironmentId": shop.environments["Dev"], "Comments": "by hand"}
    made = (await shop.client.post(f"{SPACE}/deployments", json=body)).json()
    await shop.ended(made["TaskId"])
    read = (await shop.client.get(made["Links"]["Self"])).json()
    assert (read["Comments"], read["DeployedBy"], read["Name"]) == ("by hand", "admin", "Deploy to Dev")
    listed = (await shop.client.get(f"{SPACE}/deployments?projects=Projects-1")).json()["Items"]
    assert [one["Id"] for one in listed] == [made["Id"]]
    assert (await shop.client.get(f"{SPACE}/deployments?projects=Projects-9")).json()["Items"] == []
    assert (await shop.client.delete(made["Links"]["Self"])).status_code == 200
    assert (await shop.client.get(made["Links"]["Self"])).status_code == 404


async def test_comments_of_a_deployment_are_changed_and_nothing_else(shop: Shop) -> None:
    await shop.process(script("Hello", "echo hello"))
    await shop.release()
    await shop.ended(await shop.deploy(comments="first"))
    path = f"{SPACE}/deployments/Deployments-1"
    before = (await shop.client.get(path)).json()

    answer = await shop.client.put(path, json={**before, "Comments": "second", "Name": "other", "ReleaseId": ""})

    after = answer.json()
    kept = {"LastModifiedOn": after["LastModifiedOn"], "LastModifiedBy": "admin"}
    assert (answer.status_code, after) == (200, {**before, "Comments": "second", **kept})


@pytest.mark.parametrize(
    ("query", "count"),
    [("taskState=Success", 1), ("taskState=Failed,Executing", 0), ("partialName=dev", 1), ("partialName=prod", 0)],
)
async def test_deployments_are_found_by_state_and_name(shop: Shop, query: str, count: int) -> None:
    await shop.process(script("Hello", "echo hello"))
    await shop.release()
    await shop.ended(await shop.deploy())
    assert (await shop.client.get(f"{SPACE}/deployments?{query}")).json()["TotalResults"] == count
