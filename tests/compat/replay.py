"""The requests that the `octopus` command line sends, for machines that do not have the program.

Each command sends what version 2.24 sends, in its order, over the links that it looks up; reads what it reads; and is
as strict with the answers: 2xx, a body, JSON, `Content-Length`. `test_replay.py` compares it with the program itself.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import httpx

from compat.clients import Account, ClientError

_MODES = {"fail": "FailIfExists", "ignore": "IgnoreIfExists", "overwrite": "OverwriteExisting"}
_EVERYTHING = 2147483647


@dataclass
class ReplayedCommandLine:
    account: Account
    _root: dict[str, str] = field(default_factory=dict)
    _links: dict[str, str] = field(default_factory=dict)
    _space_id: str = ""

    def environment_list(self) -> list[Any]:
        with self._in_space() as server:
            found = list(server.pages(self._link("Environments")))
        return [{"Id": one["Id"], "Name": one["Name"]} for one in found]

    def project_list(self) -> list[Any]:
        with self._in_space() as server:
            found = server.get(self._link("Projects") + "/all")
        return [{name: one[name] for name in ("Id", "Name", "Description")} for one in found]

    def package_upload(self, package: Path, mode: str = "fail") -> Any:
        with self._in_space() as server:
            path = f"{self._home}/packages/raw?overwriteMode={_MODES[mode]}"
            form = httpx.Request("POST", self.account.address, files={"file": (package.name, package.read_bytes())})
            server.post(path, form.read(), form.headers["Content-Type"])
        return {"succeeded": [{"package": str(package)}]}

    def package_list(self) -> list[Any]:
        with self._in_space() as server:
            found = server.get(self._link("Packages", take=_EVERYTHING))["Items"]
        assert all(one["ReleaseNotes"] is None for one in found), "the program reads ReleaseNotes as a time"
        return [{"ID": one["PackageId"], "Version": one["Version"], "Description": one["Description"]} for one in found]

    def package_versions(self, package_id: str) -> list[Any]:
        with self._in_space() as server:
            feed = server.get(self._link("Feeds", feedType="BuiltIn", take=1))["Items"][0]
            path = f"{self._link('Feeds', id=feed['Id'])}/packages/versions"
            found = server.get(f"{path}?packageId={package_id}&take={_EVERYTHING}")["Items"]
        return [{"Version": one["Version"], "Published": one["Published"], "Size": one["SizeBytes"]} for one in found]

    def release_create(self, project: str, version: str, *packages: str) -> Any:
        with self._in_space() as server:
            body: dict[str, Any] = {"spaceId": self._space_id, "spaceIdOrName": self._space_id}
            body |= {"projectName": self._find_project(server, project)["Name"], "releaseVersion": version}
            body |= {"packages": list(packages)} if packages else {}
            body |= {"ignoreIfAlreadyExists": False, "ignoreChannelRules": False}
            made = server.post(f"{self._home}/releases/create/v1", json.dumps(body).encode())
            assert made["ReleaseVersion"], made
            release = server.get(f"{self._home}/releases/{made['ReleaseId']}")
            channel = server.get(f"{self._home}/channels/{release['ChannelId']}")
        return _release(release, {channel["Id"]: channel["Name"]})

    def release_list(self, project: str) -> list[Any]:
        with self._in_space() as server:
            identity = self._find_project(server, project)["Id"]
            found = list(server.pages(f"{self._link('Projects', id=identity)}/releases"))
            wanted = sorted({one["ChannelId"] for one in found})
            query = f"ids={quote(','.join(wanted), safe='')}&take={len(wanted)}"
            channels = server.get(f"{self._link('Channels')}?{query}")["Items"] if found else []
        return [_release(one, {channel["Id"]: channel["Name"] for channel in channels}) for one in found]

    def release_deploy(self, project: str, version: str, environment: str) -> list[Any]:
        with self._in_space() as server:
            body = {"spaceId": self._space_id, "spaceIdOrName": self._space_id, "releaseVersion": version}
            body |= {"projectName": self._find_project(server, project)["Name"], "environmentNames": [environment]}
            body |= {"forcePackageRedeployment": False, "updateVariableSnapshot": False}
            body |= {"forcePackageDownload": False, "useGuidedFailure": None}
            made = server.post(f"{self._home}/deployments/create/untenanted/v1", json.dumps(body).encode())[
                "DeploymentServerTasks"
            ]
        return [{name: one[name] for name in ("DeploymentId", "ServerTaskId")} for one in made]

    def task_wait(self, *tasks: str, bound: int = 60) -> list[Any]:
        deadline, pending, reports = time.monotonic() + bound, list(tasks), []
        failed: list[str] = []
        with self._in_space() as server:
            while pending:
                found = list(server.pages(f"{self._root['Tasks']}?ids={quote(','.join(pending), safe='')}"))
                if not found:
                    raise ClientError("no server tasks found", None, None)
                ended = [one for one in found if one["IsCompleted"]]
                failed += [one["Id"] for one in ended if not one["FinishedSuccessfully"]]
                reports += [_task(one) for one in (found if not reports else ended)]
                pending = [one for one in pending if one not in {done["Id"] for done in ended}]
                if pending and time.monotonic() > deadline:
                    raise ClientError("timeout while waiting for pending tasks", None, None)
                time.sleep(0.2 if pending else 0)
        if failed:
            raise ClientError(f"one or more deployment tasks failed: {', '.join(failed)}", None, None)
        return reports

    # -- what every command does first

    def _in_space(self) -> _Server:
        """Reads the root document, looks the space up by its name, and reads the space's document."""
        server = _Server(self.account)
        self._root = {name: _bare(link) for name, link in server.get("/api/")["Links"].items()}
        list(server.pages(self._root["Spaces"]))
        spaces = server.get(self._root["Spaces"] + "/all")
        named = [one for one in spaces if one["Name"].casefold() == self.account.space.casefold()]
        if not named:
            raise ClientError(f"cannot find space '{self.account.space}'", None, None)
        server.get("/api/")
        self._space_id = named[0]["Id"]
        self._links = server.get(self._home)["Links"]
        return server

    @property
    def _home(self) -> str:
        return f"/api/{self._space_id}"

    def _link(self, name: str, **values: Any) -> str:
        return _expand(self._links[name], values)

    def _find_project(self, server: _Server, text: str) -> Any:
        try:
            return server.get(self._link("Projects", id=text))
        except ClientError:
            found = list(server.pages(self._link("Projects", partialName=text)))
            named = [one for one in found if one["Name"].casefold() == text.casefold()]
            if not named:
                raise ClientError("cannot find the item", None, None) from None
            return named[0]


class _Server:
    """One connection that is as strict with an answer as the program is."""

    def __init__(self, account: Account) -> None:
        self._client = httpx.Client(
            base_url=account.address, headers={"X-Octopus-ApiKey": account.api_key}, trust_env=False, timeout=60
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str) -> Any:
        return self._send("GET", path)

    def post(self, path: str, content: bytes, content_type: str = "application/json") -> Any:
        """In chunks, as the program sends every body."""
        return self._send("POST", path, content=iter([content]), headers={"Content-Type": content_type})

    def pages(self, path: str) -> Iterator[Any]:
        following: str | None = path
        while following:
            page = self.get(following)
            yield from page["Items"]
            following = page["Links"].get("Page.Next")

    def _send(self, method: str, path: str, **content: Any) -> Any:
        answer = self._client.request(method, path, **content)
        assert answer.content, f"{method} {path} answered {answer.status_code} without a body"
        assert int(answer.headers["Content-Length"]) == len(answer.content), f"{method} {path}"
        said = answer.json()
        if answer.is_success:
            return said
        errors = " ".join(said.get("Errors") or [])
        sentence = f"Octopus API error: {said['ErrorMessage']} [{errors}]"
        raise ClientError(sentence, answer.status_code, said.get("Errors"))


def _expand(template: str, values: Mapping[str, Any]) -> str:
    """As far as these links go: `{/id}` and `{?a,b}`. A parameter that the template does not name is not sent."""

    def fill(match: re.Match[str]) -> str:
        names = match[2].split(",")
        if match[1] == "/":
            return "".join(f"/{quote(str(values[name]), safe='')}" for name in names if name in values)
        told = [f"{name}={quote(str(values[name]), safe='')}" for name in names if name in values]
        return f"?{'&'.join(told)}" if told else ""

    return re.sub(r"\{([/?])([^}]*)\}", fill, template)


def _bare(link: str) -> str:
    return _expand(link, {})


def _release(release: Any, channels: Mapping[str, str]) -> Any:
    told = {"ID": release["Id"], "Version": release["Version"], "Assembled": release["Assembled"]}
    return {**told, "ReleaseNotes": release["ReleaseNotes"] or "", "Channel": channels[release["ChannelId"]]}


def _task(task: Any) -> Any:
    names = ("Id", "Description", "State", "StartTime", "CompletedTime", "FinishedSuccessfully")
    return {name: task[name] for name in names}
