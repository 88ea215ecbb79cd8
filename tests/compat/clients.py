"""The two official clients as programs of their own, unchanged, and what the tests ask of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
_BOUND = 120.0


class ClientError(Exception):
    """What the client reported: its sentence, the answer's status, and the server's list of errors."""

    def __init__(self, message: str, status: int | None, errors: list[str] | None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.errors = errors or []


@dataclass(frozen=True)
class Account:
    """Which server, with whose key, in which space; `home` keeps the clients away from this machine's own settings."""

    address: str
    api_key: str
    home: Path
    space: str = "Default"

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        told = {"OCTOPUS_URL": self.address, "OCTOPUS_API_KEY": self.api_key, "OCTOPUS_SPACE": self.space}
        return {**kept, **told, "HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / ".config"), "NO_COLOR": "1"}


@dataclass(frozen=True)
class TypeScriptClient:
    """`@octopusdeploy/api-client` under Node; the verbs are those of `ts/client.mjs`."""

    node: str
    account: Account

    def call(self, verb: str, **arguments: Any) -> Any:
        return self.calls((verb, arguments))[0]

    def calls(self, *calls: tuple[str, Mapping[str, Any]]) -> list[Any]:
        """The values of several calls through one connection; ClientError at the first that fails."""
        done = subprocess.run(
            [self.node, "client.mjs", json.dumps(calls)],
            cwd=HERE / "ts",
            env=self.account.environment(),
            capture_output=True,
            text=True,
            timeout=_BOUND,
            check=False,
        )
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        if lines and (error := lines[-1].get("error")):
            raise ClientError(error["message"], error.get("status"), error.get("errors"))
        assert done.returncode == 0, done.stderr
        return [line["value"] for line in lines]


def find_typescript_client(account: Account) -> TypeScriptClient:
    """The client that `make clients` installed; an AssertionError that names that command when it did not."""
    told = HERE / "ts" / "node_modules" / ".node-path"
    assert told.is_file(), "The TypeScript client is not installed: run `make clients`."
    return TypeScriptClient(told.read_text(), account)


@dataclass(frozen=True)
class CommandLine:
    """The `octopus` program, as a pipeline runs it: no prompt, JSON out. All but `run` is in `replay.py` too."""

    program: str
    account: Account

    def environment_list(self) -> list[Any]:
        return self.run("environment", "list") or []

    def project_list(self) -> list[Any]:
        return self.run("project", "list") or []

    def package_upload(self, package: Path, mode: str = "fail") -> Any:
        return self.run("package", "upload", "--package", str(package), "--overwrite-mode", mode)

    def package_list(self) -> list[Any]:
        return self.run("package", "list") or []

    def package_versions(self, package_id: str) -> list[Any]:
        return self.run("package", "versions", "--package", package_id) or []

    def release_create(self, project: str, version: str, *packages: str) -> Any:
        choices = [word for package in packages for word in ("--package", package)]
        return self.run("release", "create", "-p", project, "--version", version, *choices)

    def release_list(self, project: str) -> list[Any]:
        return self.run("release", "list", "-p", project) or []

    def release_deploy(self, project: str, version: str, environment: str) -> list[Any]:
        deployed = self.run("release", "deploy", "-p", project, "--version", version, "--environment", environment)
        assert isinstance(deployed, list), deployed
        return deployed

    def task_wait(self, *tasks: str, bound: int = 60) -> list[Any]:
        """What it reported of the tasks, one object a report; bound in seconds."""
        return _objects(self._succeeded("task", "wait", *tasks, "--timeout", str(bound), "--poll-interval", "1"))

    def run(self, *words: str) -> Any:
        """What it printed, as JSON where it is JSON; ClientError with its complaint when it ends with an error."""
        said = self._succeeded(*words)
        try:
            return json.loads(said)
        except json.JSONDecodeError:
            return said

    def _succeeded(self, *words: str) -> str:
        done = subprocess.run(
            [self.program, *words, "--no-prompt", "-f", "json"],
            env=self.account.environment(),
            cwd=self.account.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_BOUND,
            check=False,
        )
        if done.returncode:
            raise ClientError(done.stderr.strip() or done.stdout.strip(), None, None)
        return done.stdout


NO_COMMAND_LINE = (
    "The official command line was NOT run: put `octopus` on the PATH or name it in POLPO_OCTOPUS_CLI "
    "(docs/how-to/official-clients.md). Its requests were replayed."
)


def find_program() -> str | None:
    """The `octopus` program of this machine."""
    return os.environ.get("POLPO_OCTOPUS_CLI") or shutil.which("octopus")


def _objects(text: str) -> list[Any]:
    decoder, found, rest = json.JSONDecoder(), [], text.lstrip()
    while rest:
        value, end = decoder.raw_decode(rest)
        found.append(value)
        rest = rest[end:].lstrip()
    return found
