"""Nobody works with a machine, or for a server, whose certificate is not the registered one."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
import story
from processes import run_to_end
from run import Demo
from scripts import make_script_project

_BOUND = 30.0


def ready(demo: Demo, mode: str) -> story.Api:
    demo.start_server()
    api = demo.connect()
    policy = api.get("/machinepolicies/all")[0]
    policy["MachineRpcCallRetryPolicy"]["Enabled"] = False
    policy |= {"ConnectionRetryTimeLimit": "00:00:10", "ConnectionRetryCountLimit": 2}
    policy["PollingRequestQueueTimeout"] = "00:00:10"
    api.put(f"/machinepolicies/{policy['Id']}", policy)
    story.make_environments(api)
    demo.start_agent("Development", name="web-1", mode=mode)
    wait_for_port(demo.ports.get("web-1"))
    make_script_project(api, "Hello", "echo hello")
    return api


def with_another_certificate(demo: Demo) -> tuple[str, str]:
    """Replaces the agent's certificate, as an impostor at its place would have another one; its thumbprints."""
    agent = demo.programs[-1]
    agent.stop()
    home = demo.folder / "agents" / "web-1"
    before = run_to_end(["agent", "show-thumbprint", "--home", str(home)]).strip()
    (home / "agent.pem").unlink()
    after = run_to_end(["agent", "show-thumbprint", "--home", str(home)]).strip()
    agent.start()
    wait_for_port(demo.ports.get("web-1"))
    return before, after


def wait_for_port(port: int | None) -> None:
    """Until somebody listens there; a polling agent has no port."""
    deadline = time.monotonic() + _BOUND
    while port is not None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            assert time.monotonic() < deadline, f"nobody listens on port {port}"
            time.sleep(0.05)
        else:
            return


def logged(path: Path, text: str) -> bool:
    deadline = time.monotonic() + _BOUND
    while time.monotonic() < deadline:
        if text in path.read_text():
            return True
        time.sleep(0.05)
    return False


def test_server_refuses_a_listening_agent_with_another_certificate(demo: Demo) -> None:
    api = ready(demo, "listening")
    assert story.follow(api, story.deploy(api, "1.0.0", "Development", "Hello"))["FinishedSuccessfully"]
    before, after = with_another_certificate(demo)
    task = story.follow(api, story.deploy(api, "1.0.0", "Development", "Hello"))
    assert task["State"] == "Failed"
    for part in ("web-1", before, after):
        assert part in task["ErrorMessage"]


def test_server_refuses_a_polling_agent_with_another_certificate(demo: Demo) -> None:
    api = ready(demo, "polling")
    _, after = with_another_certificate(demo)
    assert logged(demo.folder / "logs" / "server.log", after)
    task = story.follow(api, story.deploy(api, "1.0.0", "Development", "Hello"))
    assert task["State"] == "Failed"
    assert "web-1" in task["ErrorMessage"]


def test_agent_refuses_a_server_that_it_does_not_trust(demo: Demo) -> None:
    api = ready(demo, "listening")
    server = api.get("/certificates/certificate-global")["Thumbprint"]
    demo.programs[-1].stop()
    run_to_end(["agent", "configure", "--home", str(demo.folder / "agents" / "web-1"), "--remove-trust", server])
    demo.programs[-1].start()
    wait_for_port(demo.ports["web-1"])
    task = story.follow(api, story.deploy(api, "1.0.0", "Development", "Hello"))
    assert task["State"] == "Failed"
    assert "web-1" in task["ErrorMessage"]
    assert server in task["ErrorMessage"]
    assert logged(demo.folder / "logs" / "web-1.log", server)


@pytest.mark.parametrize("key", ["API-WRONG0000000000000000000000001", "nonsense"])
def test_registration_with_a_wrong_key_leaves_nothing_behind(demo: Demo, key: str) -> None:
    demo.start_server()
    api = demo.connect()
    story.make_environments(api)
    home = demo.folder / "agents" / "web-1"
    register = ["agent", "register", "--home", str(home), "--server", demo.address, "--environment", "Development"]
    with pytest.raises(Exception, match=r"(?i)key"):
        run_to_end([*register, "--role", "web", "--mode", "listening"], {"POLPO_API_KEY": key})
    assert api.get("/machines/all") == []
