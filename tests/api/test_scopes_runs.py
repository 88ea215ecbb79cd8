"""Who sees deployments and what belongs to them, and who may deploy: by project, environment and tenant."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create, tomorrow
from tests.api.people import person
from tests.api.scopes import DEV, PROD, world
from tests.api.test_deployments import script

from polpo.features.artifacts.resource import ARTIFACTS, Artifact
from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.interruptions.resource import INTERRUPTIONS
from polpo.features.interruptions.service import intervention_form, put_question
from polpo.features.teams.resource import TEAMS
from polpo.server.application import Server
from polpo.store.session import Session

#: Deployments by what they are for: project, environment, tenant. Each has an artifact and a question of its own.
RUNS: dict[str, tuple[int, str, str | None]] = {
    "shopdev": (1, DEV, None),
    "shopprod": (1, PROD, None),
    "backdev": (2, DEV, None),
    "shopdevt1": (1, DEV, "Tenants-1"),
    "shopdevt2": (1, DEV, "Tenants-2"),
    "backprodt1": (2, PROD, "Tenants-1"),
}
EVERY = " ".join(RUNS)
#: How the rights are narrowed, and what of them is seen.
SEEN: list[tuple[dict[str, Any], str]] = [
    ({}, EVERY),
    ({"project_ids": ["Projects-1"]}, "shopdev shopprod shopdevt1 shopdevt2"),
    ({"project_group_ids": ["ProjectGroups-1"]}, EVERY),
    ({"environment_ids": [PROD]}, "shopprod backprodt1"),
    ({"tenant_ids": ["Tenants-1"]}, "shopdevt1 backprodt1"),
    ({"project_ids": ["Projects-1"], "environment_ids": [DEV], "tenant_ids": ["Tenants-2"]}, "shopdevt2"),
]
VIEWS = ("DeploymentView", "ArtifactView", "InterruptionView", "TaskView", "ProjectView", "EnvironmentView")


@pytest.fixture
async def runs(client: httpx.AsyncClient, server: Server) -> dict[str, str]:
    """The ids of the deployments."""
    await world(client)
    for number in (1, 2):
        path = f"{SPACE}/projects/Projects-{number}/deploymentprocesses"
        process = {"Version": (await client.get(path)).json()["Version"], "Steps": [script("One", "true")]}
        assert (await client.put(path, json=process)).status_code == 200
        channel = (await client.get(f"{SPACE}/projects/Projects-{number}/channels")).json()["Items"][0]["Id"]
        await create(client, "releases", ProjectId=f"Projects-{number}", ChannelId=channel, Version="1.0")
    lifecycle = (await client.get(f"{SPACE}/lifecycles/Lifecycles-1")).json()
    phase = {"Name": "All", "OptionalDeploymentTargets": [DEV, PROD]}
    answer = await client.put(f"{SPACE}/lifecycles/Lifecycles-1", json={**lifecycle, "Phases": [phase]})
    assert answer.status_code == 200, answer.text
    made = {}
    for name in RUNS:
        made[name] = (await create(client, "deployments", **wish(name)))["Id"]
    await server.database.write(lambda session: leave_traces(session, made))
    return made


def wish(name: str) -> dict[str, Any]:
    number, environment, tenant = RUNS[name]
    return {
        "ReleaseId": f"Releases-{number}", "EnvironmentId": environment, "TenantId": tenant, "QueueTime": tomorrow(),
    }  # fmt: skip


def leave_traces(session: Session, made: dict[str, str]) -> None:
    for name, identity in made.items():
        task_id = session.get(DEPLOYMENTS, identity).task_id
        artifact = Artifact(space_id="Spaces-1", filename=name, server_task_id=task_id)
        session.insert(ARTIFACTS, artifact)
        form = intervention_form("Look.")
        about: dict[str, Any] = {"task_id": task_id, "space_id": "Spaces-1", "key": name, "related": [identity]}
        put_question(session, title=name, form=form, **about)


async def test_lists_show_what_may_be_seen_and_nothing_else_can_be_read(
    client: httpx.AsyncClient, server: Server, runs: dict[str, str]
) -> None:
    names = {identity: name for name, identity in runs.items()}
    for number, (within, text) in enumerate(SEEN):
        who, seen = await person(server, f"p{number}", *VIEWS, **within), set(text.split())

        async def listed(path: str, who: dict[str, str] = who) -> list[dict[str, Any]]:
            answer = await client.get(f"{SPACE}/{path}", headers=who)
            assert answer.status_code == 200, answer.text
            body = answer.json()
            items: list[dict[str, Any]] = body["Items"] if "Items" in body else body["items"]
            assert body.get("TotalResults", len(items)) == len(items)
            return items

        assert {names[one["Id"]] for one in await listed("deployments")} == seen, within
        of_release = {names[one["Id"]] for one in await listed("releases/Releases-1/deployments")}
        assert of_release == {one for one in seen if one.startswith("shop")}, within
        artifacts, questions = await listed("artifacts"), await listed("interruptions")
        assert {one["Filename"] for one in artifacts} == seen, within
        assert {one["Title"] for one in questions} == seen, within
        dashboard = (await client.get(f"{SPACE}/dashboard", headers=who)).json()
        assert {names[one["Id"]] for one in dashboard["Items"]} == seen, within
        shown = {one["Id"] for one in dashboard["Environments"]}
        assert shown == set(within.get("environment_ids", [DEV, PROD])), within
        assert {one["Id"] for one in dashboard["Projects"]} == set(
            within.get("project_ids", ["Projects-1", "Projects-2"])
        )
        for name, identity in runs.items():
            answer = await client.get(f"{SPACE}/deployments/{identity}", headers=who)
            assert answer.status_code == (200 if name in seen else 403), (within, name)
        counted = (await client.get(f"{SPACE}/reporting/deployments-counted-by-week", headers=who)).json()
        assert sum(sum(one["ReportData"]["Series"][0]["Data"]) for one in counted) == len(seen)


#: With rights in Dev to the first project alone: the request, and whether it is allowed.
READ: list[tuple[str, str, int]] = [
    ("GET", "artifacts/{artifact}/content", 404),
    ("GET", "artifacts/{artifact}", 200),
    ("GET", "interruptions/{question}", 200),
    ("GET", "interruptions/{question}/responsible", 204),
    ("GET", "deployments/{deployment}", 200),
]
NEAR, FAR = "shopdev", "backprodt1"


async def test_what_belongs_to_a_deployment_is_read_by_those_who_may_see_it(
    client: httpx.AsyncClient, server: Server, runs: dict[str, str]
) -> None:
    who = await person(server, "eva", *VIEWS, "ReleaseView", project_ids=["Projects-1"], environment_ids=[DEV])
    order = list(runs)
    for method, path, status in READ:
        for name, expected in ((NEAR, status), (FAR, 403)):
            place = order.index(name) + 1
            ids = {"artifact": f"Artifacts-{place}", "question": f"Interruptions-{place}", "deployment": runs[name]}
            answer = await client.request(method, f"{SPACE}/{path.format(**ids)}", headers=who)
            assert answer.status_code == expected, (path, name, answer.text)
    preview = f"{SPACE}/releases/Releases-1/deployments/preview"
    for path, status in ((f"{preview}/{DEV}", 200), (f"{preview}/{PROD}", 403), (f"{preview}/{DEV}/Tenants-1", 200)):
        assert (await client.get(path, headers=who)).status_code == status, path
    several = {"DeploymentPreviews": [{"EnvironmentId": DEV}, {"EnvironmentId": PROD}]}
    answer = await client.post(f"{SPACE}/releases/Releases-1/deployments/previews", json=several, headers=who)
    assert answer.status_code == 403
    template = (await client.get(f"{SPACE}/releases/Releases-1/deployments/template", headers=who)).json()
    assert [one["Id"] for one in template["PromoteTo"]] == [DEV]
    assert {one["Id"] for promotion in template["TenantPromotions"] for one in promotion["PromoteTo"]} == {DEV}
    found = (await client.get(f"{SPACE}/projects/Projects-1/progression", headers=who)).json()
    assert [one["Id"] for one in found["Environments"]] == [DEV]
    assert [list(one["Deployments"]) for one in found["Releases"]] == [[DEV]]
    found = (await client.get(f"{SPACE}/releases/Releases-1/progression", headers=who)).json()
    assert {one["Deployment"]["EnvironmentId"] for phase in found["Phases"] for one in phase["Deployments"]} == {DEV}
    for path in ("projects/Projects-2/progression", "releases/Releases-2/progression"):
        assert (await client.get(f"{SPACE}/{path}", headers=who)).status_code == 403, path
    answer = await client.get(f"{SPACE}/releases/Releases-2/deployments/template", headers=who)
    assert answer.status_code == 403


#: How DeploymentCreate is narrowed, the deployment, and the answer.
CREATED: list[tuple[dict[str, Any], str, int]] = [
    ({"project_ids": ["Projects-1"], "environment_ids": [DEV]}, "shopdev", 201),
    ({"project_ids": ["Projects-1"], "environment_ids": [DEV]}, "shopdevt1", 201),
    ({"project_ids": ["Projects-1"], "environment_ids": [DEV]}, "shopprod", 403),
    ({"project_ids": ["Projects-1"], "environment_ids": [DEV]}, "backdev", 403),
    ({"tenant_ids": ["Tenants-1"]}, "shopdevt1", 201),
    ({"tenant_ids": ["Tenants-1"]}, "shopdevt2", 403),
    ({"tenant_ids": ["Tenants-1"]}, "shopdev", 403),
]


async def test_deploying_takes_the_right_for_project_environment_and_tenant_together(
    client: httpx.AsyncClient, server: Server, runs: dict[str, str]
) -> None:
    for number, (within, name, status) in enumerate(CREATED):
        who = await person(server, f"p{number}", "DeploymentCreate", **within)
        answer = await client.post(f"{SPACE}/deployments", json=wish(name), headers=who)
        assert answer.status_code == status, (within, name, answer.text)
    dev = await person(server, "dev", "DeploymentCreate", environment_ids=[DEV], tenant_ids=["Tenants-1"])
    anyone = await person(server, "alone", "DeploymentCreate", environment_ids=[DEV])
    count = (await client.get(f"{SPACE}/deployments")).json()["TotalResults"]
    common = {"projectName": "Shop", "releaseVersion": "1.0", "runAt": tomorrow()}
    untenanted = {**common, "environmentNames": ["Dev", "Prod"]}
    tenanted = {**common, "environmentName": "Dev", "tenants": ["T1", "T2"]}
    for kind, body, who in (("untenanted", untenanted, anyone), ("tenanted", tenanted, dev)):
        answer = await client.post(f"{SPACE}/deployments/create/{kind}/v1", json=body, headers=who)
        assert answer.status_code == 403, answer.text
    assert (await client.get(f"{SPACE}/deployments")).json()["TotalResults"] == count
    body = {**tenanted, "tenants": ["T1"]}
    assert (await client.post(f"{SPACE}/deployments/create/tenanted/v1", json=body, headers=dev)).status_code == 200
    hurried = await client.post(f"{SPACE}/deployments", json={**wish("shopdev"), "Priority": "On"}, headers=anyone)
    assert hurried.status_code == 403
    assert "TaskPrioritize" in hurried.json()["ErrorMessage"]
    answer = await client.delete(f"{SPACE}/deployments/{runs['shopdev']}", headers=anyone)
    assert answer.status_code == 403


async def test_members_of_responsible_teams_see_and_answer_theirs_without_wider_rights(
    client: httpx.AsyncClient, server: Server, runs: dict[str, str]
) -> None:
    own = "InterruptionViewSubmitResponsible"
    member = await person(server, "mia", own, environment_ids=[DEV])
    stranger = await person(server, "sam", own)

    def entrust(session: Session) -> None:
        [team] = session.all(TEAMS, TEAMS.table.c.name_key == "team of mia")
        for asked in session.all(INTERRUPTIONS):
            asked.responsible_team_ids = [team.id] if asked.title in {"shopdev", "shopprod"} else []
            session.update(INTERRUPTIONS, asked)

    await server.database.write(entrust)
    for path in ("interruptions", "interruptions/all"):
        for who, seen in ((member, ["shopdev"]), (stranger, [])):
            answer = (await client.get(f"{SPACE}/{path}", headers=who)).json()
            items = answer["Items"] if path == "interruptions" else answer
            assert [one["Title"] for one in items] == seen
    order = list(runs)
    for name, who, status in (
        ("shopdev", member, 200), ("shopprod", member, 403), ("backdev", member, 403), ("shopdev", stranger, 403),
    ):  # fmt: skip
        path = f"{SPACE}/interruptions/Interruptions-{order.index(name) + 1}"
        assert (await client.get(path, headers=who)).status_code == status
        assert (await client.put(f"{path}/responsible", headers=who)).status_code == status
        answer = await client.post(f"{path}/submit", json={"Result": "Proceed"}, headers=who)
        assert answer.status_code == status, answer.text
        if status == 403:
            assert "InterruptionSubmit" in answer.json()["ErrorMessage"]


async def test_events_are_shown_by_what_they_are_about(
    client: httpx.AsyncClient, server: Server, runs: dict[str, str]
) -> None:
    names = {identity: name for name, identity in runs.items()}
    for number, (within, text) in enumerate(SEEN):
        who, seen = await person(server, f"p{number}", "EventView", **within), set(text.split())
        for path in (f"{SPACE}/events", "/api/events"):
            found = (await client.get(f"{path}?take=200&excludeDifference=true", headers=who)).json()
            about = {identity for one in found["Items"] for identity in one["RelatedDocumentIds"]}
            assert {names[one] for one in about & names.keys()} == seen, within
            assert found["TotalResults"] == len(found["Items"])
            assert bool([one for one in found["Items"] if one["Category"] == "Created"]) is True
        exported = (await client.get(f"{SPACE}/events/export", headers=who)).text
        assert {name for identity, name in names.items() if f'"{identity}"' in exported} == seen, within
    every = (await client.get("/api/events?take=200")).json()["Items"]
    viewer = await person(server, "eva", "EventView", project_ids=["Projects-1"])
    auditor = await person(server, "aud", "EventView", space_id=None)
    shown = {one["Id"] for one in (await client.get("/api/events?take=200", headers=viewer)).json()["Items"]}
    for one in every:
        path = f"/api/events/{one['Id']}"
        assert (await client.get(path, headers=viewer)).status_code == (200 if one["Id"] in shown else 403), one
    of_server = {one["Id"] for one in every if one["SpaceId"] is None}
    found = (await client.get("/api/events?take=200", headers=auditor)).json()["Items"]
    assert of_server <= {one["Id"] for one in found}
    assert not [one for one in found if one["SpaceId"] is not None]
    assert (await client.get(f"{SPACE}/events/categories", headers=viewer)).status_code == 200


async def test_who_edits_a_project_passes_its_own_freezes_and_no_others(
    client: httpx.AsyncClient, server: Server, runs: dict[str, str]
) -> None:
    times = {"Start": "2000-01-01T00:00:00Z", "End": "2100-01-01T00:00:00Z"}
    own = {"Name": "own", "OwnerId": "Projects-1", "ProjectEnvironmentScope": {"Projects-1": [DEV]}, **times}
    wide = {"Name": "wide", "ProjectEnvironmentScope": {"Projects-1": [PROD]}, **times}
    for freeze in (own, wide):
        assert (await client.post("/api/deploymentfreezes", json=freeze)).status_code == 201
    editor = await person(server, "eva", "DeploymentCreate", "ProjectEdit", project_ids=["Projects-1"])
    deployer = await person(server, "dan", "DeploymentCreate")
    for who, name, passed, status in (
        (editor, "shopdev", "own", 201), (editor, "shopprod", "wide", 403), (deployer, "shopdev", "own", 403),
    ):  # fmt: skip
        body = {"CreateDeploymentCommand": wish(name), "FreezeIds": [passed], "Reason": "An outage"}
        answer = await client.post(f"{SPACE}/deployments/override", json=body, headers=who)
        assert answer.status_code == status, answer.text
