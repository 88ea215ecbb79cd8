"""The main job from end to end: a package is pushed, released, and promoted through three environments."""

from __future__ import annotations

import httpx
import story
from package import build
from run import Demo


def health(demo: Demo, environment: str) -> dict[str, object]:
    port = demo.ports[f"site {environment}"]
    found: dict[str, object] = httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False, timeout=10).json()
    return found


def test_release_is_promoted_to_production_and_leaks_no_secret(demo: Demo) -> None:
    api = demo.tell()
    assert health(demo, "Development")["release"] == "1.0.0"

    early = httpx.post(
        f"{demo.address}/api/Spaces-1/deployments/create/untenanted/v1",
        json={"ProjectName": "Sample Web", "ReleaseVersion": "1.0.0", "EnvironmentNames": ["Production"]},
        headers={"X-Octopus-ApiKey": demo.api_key},
        trust_env=False,
    )
    assert early.status_code == 400
    assert "the phase 'Test' needs one more successful deployment" in early.json()["ErrorMessage"]

    task = story.follow(api, story.deploy(api, "1.0.0", "Test"))
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    assert (health(demo, "Test")["environment"], health(demo, "Test")["machine"]) == ("Test", "agent-test")

    waiting = story.follow(api, story.deploy(api, "1.0.0", "Production"))
    assert (waiting["State"], waiting["HasPendingInterruptions"]) == ("Executing", True)
    story.approve(api, waiting["Id"])
    done = story.follow(api, waiting["Id"])
    assert done["FinishedSuccessfully"], done["ErrorMessage"]
    assert health(demo, "Production")["release"] == "1.0.0"

    dashboard = api.get("/dashboard")
    states = {item["EnvironmentId"]: (item["ReleaseVersion"], item["State"]) for item in dashboard["Items"]}
    assert list(states.values()) == [("1.0.0", "Success")] * 3
    raw = api.client.get(f"/tasks/{done['Id']}/raw").text
    assert "healthy: version 1.0.0 in Production" in raw

    _second_release(demo, api)
    exposed = [api.client.get(path).text for path in _everything(api)]
    demo.stop()
    assert not [text for text in exposed if "opensesame" in text]
    assert not [
        path.name
        for path in (demo.folder / "server").rglob("*")
        if path.is_file() and b"opensesame" in path.read_bytes()
    ]
    assert not [path.name for path in (demo.folder / "logs").iterdir() if b"opensesame" in path.read_bytes()]


def _second_release(demo: Demo, api: story.Api) -> None:
    """Another version replaces the first one where it runs."""
    api.upload(build("1.1.0", demo.folder / "packages"))
    story.create_release(api, "1.1.0")
    task = story.follow(api, story.deploy(api, "1.1.0", "Development"))
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    assert health(demo, "Development")["version"] == "1.1.0"


def _everything(api: story.Api) -> list[str]:
    """Each address that could show a secret value."""
    project = api.get("/projects/all")[0]
    releases = api.get(f"/projects/{project['Id']}/releases")["Items"]
    tasks = [task["Id"] for task in api.get("/tasks")["Items"]]
    return [
        f"/projects/{project['Id']}/variables",
        f"/projects/{project['Id']}/deploymentprocesses",
        *(f"/variables/{release['ProjectVariableSetSnapshotId']}" for release in releases),
        *(f"/tasks/{task}/{part}" for task in tasks for part in ("raw", "details?verbose=true", "log?verbose=true")),
        "/deployments",
        "/interruptions",
    ]
