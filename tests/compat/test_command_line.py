"""The `octopus` command line without any agent: signing in, looking around, making things, being told no."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from compat.clients import NO_COMMAND_LINE, Account, ClientError, CommandLine, find_program

if find_program() is None:
    pytest.skip(NO_COMMAND_LINE, allow_module_level=True)


def names(listed: list[Any]) -> list[str]:
    return [one["Name"] for one in listed]


def test_command_line_signs_in_with_an_api_key(octopus: CommandLine, account: Account) -> None:
    said = octopus.run("login", "--server", account.address, "--api-key", account.api_key)
    assert "Login successful" in said


def test_command_line_with_wrong_key_is_refused(octopus: CommandLine, account: Account) -> None:
    stranger = replace(octopus, account=replace(account, api_key="API-WRONG0000000000000000000001"))
    with pytest.raises(ClientError, match=r"(?i)unauthorized|API key"):
        stranger.run("environment", "list")


def test_command_line_makes_lists_and_deletes_an_environment(octopus: CommandLine) -> None:
    octopus.run("environment", "create", "-n", "Staging")
    assert "Staging" in names(octopus.environment_list())
    octopus.run("environment", "delete", "Staging", "-y")
    assert "Staging" not in names(octopus.environment_list())


def test_command_line_makes_views_and_deletes_a_project(octopus: CommandLine) -> None:
    octopus.run("project", "create", "-n", "Shop", "-g", "Default Project Group", "-l", "Default Lifecycle")
    assert octopus.run("project", "view", "Shop")["Name"] == "Shop"
    assert octopus.run("project", "view", "shop")["Slug"] == "shop"
    assert "Shop" in names(octopus.project_list())
    assert names(octopus.run("channel", "list", "-p", "Shop")) == ["Default"]
    octopus.run("project", "delete", "Shop", "-y")
    assert "Shop" not in names(octopus.project_list())


def test_command_line_names_space_user_group_and_pool(octopus: CommandLine) -> None:
    assert octopus.run("space", "view", "Default")["Id"] == "Spaces-1"
    assert [one["UserName"] for one in octopus.run("user", "list")] == ["admin"]
    assert names(octopus.run("project-group", "list")) == ["Default Project Group"]
    assert [one["Type"] for one in octopus.run("worker-pool", "list")] == ["StaticWorkerPool"]


def test_command_line_says_which_task_it_did_not_find(octopus: CommandLine) -> None:
    with pytest.raises(ClientError, match="no server tasks found"):
        octopus.run("task", "wait", "ServerTasks-999")
