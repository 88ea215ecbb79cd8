"""The TypeScript client without any agent: connecting, looking around, making things, and being told no."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compat.clients import Account, ClientError, TypeScriptClient


def test_client_connects_and_knows_server_user_and_space(typescript: TypeScriptClient) -> None:
    server, user, spaces = typescript.calls(("server", {}), ("user", {}), ("spaces", {"partialName": "Default"}))
    assert server["version"] >= "2026.2.3916"
    assert len(server["installationId"]) == 36
    assert (user["Username"], user["IsActive"]) == ("admin", True)
    assert [space["Id"] for space in spaces["Items"]] == ["Spaces-1"]


def test_client_with_wrong_key_is_refused_with_a_sentence(account: Account, typescript: TypeScriptClient) -> None:
    stranger = replace(typescript, account=replace(account, api_key="API-WRONG0000000000000000000001"))
    with pytest.raises(ClientError, match="API key") as refused:
        stranger.call("user")
    assert refused.value.status == 401


def test_client_with_unknown_space_is_told_so(account: Account, typescript: TypeScriptClient) -> None:
    lost = replace(typescript, account=replace(account, space="Nowhere"))
    with pytest.raises(ClientError, match="No spaces exist with name 'Nowhere'"):
        lost.call("environments")


def test_client_makes_changes_and_deletes_an_environment(typescript: TypeScriptClient) -> None:
    made = typescript.call("createEnvironment", Name="Staging")
    changed = typescript.call("modifyEnvironment", **{**made, "Description": "Before production"})
    assert (changed["Id"], changed["Description"]) == (made["Id"], "Before production")
    listed = typescript.call("environments", partialName="stag", take=5)
    assert [one["Description"] for one in listed["Items"]] == ["Before production"]
    _, left = typescript.calls(("deleteEnvironment", changed), ("environments", {"partialName": "stag"}))
    assert left["TotalResults"] == 0


def test_client_makes_a_project_in_the_default_group_and_lifecycle(typescript: TypeScriptClient) -> None:
    groups, lifecycles = typescript.calls(("projectGroups", {}), ("lifecycles", {}))
    made = typescript.call(
        "createProject",
        Name="Typed Shop",
        ProjectGroupId=groups["Items"][0]["Id"],
        LifecycleId=lifecycles["Items"][0]["Id"],
    )
    listed = typescript.call("projects", partialName="Typed Shop")
    assert [one["Id"] for one in listed["Items"]] == [made["Id"]]
    process = typescript.call("process", project=made)
    assert (process["ProjectId"], process["Steps"]) == (made["Id"], [])


def test_client_with_unknown_project_group_is_told_which(typescript: TypeScriptClient) -> None:
    with pytest.raises(ClientError, match="ProjectGroups-99") as refused:
        typescript.call("createProject", Name="Lost", ProjectGroupId="ProjectGroups-99", LifecycleId="Lifecycles-1")
    assert refused.value.status == 400


def test_waiter_names_a_task_that_does_not_exist(typescript: TypeScriptClient) -> None:
    with pytest.raises(ClientError, match="ServerTasks-999"):
        typescript.call("wait", tasks=["ServerTasks-999"])
