"""Every request that the official clients were seen to send, sent again, and answered as those clients want it."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, unquote_plus, urlsplit

import pytest

from compat import facts
from compat.expectations import faults, route_of
from compat.packing import package_bytes
from compat.stage import Call, Stage
from compat.world import NotServed, World

_IDENTITY = re.compile(r"[a-zA-Z]+-.*")
_PRELUDES = {
    "space": ("/api/", "/api/spaces", "/api/spaces/all", "/api/", "/api/Spaces-1"),
    "system": ("/api/", "/api/spaces"),
}

#: Runs of the command line that cannot be answered here, and why.
_NOT_HERE: dict[str, str] = {
    "octopus login --server http://server --service-account-id": "the recording's token is no token",
}
#: Runs that the recording's stub let pass and a server must refuse, with a part of the sentence.
_REFUSED: dict[str, str] = {
    "octopus channel delete Default": "is the default of its project",
    'octopus worker-pool delete "Default Worker Pool"': "is the default and cannot be deleted",
}


@dataclass
class Replay:
    """Sends recorded requests in a world, in order, and learns the ids of what they make."""

    world: World
    last: dict[str, Any] = field(default_factory=dict)

    def send_all(self, calls: list[Call]) -> None:
        for index, call in enumerate(calls):
            following = calls[index + 1] if index + 1 < len(calls) else None
            self._send(call, following)

    def _send(self, call: Call, following: Call | None) -> None:
        method, recorded = call["method"], call["path"]
        path = self.world.here(recorded)
        answer = self.world.client.request(method, path, **self._content(call, path))
        what = f"{method} {path} answered {answer.status_code}: {answer.text[:600]}"
        if answer.status_code == 501:
            raise NotServed(what)
        assert answer.content, what
        is_json = "json" in answer.headers["Content-Type"]
        assert not is_json or int(answer.headers["Content-Length"]) == len(answer.content), what
        if answer.status_code == 404 and _is_tried(recorded, following):
            assert answer.json()["ErrorMessage"], what
            assert not answer.json().get("Errors"), what
            return
        assert answer.status_code in ({200} if method == "DELETE" else {200, 201}), what
        if not is_json:
            return
        said = answer.json()
        self.last[recorded] = said
        self._check(method, recorded, said)
        self._learn(method, recorded, said)

    def _content(self, call: Call, path: str) -> dict[str, Any]:
        body = call.get("body")
        if body is None:
            return {}
        if told := (body.get("_multipart") if isinstance(body, dict) else None):
            return {"files": {told["part"]: (told["filename"], package_bytes("1.0.0"))}}
        body = self.world.here(body)
        for name in ("spaceIdOrName", "spaceName"):
            if body.get(name) == "Default":
                body[name] = self.world.name
        before = self.last.get(call["path"], {})
        if call["method"] == "PUT" and "Version" in before:
            body["Version"] = before["Version"]  # a client sends the version that it read
        return {"json": body}

    def _check(self, method: str, recorded: str, said: Any) -> None:
        route = route_of(method, recorded)
        assert route is not None, f"the contract has no route for {method} {recorded}"
        found = list(faults(said, route.response))
        assert not found, f"{method} {recorded}: {found[:8]}"
        query = {name: values[0] for name, values in parse_qs(urlsplit(recorded).query).items()}
        wanted = query.get("partialName") or query.get("name")
        if wanted and isinstance(said, dict) and "Items" in said:
            names = [one["Name"].casefold() for one in said["Items"]]
            assert wanted.casefold() in names, f"{recorded} does not find it among {names}"

    def _learn(self, method: str, recorded: str, said: Any) -> None:
        """The ids of what was made, under the names by which the recording goes on."""
        known = self.world.known
        if not isinstance(said, dict):
            return
        if method == "POST" and recorded.endswith("/releases/create/v1"):
            known["Releases-1"] = said["ReleaseId"]
        elif method == "GET" and recorded.endswith("/releases/Releases-1"):
            known["Channels-1"] = said["ChannelId"]
        elif method == "GET" and recorded.endswith("/projects?partialName=New2"):
            known["Projects-100"] = said["Items"][0]["Id"]
        elif method == "GET" and "/projectvariables" in recorded and said.get("Variables") is not None:
            known |= _templates(said, "t1", "v1")
        elif method == "GET" and "/commonvariables" in recorded and said.get("Variables") is not None:
            known |= _templates(said, "t2", "v2")


def _templates(said: Any, template: str, variable: str) -> dict[str, str]:
    every = [*said["Variables"], *(said.get("MissingVariables") or [])]
    return {template: every[0]["TemplateId"], variable: ""} if every else {}


def _is_tried(recorded: str, following: Call | None) -> bool:
    """Whether a client only tries a name as an id, and searches for it when that fails."""
    tried = unquote(urlsplit(recorded).path.rpartition("/")[2])
    if recorded.endswith("/delta-signature"):
        return True
    if following is None:
        return False
    searched = unquote_plus(following["path"])
    return f"ame={tried}" in searched or searched.endswith(("/channels", "/git-credentials"))


def _replay(stage: Stage, name: str, calls: list[Call], prelude: tuple[str, ...] = ()) -> World:
    """The world in which the calls were answered; skips when something is not served yet."""
    try:
        world = stage.world_for(name, calls)
        Replay(world).send_all([*({"method": "GET", "path": path} for path in prelude), *calls])
    except NotServed as missing:
        pytest.skip(f"not served yet: {missing}")
    return world


@pytest.mark.parametrize(
    "run", [run for run in facts.recorded("command_line") if run["calls"]], ids=lambda run: run["command"]
)
def test_command_line_is_answered(stage: Stage, run: Any) -> None:
    command = run["command"]
    if reason := next((reason for start, reason in _NOT_HERE.items() if command.startswith(start)), None):
        pytest.skip(reason)
    prelude = _PRELUDES.get(run["prelude"] or "", ())
    if refused := next((sentence for start, sentence in _REFUSED.items() if command.startswith(start)), None):
        with pytest.raises(AssertionError, match=refused):
            _replay(stage, command, run["calls"], prelude)
        return
    world = _replay(stage, command, run["calls"], prelude)
    if "task wait" in command and run["exit"] == 0:
        _wait(world, world["ServerTasks-2"])


def _wait(world: World, task: str) -> None:
    deadline = time.monotonic() + 30
    while not (found := world.get("/api/tasks", ids=task)["Items"][0])["IsCompleted"]:
        assert time.monotonic() < deadline, world.get(f"/api/tasks/{task}/waiting")
        time.sleep(0.05)
    assert found["FinishedSuccessfully"], found


@pytest.mark.parametrize("call", facts.recorded("typescript"), ids=lambda call: f"{call['method']} {call['path']}")
def test_typescript_client_is_answered(stage: Stage, call: Any) -> None:
    _replay(stage, call["path"], [call])


@pytest.mark.parametrize(
    "tool",
    [tool for tool in facts.recorded("assistant") if tool["calls"]],
    ids=lambda tool: json.dumps([tool["tool"], tool["arguments"]]),
)
def test_assistant_is_answered(stage: Stage, tool: Any) -> None:
    _replay(stage, tool["tool"], tool["calls"])
