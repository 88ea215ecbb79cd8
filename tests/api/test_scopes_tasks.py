"""Who sees which tasks, starts them and does something to them: narrowed by project, environment and tenant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from tests.api.conftest import SPACE, create
from tests.api.people import Headers, person
from tests.api.scopes import DEV, PROD, REGION, world

from polpo.engine import NewTask
from polpo.server.application import Server
from polpo.store.session import Session

#: Tasks by what they are about; each has one word as its description.
TASKS: dict[str, dict[str, Any]] = {
    "dev": {"project_id": "Projects-1", "environment_id": "Environments-1"},
    "prod": {"project_id": "Projects-1", "environment_id": "Environments-2"},
    "other": {"project_id": "Projects-2", "environment_id": "Environments-1"},
    "tenant": {"project_id": "Projects-1", "environment_id": "Environments-1", "tenant_id": "Tenants-1"},
    "check": {"places": ["Machines-1"]},
    "checkboth": {"places": ["Machines-1", "Machines-2"]},
    "space": {},
    "server": {"space_id": None},
}
#: How TaskView is narrowed, and what is seen of the tasks in the space.
SEEN: list[tuple[dict[str, Any], str]] = [
    ({}, "dev prod other tenant check checkboth space"),
    ({"project_ids": ["Projects-1"]}, "dev prod tenant"),
    ({"environment_ids": [DEV]}, "dev other tenant check checkboth"),
    ({"environment_ids": [PROD]}, "prod checkboth"),
    ({"project_ids": ["Projects-1"], "environment_ids": [DEV]}, "dev tenant"),
    ({"tenant_ids": ["Tenants-1"]}, "dev prod other tenant check checkboth space"),
    ({"tenant_ids": ["Tenants-2"]}, "dev prod other check checkboth space"),
    ({"space_id": None}, "server"),
]
HOME = "Spaces-1"
PARTS = ("", "/details", "/log", "/raw", "/waiting", "/queued-behind")


async def tasks(server: Server) -> dict[str, str]:
    """The ids of the tasks; none of them is to begin."""
    engine, later = server.engine, datetime.now(UTC) + timedelta(days=1)

    def store(session: Session) -> dict[str, str]:
        wishes = {
            name: NewTask(kind="Idle", description=name, not_before=later, **{"space_id": "Spaces-1", **about})
            for name, about in TASKS.items()
        }
        return {name: engine.enqueue(session, wish) for name, wish in wishes.items()}

    return await server.database.write(store)


def named(answer: httpx.Response) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {item["Description"] for item in answer.json()["Items"]} & TASKS.keys()


async def test_lists_show_what_may_be_seen_and_nothing_else_can_be_read(
    client: httpx.AsyncClient, server: Server
) -> None:
    await world(client)
    ids = await tasks(server)
    for number, (within, seen) in enumerate(SEEN):
        who = await person(server, f"p{number}", "TaskView", **within)
        everywhere = await client.get("/api/tasks", headers=who)
        assert named(everywhere) == set(seen.split()), within
        assert everywhere.json()["TotalCounts"]["Queued"] == everywhere.json()["TotalResults"]
        if within.get("space_id", "") is not None:
            assert named(await client.get(f"{SPACE}/tasks", headers=who)) == set(seen.split()), within
        for name, identity in ids.items():
            for path in PARTS if within == {"environment_ids": [DEV]} else PARTS[:1]:
                answer = await client.get(f"/api/tasks/{identity}{path}", headers=who)
                assert answer.status_code == (200 if name in seen.split() else 403), (within, name, path)
            if name not in seen.split():
                assert (await client.get(f"/api/tasks/{identity}/events", headers=who)).status_code == 403


#: What may be done with which task: the permission that is held in Dev alone, the request, and the answer.
DONE: list[tuple[str, str, str, str, int]] = [
    ("TaskView", "POST", "dev", "cancel", 403),
    ("TaskCancel", "POST", "prod", "cancel", 403),
    ("TaskCancel", "POST", "checkboth", "cancel", 403),
    ("TaskCancel", "POST", "server", "cancel", 403),
    ("TaskCancel", "POST", "check", "cancel", 200),
    ("TaskCancel", "POST", "dev", "cancel", 200),
    ("TaskEdit", "POST", "prod", "state", 403),
    ("TaskEdit", "POST", "dev", "state", 200),
    ("TaskCreate", "POST", "prod", "resume", 403),
    ("TaskCreate", "POST", "dev", "resume", 400),
    ("TaskPrioritize", "POST", "server", "prioritize", 403),
    ("TaskPrioritize", "POST", "prod", "prioritize", 200),
]


async def test_what_is_done_to_a_task_takes_the_right_where_it_works(client: httpx.AsyncClient, server: Server) -> None:
    await world(client)
    ids = await tasks(server)
    people: dict[str, Headers] = {}
    for permission, method, name, verb, status in DONE:
        if permission not in people:
            people[permission] = await person(server, permission, permission, environment_ids=[DEV])
        body = {"State": "Success", "Reason": "seen"} if verb == "state" else None
        path = f"/api/tasks/{ids[name]}/{verb}"
        answer = await client.request(method, path, json=body, headers=people[permission])
        assert answer.status_code == status, (permission, name, verb, answer.text)
        if status == 403:
            assert permission in answer.json()["ErrorMessage"] or permission == "TaskView"


ON_DEV: list[tuple[str, list[str], list[str], int]] = [
    ("Health", ["TaskCreate"], ["Machines-1"], 201),
    ("Health", ["TaskCreate"], ["Machines-2"], 403),
    ("Health", ["TaskCreate"], [], 403),
    ("Health", ["MachineView"], ["Machines-1"], 403),
    ("Health", ["TaskCreate", "WorkerEdit"], ["Workers-1"], 403),
    ("UpdateCalamari", ["TaskCreate", "MachineView"], ["Machines-3"], 403),
    ("UpdateCalamari", ["TaskCreate", "MachineEdit"], ["Machines-3"], 201),
    ("UpdateCalamari", ["TaskCreate", "MachineEdit"], ["Machines-4"], 403),
    ("Upgrade", ["TaskCreate", "MachineView"], ["Machines-3"], 403),
    ("Upgrade", ["TaskCreate", "MachineEdit"], ["Machines-3"], 201),
    ("Upgrade", ["TaskCreate", "MachineEdit"], ["Machines-4"], 403),
    ("TestEmail", ["TaskCreate"], [], 403),
    ("Retention", ["TaskCreate"], [], 403),
]


async def test_tasks_are_started_where_the_caller_may_do_what_they_do(
    client: httpx.AsyncClient, server: Server
) -> None:
    await world(client)
    for number in (1, 2):
        agent = {"CommunicationStyle": "TentacleActive", "Uri": f"poll://a{number}/", "Thumbprint": f"{number}" * 40}
        machine = {"EnvironmentIds": [f"Environments-{number}"], "Roles": ["web"], "Endpoint": agent}
        await create(client, "machines", Name=f"agent{number}", **machine, SkipInitialHealthCheck=True)
    worker = {"WorkerPoolIds": ["WorkerPools-1"], "SkipInitialHealthCheck": True}
    agent = {"CommunicationStyle": "TentacleActive", "Uri": "poll://w/", "Thumbprint": "F" * 40}
    await create(client, "workers", Name="w", Endpoint=agent, **worker)
    for number, (kind, permissions, ids, status) in enumerate(ON_DEV):
        who = await person(server, f"p{number}", *permissions, environment_ids=[DEV])
        body = {"Name": kind, "Arguments": {"MachineIds": ids, "EmailAddress": "a@example.com"}}
        for path in ("/api/tasks", f"{SPACE}/tasks"):
            answer = await client.post(path, json=body, headers=who)
            assert answer.status_code == status, (kind, permissions, ids, answer.text)


async def test_a_task_is_started_in_the_space_that_is_named(client: httpx.AsyncClient, server: Server) -> None:
    await world(client)
    away = (await client.post("/api/spaces", json={"Name": "Away"})).json()["Id"]
    place = (await client.post(f"/api/{away}/environments", json={"Name": "Dev"})).json()["Id"]
    machine = {"Name": "m", "EnvironmentIds": [place], "Roles": ["web"], "Endpoint": REGION}
    assert (await client.post(f"/api/{away}/machines", json=machine)).status_code == 201
    who = await person(server, "eva", "TaskCreate", "TaskView")
    for body, status in (({}, 403), ({"SpaceId": away}, 403), ({"SpaceId": "Spaces-9"}, 400), ({"SpaceId": HOME}, 201)):
        answer = await client.post("/api/tasks", json={"Name": "Health", "Arguments": {}, **body}, headers=who)
        assert answer.status_code == status, (body, answer.text)
    made = (await client.get("/api/tasks?name=Health", headers=who)).json()["Items"]
    assert [(one["SpaceId"], one["Description"]) for one in made] == [(HOME, "Check the health of m1, m2")]


async def test_why_a_task_waits_tells_nothing_of_tasks_that_are_not_seen(
    client: httpx.AsyncClient, server: Server
) -> None:
    await world(client)
    space = (await client.get("/api/spaces/Spaces-1")).json()
    stopped = await client.put("/api/spaces/Spaces-1", json={**space, "TaskQueueStopped": True})
    assert stopped.status_code == 200

    def store(session: Session) -> list[str]:
        wishes = [
            NewTask(
                kind="Idle", description=f"Deploy {name}", space_id="Spaces-1", project_id=name, concurrency_tag="x"
            )
            for name in ("Projects-2", "Projects-1")
        ]
        return [server.engine.enqueue(session, wish) for wish in wishes]

    first, second = await server.database.write(store)
    who = await person(server, "eva", "TaskView", project_ids=["Projects-1"])
    path = f"/api/tasks/{second}/waiting"
    seen, told = [(await client.get(path, headers=headers)).json() for headers in ({}, who)]
    assert f"Waits behind {first} (Deploy Projects-2), which" in str(seen)
    assert "Waits behind another task, which is queued for the same place" in str(told)
    assert [one["TaskIds"] for one in told["Reasons"]] == [[], []]
    assert first not in str(told)
