"""Fixtures for tests with the official clients: a real server process, and the clients connected to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import story
from run import Demo

from compat.clients import (
    NO_COMMAND_LINE,
    Account,
    CommandLine,
    TypeScriptClient,
    find_program,
    find_typescript_client,
)
from compat.replay import ReplayedCommandLine
from compat.stage import Stage, set_up_stage


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A server for all tests of the session; each test makes what it needs under a name of its own."""
    demo = Demo(tmp_path_factory.mktemp("installation"), say=lambda _text: None, listen=0)
    try:
        demo.start_server()
        yield demo
    finally:
        demo.stop()


@pytest.fixture(scope="session")
def api(installation: Demo) -> story.Api:
    """The administrator, on the installation with three agents, three environments and the sample project."""
    api = installation.connect()
    environments = story.make_environments(api)
    for environment in story.ENVIRONMENTS:
        installation.start_agent(environment)
    story.make_project(api, environments, installation.sites())
    return api


@pytest.fixture(scope="session")
def demo(installation: Demo, api: story.Api) -> Demo:
    """The installation once its agents are there."""
    assert api.get("/machines")["TotalResults"] == len(story.ENVIRONMENTS)
    return installation


@pytest.fixture(scope="session")
def account(installation: Demo, tmp_path_factory: pytest.TempPathFactory) -> Account:
    return Account(installation.address, installation.api_key, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def typescript(account: Account) -> TypeScriptClient:
    return find_typescript_client(account)


@pytest.fixture(scope="session")
def octopus(account: Account) -> CommandLine:
    """The program itself; modules that need it skip themselves, with a sentence, where there is none."""
    program = find_program()
    assert program is not None, NO_COMMAND_LINE
    return CommandLine(program, account)


@pytest.fixture(scope="session", params=["program", "replayed"] if find_program() else ["replayed"])
def kind(request: pytest.FixtureRequest) -> str:
    """Whether the program itself is run, or its requests are replayed."""
    return str(request.param)


@pytest.fixture(scope="session")
def command_line(request: pytest.FixtureRequest, kind: str, account: Account) -> CommandLine | ReplayedCommandLine:
    """The command line twice: the program itself, where there is one, and its requests replayed."""
    if kind == "replayed":
        return ReplayedCommandLine(account)
    program: CommandLine = request.getfixturevalue("octopus")
    return program


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A server of its own for the recorded clients, who make and delete spaces, users and teams."""
    with set_up_stage(tmp_path_factory.mktemp("stage")) as stage:
        yield stage
