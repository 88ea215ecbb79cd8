"""A target with a home, a place for applications and a journal, on which the packed runner is started as it is sent."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import NamedTuple

import pytest

from polpo.runner.archive import build

LONGEST = 60
_MESSAGE = re.compile(r"##octopus\[([\w-]+)([^\]]*)\]")
_ATTRIBUTE = re.compile(r"(\w+)='([^']*)'")


class Run(NamedTuple):
    code: int
    stdout: str
    stderr: str

    def messages(self, name: str) -> list[dict[str, str]]:
        return [
            {key: b64decode(value).decode() for key, value in _ATTRIBUTE.findall(attributes)}
            for found, attributes in _MESSAGE.findall(self.stdout)
            if found == name
        ]

    @property
    def outputs(self) -> dict[str, str]:
        return {one["name"]: one.get("value", "") for one in self.messages("setVariable")}

    @property
    def failure(self) -> str:
        return self.messages("resultMessage")[-1]["message"]

    def lines(self, level: str = "default") -> list[str]:
        """Lines of standard output at a level, without messages."""
        at, found = "default", []
        for line in self.stdout.splitlines():
            message = _MESSAGE.fullmatch(line)
            if message and message[1].startswith("stdout-"):
                at = message[1].removeprefix("stdout-")
            elif not message and at == level:
                found.append(line)
        return found


class Target:
    """One machine with an agent's folders; each run has a workspace of its own."""

    def __init__(self, root: Path, runner: Path) -> None:
        self.root = root
        self.home = root / "home"
        self.applications = root / "apps"
        self.journal = self.home / "DeploymentJournal.xml"
        self.runner = runner
        self.variables: dict[str, str] = {
            "Octopus.Environment.Name": "Production",
            "Octopus.Environment.Id": "Environments-3",
            "Octopus.Project.Id": "Projects-7",
            "Octopus.Action.Name": "Deploy web",
            "Octopus.Machine.Name": "web-1",
            "OctopusRetentionPolicySet": "Environments-3/Projects-7/Step-Deploy web/Machines-1/<default>",
            "OctopusSkipFreeDiskSpaceCheck": "True",
        }
        self.python = sys.executable
        #: More of the environment that the runner is started in.
        self.extra: dict[str, str] = {}
        (self.home / "Files").mkdir(parents=True)

    def workspace(self) -> Path:
        number = len(list(self.root.glob("work-*")))
        folder = self.root / f"work-{number}"
        folder.mkdir()
        return folder

    def environment(self) -> dict[str, str]:
        own = {
            "TentacleHome": str(self.home),
            "TentacleApplications": str(self.applications),
            "TentacleJournal": str(self.journal),
        }
        return {"PATH": os.environ["PATH"], "HOME": str(self.root), "LANG": "C.UTF-8", **own, **self.extra}

    def command(self, *arguments: str) -> list[str]:
        return [self.python, "-I", str(self.runner), *arguments]

    def run(self, *arguments: str, folder: Path | None = None) -> Run:
        done = subprocess.run(
            self.command(*arguments),
            cwd=folder or self.workspace(),
            env=self.environment(),
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    def write_variables(self, folder: Path, variables: dict[str, str], sensitive: tuple[str, ...] = ()) -> None:
        content = {"Variables": {**self.variables, **variables}, "Sensitive": list(sensitive)}
        (folder / "variables.json").write_text(json.dumps(content))

    def script(self, body: str, syntax: str = "Bash", **variables: str) -> Run:
        """Run an inline script; names of variables may not hold dots here, see `variables` for others."""
        folder = self.workspace()
        own = {"Octopus.Action.Script.ScriptBody": body, "Octopus.Action.Script.Syntax": syntax}
        self.write_variables(folder, {**own, **variables})
        return self.run("run-script", "--variables", "variables.json", folder=folder)

    def deploy(self, package: Path, variables: dict[str, str] | None = None) -> Run:
        folder = self.workspace()
        self.write_variables(folder, variables or {})
        return self.run("deploy-package", "--variables", "variables.json", "--package", str(package), folder=folder)


@pytest.fixture(scope="session")
def uploaded_runner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As on a real target, it is uploaded once and started often."""
    runner = tmp_path_factory.mktemp("tools") / "runner.pyz"
    runner.write_bytes(build().content)
    return runner


@pytest.fixture
def target(tmp_path: Path, uploaded_runner: Path) -> Target:
    return Target(tmp_path, uploaded_runner)
