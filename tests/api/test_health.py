"""Health checks at work: what is run on a machine, what is kept of it, who is told, and who is deleted in the end.

Machines whose name begins with "up" answer: what is run on them is really run, by the built-in worker.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script

from polpo.engine import NewTask, server_task
from polpo.engine.tables import recurrence
from polpo.features.machinepolicies.resource import MACHINE_POLICIES, MachineHealthCheckPolicy, MachinePolicy
from polpo.features.machines.health import MACHINE_CONNECTIONS, MachineConnectionStatus
from polpo.features.machines.scheduling import HealthSchedule
from polpo.kernel.errors import WireError
from polpo.server.application import Server
from polpo.server.places import Notify, ServerPlaces
from polpo.steps.places import MachineAddress
from polpo.store.session import Session
from polpo.transports.transport import MachineUnreachable, Transport

POLICY = f"{SPACE}/machinepolicies/MachinePolicies-1"


@pytest.fixture(autouse=True)
def ways(monkeypatch: pytest.MonkeyPatch) -> None:
    def reach(self: ServerPlaces, machine: MachineAddress, _notify: Notify | None = None) -> Transport:
        if not machine.name.startswith("up"):
            raise MachineUnreachable(f"{machine.name} does not answer.", "connect")
        return self.here()

    monkeypatch.setattr(ServerPlaces, "reach", reach)


class Stand:
    """Machines of one environment, and their policy."""

    def __init__(self, client: httpx.AsyncClient, server: Server, environment: str) -> None:
        self.client, self.server, self.environment = client, server, environment

    async def target(self, name: str, **more: Any) -> str:
        body = {"Roles": ["web"], "EnvironmentIds": [self.environment], "SkipInitialHealthCheck": True, **more}
        return str((await create(self.client, "machines", Name=name, Endpoint=self.agent(name), **body))["Id"])

    async def worker(self, name: str, **more: Any) -> str:
        body = {"WorkerPoolIds": ["WorkerPools-1"], "SkipInitialHealthCheck": True, **more}
        return str((await create(self.client, "workers", Name=name, Endpoint=self.agent(name), **body))["Id"])

    def agent(self, name: str) -> dict[str, str]:
        thumbprint = name.encode().hex().upper().ljust(40, "0")
        return {"CommunicationStyle": "TentaclePassive", "Uri": f"https://{name}:10933/", "Thumbprint": thumbprint}

    async def policy(self, url: str = POLICY, **changes: dict[str, Any]) -> None:
        policy = (await self.client.get(url)).json()
        for part, change in changes.items():
            policy[part] = {**policy[part], **change}
        answer = await self.client.put(url, json=policy)
        assert answer.status_code == 200, answer.text

    async def script(self, bash: str, url: str = POLICY) -> None:
        await self.policy(
            url, MachineHealthCheckPolicy={"BashHealthCheckPolicy": {"RunType": "Inline", "ScriptBody": bash}}
        )

    async def check(self, **arguments: Any) -> Any:
        return await self.ended((await create(self.client, "tasks", Name="Health", Arguments=arguments))["Id"])

    async def ended(self, task_id: str) -> Any:
        async with asyncio.timeout(60):
            async for _ in self.server.engine.watch(task_id):
                pass
        return (await self.client.get(f"/api/tasks/{task_id}")).json()

    async def nodes(self, task_id: str) -> dict[str, str]:
        details = (await self.client.get(f"/api/tasks/{task_id}/details")).json()
        return {one["Name"]: one["Status"] for one in details["ActivityLogs"][0]["Children"]}

    async def machine(self, identity: str) -> Any:
        kind = identity.partition("-")[0].lower()
        return (await self.client.get(f"{SPACE}/{kind}/{identity}")).json()

    async def connection(self, identity: str) -> Any:
        kind = identity.partition("-")[0].lower()
        return (await self.client.get(f"{SPACE}/{kind}/{identity}/connection")).json()

    async def categories(self, identity: str) -> list[str]:
        found = (await self.client.get(f"{SPACE}/events?regarding={identity}&documentTypes=Machines")).json()["Items"]
        return [one["Category"] for one in reversed(found)]


@pytest.fixture
async def stand(client: httpx.AsyncClient, server: Server) -> Stand:
    return Stand(client, server, (await create(client, "environments", Name="Dev"))["Id"])


# -- what is found


@pytest.mark.parametrize("kind", ["target", "worker"])
async def test_full_check_tells_what_the_machine_is(stand: Stand, kind: str) -> None:
    machine = await getattr(stand, kind)("up-1")
    await stand.script("echo All is calm.; echo_warning 'A bit warm.'")
    task = await stand.check(MachineIds=[machine])
    assert (task["State"], task["HasWarningsOrErrors"]) == ("Success", True), task["ErrorMessage"]
    assert await stand.nodes(task["Id"]) == {"up-1": "SuccessWithWarning"}
    found = await stand.machine(machine)
    assert (found["HealthStatus"], found["Status"]) == ("HasWarnings", "Online")
    assert (found["ShellName"], found["OperatingSystem"], found["HasLatestCalamari"]) == ("bash", "Linux", False)
    told = await stand.connection(machine)
    assert (told["Status"], told["LastChecked"] is not None) == ("HasWarnings", True)
    lines = [(one["Category"], one["MessageText"]) for one in told["Logs"]]
    assert ("Info", "All is calm.") in lines
    assert ("Warning", "A bit warm.") in lines
    assert lines[-1] == ("Info", "The machine answers; the check has warnings.")


async def test_only_a_change_of_health_is_an_event(stand: Stand) -> None:
    machine = await stand.target("up-1")
    for body in ("true", "true", "echo_warning hm", "fail_healthcheck 'Disk is broken.'", "exit 3", "true"):
        await stand.script(body)
        task = await stand.check(MachineIds=[machine])
        if body.startswith("fail"):
            assert (task["State"], task["ErrorMessage"]) == ("Failed", "up-1: Disk is broken.")
    assert await stand.categories(machine) == [
        "MachineAdded",
        "MachineHealthy",
        "MachineHasWarnings",
        "MachineUnhealthy",
        "MachineHealthy",
    ]


async def test_script_of_the_default_policy_is_inherited(stand: Stand) -> None:
    await stand.script("fail_healthcheck 'Says the default.'")
    policy = (await create(stand.client, "machinepolicies", Name="Other"))["Id"]
    machine = await stand.target("up-1", MachinePolicyId=policy)
    assert (await stand.check(MachineIds=[machine]))["ErrorMessage"] == "up-1: Says the default."
    await stand.script("true", f"{SPACE}/machinepolicies/{policy}")
    assert (await stand.check(MachineIds=[machine]))["State"] == "Success"


async def test_connection_only_runs_no_script(stand: Stand) -> None:
    machine = await stand.target("up-1")
    await stand.script("exit 1")
    task = await stand.check(MachineIds=[machine], OnlyTestConnection=True)
    assert (task["State"], (await stand.machine(machine))["StatusSummary"]) == ("Success", "The machine answers.")
    assert (await stand.check(MachineIds=[machine]))["State"] == "Failed"
    await stand.policy(MachineHealthCheckPolicy={"HealthCheckType": "OnlyConnectivity"})
    assert (await stand.check(MachineIds=[machine]))["State"] == "Success"


async def test_script_that_takes_too_long_is_stopped(stand: Stand) -> None:
    slow, quick = await stand.target("up-slow"), await stand.target("up-quick")
    await stand.script('[ ! -f "$TentacleHome/slow" ] || exec sleep 60; touch "$TentacleHome/slow"')
    task = await stand.check(MachineIds=[quick])
    assert task["State"] == "Success"
    task = await stand.check(MachineIds=[slow], MachineTimeout="00:00:01")
    assert task["ErrorMessage"] == "up-slow: The check took longer than 1 second and was stopped."
    assert (await stand.machine(slow))["HealthStatus"] == "Unhealthy"


async def test_runner_is_brought_when_the_policy_says_so(stand: Stand) -> None:
    machine = await stand.target("up-1")
    await stand.policy(MachineUpdatePolicy={"CalamariUpdateBehavior": "UpdateOnNewMachine"})
    await stand.check(MachineIds=[machine])
    assert (await stand.machine(machine))["HasLatestCalamari"] is True
    task = await stand.check(MachineIds=[machine])
    log = (await stand.client.get(f"/api/tasks/{task['Id']}/raw")).text
    assert "Sending the runner" not in log
    assert (await stand.machine(machine))["HasLatestCalamari"] is True


async def test_runner_is_brought_by_a_task_of_its_own(stand: Stand) -> None:
    machine, away = await stand.target("up-1"), await stand.target("away")
    task = await stand.ended((await create(stand.client, "tasks", Name="UpdateCalamari"))["Id"])
    assert (task["State"], task["ErrorMessage"]) == ("Failed", "away does not answer.")
    assert await stand.nodes(task["Id"]) == {"up-1": "Success", "away": "Failed"}
    found = {one: (await stand.machine(one))["HasLatestCalamari"] for one in (machine, away)}
    assert found == {machine: True, away: False}


# -- who is checked


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (WireError("The agent speaks of something else."), "The agent speaks of something else."),
        (ValueError("odd"), "Unexpected error: ValueError: odd"),
    ],
)
async def test_runner_that_cannot_be_brought_is_told_with_its_reason(
    stand: Stand, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def reach(_self: ServerPlaces, _machine: MachineAddress, _notify: Notify | None = None) -> Transport:
        raise error

    machine = await stand.target("up-1")
    monkeypatch.setattr(ServerPlaces, "reach", reach)
    started = await create(stand.client, "tasks", Name="UpdateCalamari", Arguments={"MachineIds": [machine]})
    task = await stand.ended(started["Id"])
    assert (task["State"], task["ErrorMessage"]) == ("Failed", told)
    assert await stand.nodes(task["Id"]) == {"up-1": "Failed"}


async def test_machines_of_groups_are_checked_without_the_disabled(stand: Stand) -> None:
    policy = (await create(stand.client, "machinepolicies", Name="Other"))["Id"]
    await stand.target("up-1", MachinePolicyId=policy)
    await stand.target("up-off", IsDisabled=True)
    await stand.worker("up-w")
    await stand.policy(MachineHealthCheckPolicy={"HealthCheckType": "OnlyConnectivity"})
    for arguments, names in [
        ({"EnvironmentId": stand.environment}, {"up-1"}),
        ({"WorkerpoolId": "WorkerPools-1"}, {"up-w"}),
        ({"RestrictedTo": "DeploymentTargets"}, {"up-1"}),
        ({"RestrictedTo": "Workers"}, {"up-w"}),
        ({"MachinePolicyId": policy}, {"up-1"}),
        ({"RestrictedTo": "Policies", "MachinePolicyId": "MachinePolicies-1"}, {"up-w"}),
        ({"Timeout": "00:05:00", "MachineTimeout": "00:01:00", "MachineIds": None}, {"up-1", "up-w"}),
    ]:
        task = await stand.check(**arguments)
        assert (task["State"], set(await stand.nodes(task["Id"]))) == ("Success", names), arguments


async def test_disabled_machine_that_is_named_is_skipped(stand: Stand) -> None:
    off, on = await stand.target("up-off", IsDisabled=True), await stand.target("up-on")
    task = await stand.check(MachineIds=[off, on], OnlyTestConnection=True)
    assert task["State"] == "Success"
    assert await stand.nodes(task["Id"]) == {"up-off": "Skipped", "up-on": "Success"}
    kept = await stand.machine(off)
    assert (kept["HealthStatus"], kept["Status"]) == ("Unknown", "Disabled")
    enabled = (await stand.client.put(kept["Links"]["Self"], json={**kept, "IsDisabled": False})).json()
    assert enabled["Status"] == "Unknown"


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ({"RestrictedTo": "Everything"}, "RestrictedTo must be one of DeploymentTargets, Workers"),
        ({"MachineTimeout": "soon"}, "MachineTimeout: 'soon' is no duration"),
        ({"MachineIds": "Machines-1"}, "MachineIds must be a list of ids"),
    ],
)
async def test_arguments_without_meaning_are_refused(stand: Stand, arguments: dict[str, Any], fault: str) -> None:
    answer = await stand.client.post(f"{SPACE}/tasks", json={"Name": "Health", "Arguments": arguments})
    assert answer.status_code == 400
    assert fault in answer.text


async def test_time_of_the_whole_check_is_limited(stand: Stand) -> None:
    machine = await stand.target("up-1")

    def queue(session: Session) -> str:
        arguments = {"MachineIds": [machine], "Timeout": "00:00:00.0000010"}
        return stand.server.engine.enqueue(session, NewTask(kind="Health", description="Check", arguments=arguments))

    task = await stand.ended(await stand.server.database.write(queue))
    assert task["ErrorMessage"] == "up-1: The time of the whole check was up before its turn came."
    assert (await stand.machine(machine))["HealthStatus"] == "Unknown"


async def test_tasks_about_a_machine_are_found_there(stand: Stand, project: Any) -> None:
    one, other = await stand.target("up-1"), await stand.target("up-2")
    await stand.policy(MachineHealthCheckPolicy={"HealthCheckType": "OnlyConnectivity"})
    both = await stand.check(MachineIds=[one, other])
    alone = await stand.check(MachineIds=[other])
    shop = Shop(stand.client, stand.server, {"Dev": stand.environment})
    step = script("Go", "true", StepProperties={"Octopus.Action.TargetRoles": "web"})
    await shop.process(step)
    await shop.release()
    deployed = await shop.deploy(specificMachineNames=["up-1"])
    await shop.ended(deployed)

    async def listed(machine: str, query: str = "") -> list[str]:
        found = await stand.client.get(f"{SPACE}/machines/{machine}/tasks{query}")
        return [task["Id"] for task in found.json()["Items"]]

    assert await listed(one) == [deployed, both["Id"]]
    assert await listed(other) == [alone["Id"], both["Id"]]
    assert await listed(one, "?type=Deploy") == [deployed]


# -- who is away


async def test_machine_that_may_be_offline_is_no_failure(stand: Stand) -> None:
    await stand.policy(
        MachineConnectivityPolicy={"MachineConnectivityBehavior": "MayBeOfflineAndCanBeSkipped"},
        MachineHealthCheckPolicy={"HealthCheckType": "OnlyConnectivity"},
    )
    up, away = await stand.target("up-1"), await stand.target("away")
    task = await stand.check(MachineIds=[up, away])
    assert (task["State"], task["ErrorMessage"]) == ("Success", None)
    assert await stand.nodes(task["Id"]) == {"up-1": "Success", "away": "Skipped"}
    assert (await stand.machine(away))["HealthStatus"] == "Unavailable"
    log = (await stand.client.get(f"/api/tasks/{task['Id']}/raw")).text
    assert "away does not answer. By its policy it may be offline, so this is no failure." in log


async def away_for(stand: Stand, machine: str, time: timedelta) -> None:
    """As if a check had found it unavailable that long ago."""
    await stand.check(MachineIds=[machine])

    def age(session: Session) -> None:
        table = MACHINE_CONNECTIONS.table
        connection: MachineConnectionStatus = session.all(MACHINE_CONNECTIONS, table.c.id.contains(machine))[0]
        connection.unavailable_since = datetime.now(UTC) - time
        session.update(MACHINE_CONNECTIONS, connection)

    await stand.server.database.write(age)


CLEAN = {"DeleteMachinesBehavior": "DeleteUnavailableMachines", "DeleteMachinesElapsedTimeSpan": "02:00:00"}


async def test_machine_that_was_away_for_too_long_is_deleted(stand: Stand) -> None:
    gone, recent = await stand.target("gone"), await stand.target("recent")
    await away_for(stand, gone, timedelta(hours=3))
    await away_for(stand, recent, timedelta(hours=1))
    await stand.policy(MachineCleanupPolicy=CLEAN)
    task = await stand.check(MachineIds=[gone, recent])
    assert (await stand.nodes(task["Id"]))["Delete gone"] == "Success"
    assert (await stand.client.get(f"{SPACE}/machines/{gone}")).status_code == 404
    assert (await stand.client.get(f"{SPACE}/machines/{recent}")).status_code == 200
    assert (await stand.categories(gone))[-2:] == ["MachineDeleted", "MachineCleanedUp"]


async def test_machine_that_a_task_works_with_stays(stand: Stand) -> None:
    machine = await stand.target("gone")
    await away_for(stand, machine, timedelta(hours=3))
    await stand.policy(MachineCleanupPolicy=CLEAN)

    def queue(session: Session) -> str:
        later = datetime.now(UTC) + timedelta(hours=1)
        wish = NewTask(kind="Health", description="Look again", subject_id=machine, not_before=later)
        return stand.server.engine.enqueue(session, wish)

    await stand.server.database.write(queue)
    task = await stand.check(MachineIds=[machine])
    assert (await stand.nodes(task["Id"]))["Delete gone"] == "SuccessWithWarning"
    assert (await stand.client.get(f"{SPACE}/machines/{machine}")).status_code == 200
    query = f"regarding={machine}&eventCategories=MachineCleanupFailed"
    [told] = (await stand.client.get(f"{SPACE}/events?{query}")).json()["Items"]
    assert told["Message"].endswith("but it cannot be: The task 'Look again' works with it.")


async def test_machine_that_was_not_looked_at_is_not_deleted(stand: Stand) -> None:
    off, late = await stand.target("off"), await stand.target("late")
    for machine in (off, late):
        await away_for(stand, machine, timedelta(hours=3))
    body = await stand.machine(off)
    assert (await stand.client.put(f"{SPACE}/machines/{off}", json={**body, "IsDisabled": True})).is_success
    await stand.policy(MachineCleanupPolicy=CLEAN)
    await stand.check(MachineIds=[off, late], Timeout="00:00:00.0000010")
    for machine in (off, late):
        assert (await stand.client.get(f"{SPACE}/machines/{machine}")).status_code == 200


async def test_machine_that_answers_again_is_not_deleted(stand: Stand) -> None:
    machine = await stand.target("gone")
    await away_for(stand, machine, timedelta(hours=3))
    body = await stand.machine(machine)
    assert (await stand.client.put(f"{SPACE}/machines/{machine}", json={**body, "Name": "up-again"})).is_success
    await stand.policy(MachineCleanupPolicy=CLEAN)
    await stand.check(MachineIds=[machine], OnlyTestConnection=True)
    connection = await stand.connection(machine)
    assert (connection["Status"], connection["UnavailableSince"]) == ("Healthy", None)


# -- checks that come by themselves


async def scheduled(stand: Stand, ago: timedelta) -> list[str]:
    """The tasks after two nodes looked, where the last checks began that long ago."""
    await stand.server.works.health_schedule.round()
    past = sa.update(recurrence).where(recurrence.c.name.startswith("health/"))
    values = {"last": datetime.now(UTC) - ago}
    await stand.server.database.write(lambda session: session.connection.execute(past.values(**values)).rowcount)
    for node in [HealthSchedule(stand.server.database, stand.server.engine) for _ in range(2)]:
        await node.round()
    with stand.server.database.read() as session:
        where = server_task.c.concurrency_tag.startswith("health/")
        return list(session.connection.execute(sa.select(server_task.c.id).where(where)).scalars())


async def test_policy_is_checked_once_by_several_nodes(stand: Stand) -> None:
    up, worker = await stand.target("up-1"), await stand.worker("up-w")
    await stand.target("up-off", IsDisabled=True)
    await stand.policy(MachineHealthCheckPolicy={"HealthCheckType": "OnlyConnectivity"})
    [task_id] = await scheduled(stand, timedelta(hours=1, minutes=1))
    task = await stand.ended(task_id)
    assert (task["Name"], task["State"]) == ("Health", "Success")
    assert task["Description"] == "Check the health of machines with the policy Default Machine Policy"
    assert await stand.nodes(task_id) == {"up-1": "Success", "up-w": "Success"}
    for machine in (up, worker):
        assert (await stand.machine(machine))["HealthStatus"] == "Healthy"


@pytest.mark.parametrize(
    ("schedule", "is_checked"),
    [
        ({"HealthCheckInterval": "00:30:00"}, True),
        ({"HealthCheckInterval": "12:00:00"}, False),
        ({"HealthCheckInterval": None}, False),
        ({"HealthCheckInterval": "00:00:00"}, False),
        ({"HealthCheckInterval": "9999999.00:00:00"}, False),
        ({"HealthCheckInterval": None, "HealthCheckCron": "0 */10 * * * *"}, True),
        ({"HealthCheckInterval": "00:30:00", "HealthCheckCron": "0 0 0 1 1 ? 2099"}, False),
    ],
)
async def test_policy_says_when_checks_come(stand: Stand, schedule: dict[str, Any], is_checked: bool) -> None:
    await stand.target("up-1")
    await stand.policy(MachineHealthCheckPolicy={"HealthCheckType": "OnlyConnectivity", **schedule})
    assert bool(await scheduled(stand, timedelta(hours=1))) is is_checked


async def test_schedule_of_nonsense_does_not_hold_other_policies(stand: Stand) -> None:
    """Earlier versions stored any text as a schedule."""
    await stand.policy(MachineHealthCheckPolicy={"HealthCheckType": "OnlyConnectivity"})
    await stand.target("up-1")

    def store(session: Session) -> None:
        checks = MachineHealthCheckPolicy(health_check_cron="every now and then")
        policy = MachinePolicy(name="A", space_id="Spaces-1", machine_health_check_policy=checks)
        session.insert(MACHINE_POLICIES, policy)

    await stand.server.database.write(store)
    assert len(await scheduled(stand, timedelta(hours=1, minutes=1))) == 1


async def test_clock_that_was_set_back_does_not_end_the_checks(stand: Stand) -> None:
    await stand.target("up-1")
    await stand.policy(MachineHealthCheckPolicy={"HealthCheckType": "OnlyConnectivity"})
    assert await scheduled(stand, -timedelta(days=400)) == []
    with stand.server.database.read() as session:
        last = session.connection.execute(sa.select(recurrence.c.last).where(recurrence.c.name.startswith("health/")))
        assert last.scalar_one() <= datetime.now(UTC)


async def test_policy_without_machines_makes_no_task(stand: Stand) -> None:
    await stand.target("up-off", IsDisabled=True)
    assert await scheduled(stand, timedelta(days=3)) == []


async def test_checks_of_long_ago_are_forgotten(stand: Stand) -> None:
    await stand.target("up-1")
    await stand.policy(MachineHealthCheckPolicy={"HealthCheckType": "OnlyConnectivity"})
    [task_id] = await scheduled(stand, timedelta(hours=2))
    await stand.ended(task_id)

    def age(session: Session) -> None:
        then = datetime.now(UTC) - timedelta(days=31)
        session.connection.execute(sa.update(server_task).where(server_task.c.id == task_id).values(completed=then))
        session.connection.execute(sa.update(recurrence).values(last=then).where(recurrence.c.name.contains("old-")))

    await stand.server.database.write(age)
    await stand.server.works.health_schedule.round()
    assert (await stand.client.get(f"/api/tasks/{task_id}")).status_code == 404


@pytest.mark.parametrize(
    ("part", "change", "fault"),
    [
        ("MachineHealthCheckPolicy", {"HealthCheckCron": "every day"}, "HealthCheckCron: 'every day' is no schedule"),
        ("MachineHealthCheckPolicy", {"HealthCheckCronTimezone": "Moon"}, "there is no time zone 'Moon'"),
        ("MachinePackageCacheRetentionPolicy", {"Strategy": "Quantities"}, "say how many versions or packages"),
        (
            "MachinePackageCacheRetentionPolicy",
            {"Strategy": "Quantities", "QuantityOfVersionsToKeep": -1},
            "QuantityOfVersionsToKeep: it cannot be negative; it is -1.",
        ),
    ],
)
async def test_policy_that_cannot_be_followed_is_refused(
    stand: Stand, part: str, change: dict[str, Any], fault: str
) -> None:
    policy = (await stand.client.get(POLICY)).json()
    answer = await stand.client.put(POLICY, json={**policy, part: {**policy[part], **change}})
    assert answer.status_code == 400
    assert fault in answer.text
