"""The package of the demo, deployed as on a target: the application starts, answers, is replaced, and is stopped."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from unit.runner.conftest import LONGEST, Target

DEMO = Path(__file__).parents[3] / "demo"
SECRET = 'pa"ss\\word'


def demo_package() -> ModuleType:
    spec = importlib.util.spec_from_file_location("demo_package", DEMO / "package.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@pytest.fixture
def stopped_target(target: Target) -> Iterator[Target]:
    """The application that a test leaves running is stopped by its own script, and killed if that fails."""
    yield target
    folder = target.applications / "Production" / "Polpo.Sample.Web"
    for script in folder.glob("*/stop.sh"):
        subprocess.run(["bash", str(script)], capture_output=True, timeout=LONGEST, check=True)
    left = folder / "sample-web.pid"
    if left.exists():
        os.kill(int(left.read_text()), signal.SIGKILL)
        pytest.fail("stop.sh left the application running")


def health(port: int) -> dict[str, Any]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}/health", timeout=LONGEST) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def variables(port: int, version: str) -> dict[str, str]:
    return {
        "Octopus.Action.Package.PackageId": "Polpo.Sample.Web",
        "Octopus.Action.Package.PackageVersion": version,
        "Octopus.Release.Number": f"{version}-release",
        "Octopus.Action.EnabledFeatures": "Octopus.Features.SubstituteInFiles",
        "Octopus.Action.SubstituteInFiles.TargetFiles": "appsettings.json",
        "Greeting": "Hello from #{Octopus.Environment.Name}",
        "Colour": "teal",
        "Port": str(port),
        "Database.Password": SECRET,
    }


def test_the_sample_application_is_deployed_and_replaced(stopped_target: Target, port: int) -> None:
    package = demo_package()
    processes = []
    for version in ("1.0.0", "1.1.0"):
        run = stopped_target.deploy(package.build(version, stopped_target.home / "Files"), variables(port, version))
        assert run.code == 0, run
        assert run.outputs["Url"] == f"http://127.0.0.1:{port}/"
        assert run.lines("highlight") == [f"Version {version} answers at http://127.0.0.1:{port}/"]
        found = health(port)
        processes.append(found["process"])
        assert (found["version"], found["release"]) == (version, f"{version}-release")
        assert (found["environment"], found["machine"]) == ("Production", "web-1")
    assert processes[0] != processes[1]
    folder = stopped_target.applications / "Production" / "Polpo.Sample.Web"
    assert (folder / "1.0.0" / "web.log").read_text().endswith("Stopped.\n")
    assert json.loads((folder / "1.1.0" / "appsettings.json").read_text())["Database"]["Password"] == SECRET


def test_the_sample_application_fails_with_its_own_sentence(stopped_target: Target) -> None:
    package = demo_package().build("1.0.0", stopped_target.home / "Files")
    run = stopped_target.deploy(package, {**variables(0, "1.0.0"), "Port": "eighty"})
    assert run.code == 1
    assert run.failure == 'The variable Port must be a number for this environment, but it is "eighty".'
