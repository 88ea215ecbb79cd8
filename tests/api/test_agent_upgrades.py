"""Which agents are updated, which are left alone, and new machines that are checked when they answer."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

from polpo.features.agentupgrades.automatic import OldAgents
from polpo.features.machines.agentversions import is_older, version_details
from polpo.features.machines.health import kind_of, record_health
from polpo.server.application import Server
from polpo.server.places import Notify, ServerPlaces
from polpo.steps.places import MachineAddress
from polpo.store.session import Session
from polpo.transports.transport import MachineUnreachable, Transport
from polpo.version import __version__


class Stand:
    def __init__(self, client: httpx.AsyncClient, server: Server, environment: str) -> None:
        self.client, self.server, self.environment = client, server, environment

    async def target(self, name: str, style: str = "TentaclePassive", **more: Any) -> str:
        thumbprint = name.encode().hex().upper().ljust(40, "0")
        endpoint: dict[str, Any] = {"CommunicationStyle": style}
        if style == "TentaclePassive":
            endpoint |= {"Uri": f"https://{name}:10933/", "Thumbprint": thumbprint}
        body = {"Roles": ["web"], "EnvironmentIds": [self.environment], "SkipInitialHealthCheck": True, **more}
        return str((await create(self.client, "machines", Name=name, Endpoint=endpoint, **body))["Id"])

    async def found(self, machine_id: str, version: str, *, is_ours: bool = True) -> None:
        """What a health check found."""
        agent = version_details(version, is_ours=is_ours)
        await self.server.database.write(
            lambda session: record_health(session, machine_id, "Healthy", "It is well.", agent=agent)
        )

    async def ended(self, task_id: str) -> tuple[Any, str]:
        async with asyncio.timeout(60):
            async for _ in self.server.engine.watch(task_id):
                pass
        lines = (await self.client.get(f"{SPACE}/tasks/{task_id}/log", params={"after": 0, "take": 1000})).json()
        task = (await self.client.get(f"/api/tasks/{task_id}")).json()
        return task, "\n".join(line["Text"] for line in lines["Lines"])

    async def upgrade(self, **arguments: Any) -> tuple[Any, str]:
        return await self.ended((await create(self.client, "tasks", Name="Upgrade", Arguments=arguments))["Id"])


@pytest.fixture
async def stand(client: httpx.AsyncClient, server: Server) -> Stand:
    return Stand(client, server, (await create(client, "environments", Name="Test"))["Id"])


@pytest.mark.parametrize(
    ("version", "than", "older"),
    [
        ("0.1.0", "0.2.0", True),
        ("0.10.0", "0.9.0", False),
        ("0.2.0", "0.2.0", False),
        ("0.2.0-beta.1", "0.2.0", True),
        ("", "0.2.0", False),
        ("nonsense", "0.2.0", False),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, than: str, older: bool) -> None:
    assert is_older(version, than) is older


async def test_agents_that_need_no_update_or_cannot_have_it_are_told(stand: Stand) -> None:
    ours, theirs = await stand.target("ours"), await stand.target("theirs")
    await stand.found(ours, __version__)
    await stand.found(theirs, "9.2.1", is_ours=False)
    task, said = await stand.upgrade(MachineIds=[ours, theirs])
    assert task["State"] == "Success"
    assert task["Description"] == "Update the agents of ours, theirs"
    assert f"ours has the version {__version__} of the agent already." in said
    assert "The agent of theirs (9.2.1) is not Polpo's, so it is not updated from here" in said


async def test_an_agent_that_cannot_be_reached_fails_the_update(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    def reach(_self: ServerPlaces, machine: MachineAddress, _notify: Notify | None = None) -> Transport:
        raise MachineUnreachable(f"{machine.name} does not answer.", "connect")

    monkeypatch.setattr(ServerPlaces, "reach", reach)
    old = await stand.target("old")
    await stand.found(old, "0.0.1")
    task, _ = await stand.upgrade(EnvironmentId=stand.environment)
    assert (task["State"], task["ErrorMessage"]) == ("Failed", "old does not answer.")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"MachineIds": ["Machines-99"]}, "MachineIds names the machine 'Machines-99', which does not exist."),
        ({"RestrictedTo": "Workers"}, "There is no enabled machine with an agent among them"),
        ({"RestrictedTo": "Nobody"}, "Arguments.RestrictedTo must be one of"),
    ],
)
async def test_an_update_of_nothing_is_refused(stand: Stand, arguments: dict[str, Any], sentence: str) -> None:
    await stand.target("region", style="None")
    answer = await stand.client.post(f"{SPACE}/tasks", json={"Name": "Upgrade", "Arguments": arguments})
    assert answer.status_code == 400
    assert sentence in answer.json()["ErrorMessage"]


async def test_old_agents_are_named_in_the_summary(stand: Stand) -> None:
    old, new = await stand.target("old"), await stand.target("new")
    await stand.found(old, "0.0.1")
    await stand.found(new, __version__)
    summary = (await stand.client.get(f"{SPACE}/environments/summary")).json()
    assert summary["MachineIdsForTentacleUpgrade"] == [old]


async def test_a_new_machine_is_checked_when_it_answers(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    up: set[str] = set()

    def reach(self: ServerPlaces, machine: MachineAddress, _notify: Notify | None = None) -> Transport:
        if machine.name not in up:
            raise MachineUnreachable(f"{machine.name} does not answer.", "connect")
        return self.here()

    monkeypatch.setattr(ServerPlaces, "reach", reach)
    new, disabled = await stand.target("new"), await stand.target("disabled", IsDisabled=True)
    checked = await stand.target("checked")
    await stand.found(checked, __version__)
    newcomers = stand.server.works.newcomers
    await newcomers.round()
    assert (await stand.client.get(f"{SPACE}/tasks", params={"name": "Health"})).json()["Items"] == []
    up |= {"new", "disabled", "checked"}
    for _ in range(2):
        newcomers._watched.clear()
        await newcomers.round()
    (task,) = (await stand.client.get(f"{SPACE}/tasks", params={"name": "Health"})).json()["Items"]
    assert task["Arguments"] == {"MachineIds": [new]}
    ended, _ = await stand.ended(task["Id"])
    assert ended["FinishedSuccessfully"]
    assert (await stand.client.get(f"{SPACE}/machines/{new}")).json()["HealthStatus"] in {"Healthy", "HasWarnings"}
    with stand.server.database.read() as session:
        assert session.get(kind_of(disabled), disabled).health_status == "Unknown"


async def test_an_update_that_waits_is_not_asked_for_again(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    def reach(_self: ServerPlaces, machine: MachineAddress, _notify: Notify | None = None) -> Transport:
        raise MachineUnreachable(f"{machine.name} does not answer.", "connect")

    monkeypatch.setattr(ServerPlaces, "reach", reach)
    policy = (await stand.client.get(f"{SPACE}/machinepolicies/MachinePolicies-1")).json()
    policy["MachineUpdatePolicy"]["TentacleUpdateBehavior"] = "Update"
    assert (await stand.client.put(policy["Links"]["Self"], json=policy)).is_success
    one, other = await stand.target("one"), await stand.target("other")
    for machine in (one, other):
        await stand.found(machine, "0.0.1")
    agents = OldAgents(stand.server.database, stand.server.engine)

    def check_thrice(session: Session) -> list[dict[str, str]]:
        return [agents._queued(session, machines) for machines in ([one], [one], [one, other])]

    told = await stand.server.database.write(check_thrice)
    tasks = (await stand.client.get(f"{SPACE}/tasks", params={"name": "Upgrade"})).json()["Items"]
    assert [task["Arguments"]["MachineIds"] for task in tasks] == [[other], [one]]
    assert told[0] == told[1] == {one: told[2][one]}
