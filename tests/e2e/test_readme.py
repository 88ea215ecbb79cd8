"""The README's commands work as written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
from processes import free_port

ROOT = Path(__file__).parents[2]
_BOUND = 60.0


def commands() -> str:
    text = (ROOT / "README.md").read_text()
    found = re.search(r"<!-- first-deployment -->\n```sh\n(.*?)```", text, re.DOTALL)
    assert found, "the README has no marked block for the first deployment"
    return found.group(1)


def test_reader_makes_the_first_deployment_by_hand(tmp_path: Path) -> None:
    """Word for word, but for the ports, which may be taken on the machine that tests."""
    port, polling, agent = free_port(0), free_port(0), free_port(0)
    script = commands().replace("8065", str(port))
    script = script.replace(
        "polpo server ", f"polpo server --listen 127.0.0.1:{port} --agent-listen 127.0.0.1:{polling} "
    )
    script = script.replace("--mode listening", f"--mode listening --listen 127.0.0.1:{agent} --public-host 127.0.0.1")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    path = tmp_path / "readme.sh"
    path.write_text(f"set -e\ntrap 'kill $(jobs -p)' EXIT\n{script}\nread -r _\n")
    shell = subprocess.Popen(
        ["bash", str(path)],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        raw = _finished(f"http://127.0.0.1:{port}", "API-FIRSTSTEPS00000000000000000001", shell)
    finally:
        said, _ = shell.communicate("done\n", timeout=_BOUND)
    assert "Hello from web-1" in raw, said


def _finished(address: str, key: str, shell: subprocess.Popen[str]) -> str:
    """The raw log of the deployment's task once it has ended."""
    deadline = time.monotonic() + _BOUND
    with httpx.Client(base_url=address, headers={"X-Octopus-ApiKey": key}, trust_env=False) as client:
        while time.monotonic() < deadline and shell.poll() is None:
            time.sleep(0.1)
            try:
                tasks = client.get("/api/tasks", params={"name": "Deploy"}).json()["Items"]
            except (httpx.TransportError, KeyError):
                continue
            if tasks and tasks[0]["IsCompleted"]:
                return client.get(f"/api/tasks/{tasks[0]['Id']}/raw").text
    return "it did not end"
