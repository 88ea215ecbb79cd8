"""The `octopus` command line against an empty server: signing in, looking around, making things, being told no."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compat.clients import Account, ClientError, CommandLine


def test_command_line_signs_in_with_an_api_key(octopus: CommandLine, account: Account) -> None:
    said = octopus.run("login", "--server", account.address, "--api-key", account.api_key)
    assert "Login successful" in said


def test_command_line_with_wrong_key_is_refused(octopus: CommandLine, account: Account) -> None:
    stranger = replace(octopus, account=replace(account, api_key="API-WRONG0000000000000000000001"))
    with pytest.raises(ClientError, match=r"(?i)unauthorized|API key"):
        stranger.run("environment", "list")


def test_command_line_makes_lists_and_deletes_an_environment(octopus: CommandLine) -> None:
    octopus.run("environment", "create", "-n", "Staging")
    assert [one["Name"] for one in octopus.run("environment", "list")] == ["Staging"]
    octopus.run("environment", "delete", "Staging", "-y")
    assert octopus.run("environment", "list") is None


def test_command_line_makes_views_and_deletes_a_project(octopus: CommandLine) -> None:
    octopus.run("project", "create", "-n", "Web", "-g", "Default Project Group", "-l", "Default Lifecycle")
    assert octopus.run("project", "view", "Web")["Name"] == "Web"
    assert octopus.run("project", "view", "web")["Slug"] == "web"
    assert [one["Name"] for one in octopus.run("project", "list")] == ["Web"]
    assert [one["Name"] for one in octopus.run("channel", "list", "-p", "Web")] == ["Default"]
    octopus.run("project", "delete", "Web", "-y")
    assert octopus.run("project", "list") is None


def test_command_line_names_space_user_group_and_pool(octopus: CommandLine) -> None:
    assert octopus.run("space", "view", "Default")["Id"] == "Spaces-1"
    assert [one["UserName"] for one in octopus.run("user", "list")] == ["admin"]
    assert [one["Name"] for one in octopus.run("project-group", "list")] == ["Default Project Group"]
    assert [one["Type"] for one in octopus.run("worker-pool", "list")] == ["StaticWorkerPool"]


def test_command_line_says_which_task_it_did_not_find(octopus: CommandLine) -> None:
    with pytest.raises(ClientError, match="no server tasks found"):
        octopus.run("task", "wait", "ServerTasks-999")
