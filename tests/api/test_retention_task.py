"""Retention at work: what goes, with everything that belonged to it, what stays, and what people are told of it."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from tests.api.conftest import SPACE, create
from tests.api.runbooks import Care
from tests.api.test_deployments import Shop, script

from polpo.engine import NewTask, server_task, task_log
from polpo.features.events.tables import event, event_about, event_detail
from polpo.features.packages.resource import PACKAGES
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES
from polpo.features.retention.housekeeping import EVERY, Housekeeping
from polpo.features.variables.resource import VARIABLE_SETS
from polpo.kernel.clock import iso
from polpo.server.application import Server
from polpo.store.blobs import BlobStore
from polpo.store.discarding import sweep

LEAVE = 'echo found > out.txt; new_octopusartifact "$PWD/out.txt" out.txt; echo "#{Word}"'


@pytest.fixture
async def shop(client: httpx.AsyncClient, server: Server, project: Any) -> Shop:
    made = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")}
    shop = Shop(client, server, made)
    await shop.process(script("Leave", LEAVE))
    return shop


async def keep(shop: Shop, items: int) -> None:
    lifecycle = (await shop.client.get(f"{SPACE}/lifecycles/Lifecycles-1")).json()
    lifecycle["ReleaseRetentionPolicy"] = {"Strategy": "Count", "QuantityToKeep": items, "Unit": "Items"}
    assert (await shop.client.put(f"{SPACE}/lifecycles/Lifecycles-1", json=lifecycle)).status_code == 200


async def apply(shop: Shop) -> Any:
    task = await shop.ended((await create(shop.client, "tasks", Name="Retention"))["Id"])
    assert task["State"] == "Success", task["ErrorMessage"]
    return task


async def versions(shop: Shop) -> list[str]:
    return [one["Version"] for one in (await shop.client.get(f"{SPACE}/releases")).json()["Items"]][::-1]


def ids(shop: Shop, column: sa.ColumnElement[Any], *where: sa.ColumnElement[bool]) -> set[str]:
    with shop.server.database.read() as session:
        return set(session.connection.execute(sa.select(column).where(*where)).scalars())


async def test_old_releases_go_with_all_that_belonged_to_them(shop: Shop) -> None:
    tasks = []
    for number in range(1, 6):
        await shop.variables({"Name": "Word", "Value": str(number)})
        await shop.process(script("Leave", f"{LEAVE} # {number}"))
        await shop.release(f"1.0.{number}")
        tasks.append((await shop.ended(await shop.deploy(version=f"1.0.{number}")))["Id"])
    for number in range(6, 9):
        await shop.release(f"1.0.{number}")
    await keep(shop, 1)
    preview = (await shop.client.get(f"{SPACE}/projects/Projects-1/retention/preview")).json()
    blobs = shop.server.parts.get(BlobStore)
    assert len(await blobs.list("artifacts/Spaces-1")) == 5

    task = await apply(shop)

    assert await versions(shop) == ["1.0.3", "1.0.4", "1.0.5", "1.0.8"]
    assert [(await shop.client.get(f"/api/tasks/{one}")).status_code for one in tasks] == [404, 404, 200, 200, 200]
    assert len((await shop.client.get(f"{SPACE}/deployments")).json()["Items"]) == 3
    assert len(await blobs.list("artifacts/Spaces-1")) == len(
        (await shop.client.get(f"{SPACE}/artifacts")).json()["Items"]
    ) == 3  # fmt: skip
    assert ids(shop, task_log.c.task_id) <= ids(shop, server_task.c.id)
    frozen = ids(shop, DEPLOYMENT_PROCESSES.table.c.version, DEPLOYMENT_PROCESSES.table.c.is_snapshot)
    assert len(frozen) == len(ids(shop, VARIABLE_SETS.table.c.version, VARIABLE_SETS.table.c.is_snapshot)) == 3
    # told, by the preview as by the log, and kept in the audit trail
    assert (preview["Kept"], preview["Deleted"], preview["ProjectName"]) == (4, 4, "Web Shop")
    assert [one["IsKept"] for one in preview["Releases"]] == [True, False, False, True, True, True, False, False]
    lines = await shop.lines(task["Id"])
    assert "4 of 8 releases are kept." in lines
    assert "Release 1.0.5 is kept. It is on the dashboard, in Dev." in lines
    assert "Release 1.0.4 is kept. It is the one before the release in Dev, to go back to." in lines
    assert "Release 1.0.2 is deleted. Dev keeps the last one; as many newer ones are kept." in lines
    assert "Phase Prod keeps the last one (of the lifecycle)." in lines
    events = (await shop.client.get(f"{SPACE}/events?eventCategories=Deleted&documentTypes=Releases")).json()
    assert [one["Message"] for one in events["Items"]] == [
        f"Release 1.0.{number} was deleted" for number in (1, 2, 6, 7)
    ]
    # what is kept can be deployed again, and a second time nothing more goes
    assert (await shop.ended(await shop.deploy(version="1.0.3")))["State"] == "Success"
    await apply(shop)
    assert await versions(shop) == ["1.0.3", "1.0.4", "1.0.5", "1.0.8"]


async def test_everything_stays_unless_somebody_says_otherwise(shop: Shop) -> None:
    for number in range(1, 4):
        await shop.release(f"1.0.{number}")
    await apply(shop)
    assert await versions(shop) == ["1.0.1", "1.0.2", "1.0.3"]
    policy = (await shop.client.get(f"{SPACE}/retentionpolicies?RetentionType=LifecycleRelease")).json()
    body = {**policy, "Strategy": "Count", "QuantityToKeep": 2, "Unit": "Items"}
    assert (await shop.client.put(policy["Links"]["Self"], json=body)).status_code == 200
    [preview] = (await shop.client.get(f"{SPACE}/lifecycles/Lifecycles-1/retention/preview")).json()
    assert preview["Groups"] == [
        {
            "Name": "lifecycle Default Lifecycle",
            "NeverDeployed": "the last 2",
            "Phases": [{"Name": name, "Keeps": "the last 2", "Origin": "of the space"} for name in ("Dev", "Prod")],
        }
    ]
    await apply(shop)
    assert await versions(shop) == ["1.0.2", "1.0.3"]


async def test_a_release_that_is_being_deployed_stays(shop: Shop) -> None:
    await shop.process({"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual"}]})
    await shop.release("1.0.1")
    asking = await shop.deploy(version="1.0.1")
    for number in range(2, 5):
        await shop.release(f"1.0.{number}")
    await keep(shop, 1)
    task = await apply(shop)
    assert await versions(shop) == ["1.0.1", "1.0.4"]
    assert "Release 1.0.1 is kept. A deployment of it has not ended." in await shop.lines(task["Id"])
    await shop.client.post(f"/api/tasks/{asking}/cancel")


async def test_old_runs_of_runbooks_go(shop: Shop) -> None:
    await create(shop.client, "runbooks", Name="Restart", ProjectId="Projects-1")
    care = Care(shop.client, shop.server, shop.environments)
    await care.process(script("Hello", "echo hello"))
    await care.publish()
    runs = [await care.run("Dev") for _ in range(4)]
    for run in runs:
        await care.ended(run)
    await care.settings(RunRetentionPolicy={"Strategy": "Count", "QuantityToKeep": 2, "Unit": "Items"})

    task = await apply(shop)

    assert [(await shop.client.get(f"/api/tasks/{one}")).status_code for one in runs] == [404, 404, 200, 200]
    assert "2 of 4 runs of runbooks are kept." in await shop.lines(task["Id"])


async def test_packages_that_no_release_uses_go_after_their_time(shop: Shop) -> None:
    feed = (await shop.client.get(f"{SPACE}/feeds/feeds-builtin")).json()
    answer = await shop.client.put(feed["Links"]["Self"], json={**feed, "DeleteUnreleasedPackagesAfterDays": 7})
    assert answer.status_code == 200, answer.text
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("readme.txt", "hello")
    for name in ("Web.1.0.0", "Web.1.1.0", "Web.2.0.0"):
        file = {"file": (f"{name}.zip", content.getvalue())}
        assert (await shop.client.post(f"{SPACE}/packages/raw", files=file)).status_code == 201
    deploy = {"Name": "Deploy", "ActionType": "Octopus.Script", "Packages": [
        {"Name": "web", "PackageId": "Web", "FeedId": "feeds-builtin", "AcquisitionLocation": "Server"}]}  # fmt: skip
    step = script("Deploy", "true")
    step["Actions"][0]["Packages"] = deploy["Packages"]
    await shop.process(step)
    body = {"projectName": "Web Shop", "releaseVersion": "1.0.0", "packages": ["Deploy:1.0.0"]}
    assert (await shop.client.post(f"{SPACE}/releases/create/v1", json=body)).is_success

    def age(session: Any) -> None:
        for package in session.all(PACKAGES):
            if package.version != "2.0.0":
                package.published = session.clock.now() - timedelta(days=8)
                session.update(PACKAGES, package)

    await shop.server.database.write(age)
    await apply(shop)
    found = (await shop.client.get(f"{SPACE}/packages?nuGetPackageId=Web&take=10")).json()["Items"]
    assert sorted(one["Version"] for one in found) == ["1.0.0", "2.0.0"]
    assert len(await shop.server.parts.get(BlobStore).list("packages/Spaces-1")) == 2


async def test_old_tasks_go_beyond_the_newest_of_their_kind(shop: Shop) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=40)

    def enqueue(session: Any) -> list[str]:
        engine = shop.server.engine
        return [engine.enqueue(session, NewTask(kind="Nothing", description="Do nothing")) for _ in range(22)]

    made = await shop.server.database.write(enqueue)
    for one in made:
        await shop.ended(one)
    done = sa.update(server_task).where(server_task.c.id.in_(made)).values(completed=long_ago)
    await shop.server.database.write(lambda session: session.connection.execute(done) and None)
    await apply(shop)
    assert ids(shop, server_task.c.id, server_task.c.kind == "Nothing") == set(made[2:])


async def test_old_events_go_to_the_archive_and_can_be_read_there(shop: Shop) -> None:
    old = sorted(int(one) for one in ids(shop, event.c.seq))[:3]
    moment = iso(datetime.now(UTC) - timedelta(days=91))
    back = sa.update(event).where(event.c.seq.in_(old)).values(occurred=moment)
    await shop.server.database.write(lambda session: session.connection.execute(back) and None)
    before = (await shop.client.get("/api/events")).json()["TotalResults"]

    task = await apply(shop)

    [file] = (await shop.client.get("/api/events/archives")).json()["Items"]
    assert file["Name"] == f"events-{moment[:10]}.jsonl.gz"
    content = (await shop.client.get(file["Links"]["Self"])).content
    assert (len(content), [int(json.loads(line)["Id"][7:]) for line in gzip.decompress(content).splitlines()]) == (
        file["FileBytes"], old)  # fmt: skip
    assert "ChangeDetails" in gzip.decompress(content).decode()
    assert any(line.startswith("3 events of ") for line in await shop.lines(task["Id"]))
    for table in (event, event_about, event_detail):
        assert not ids(shop, table.c.seq) & set(old)  # type: ignore[arg-type] # numbers here
    told = (await shop.client.get(f"/api/events?regarding={task['Id']}")).json()["TotalResults"]
    more = told + 2  # also that they went there, and that the file was downloaded
    assert (await shop.client.get("/api/events")).json()["TotalResults"] == before - 3 + more
    assert (await shop.client.delete(file["Links"]["Self"])).status_code == 200
    assert (await shop.client.get(file["Links"]["Self"])).status_code == 404
    assert (await shop.client.get("/api/events/archives/..%2Fmaster.key")).status_code == 404
    [removed, _downloaded, moved] = (await shop.client.get(f"/api/events?regarding={file['Name']}")).json()["Items"]
    assert moved["Message"] == f"3 events were moved to the archive {file['Name']}"
    assert (removed["Category"], removed["Username"]) == ("EventArchiveDeleted", "admin")
    bounds = f"the events Events-{old[0]} to Events-{old[-1]}"
    assert removed["Message"] == f"The archive {file['Name']} was deleted, with {bounds}"


async def test_the_server_applies_retention_every_four_hours(shop: Shop) -> None:
    """However many nodes there are: each asks, one is told that it is its turn."""
    database, blobs = shop.server.database, shop.server.parts.get(BlobStore)
    nodes = [Housekeeping(database, blobs, shop.server.engine) for _ in range(2)]

    async def rounds() -> int:
        for node in nodes:
            await node.round()
        tasks = (await shop.client.get("/api/tasks?name=Retention")).json()["Items"]
        for task in tasks:
            await shop.ended(task["Id"])
        return len(tasks)

    clock = database.clock
    assert await rounds() == 0
    database.clock = type("Later", (), {"now": lambda _self: clock.now() + EVERY, "monotonic": clock.monotonic})()
    assert [await rounds(), await rounds()] == [1, 1]
    database.clock = clock


async def test_files_go_when_a_deployment_is_deleted(shop: Shop) -> None:
    await shop.release()
    task = await shop.ended(await shop.deploy())
    blobs = shop.server.parts.get(BlobStore)
    assert len(await blobs.list("artifacts")) == 1
    identity = task["Arguments"]["DeploymentId"]
    assert (await shop.client.delete(f"{SPACE}/deployments/{identity}")).status_code == 200
    await sweep(shop.server.database, blobs)
    assert await blobs.list("artifacts") == []
    assert not ids(shop, task_log.c.task_id) & {task["Id"]}
