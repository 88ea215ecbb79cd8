"""The change of an agent's certificate, as the agent and its servers see it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from polpo.agent.certificates import announce, of_pfx, others, read_pfx, renew, write_pfx
from polpo.agent.configuration import AgentConfiguration, Instance, TrustedServer
from polpo.agent.registration import Registration, register
from polpo.agent.server_api import ServerApi
from polpo.halibut.certificates import Identity
from polpo.kernel.errors import Invalid, NotFound
from polpo.server.application import Server

NEXT = Identity.generate("next")


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path / "agent")


def test_an_agent_without_servers_takes_a_new_certificate_at_once(instance: Instance) -> None:
    assert renew(instance, NEXT)
    assert instance.identity().thumbprint == NEXT.thumbprint


def test_the_old_certificate_is_used_until_the_new_one_is_put_in_its_place(instance: Instance) -> None:
    old = instance.identity().thumbprint
    instance.write(AgentConfiguration(name="x", servers=(TrustedServer(thumbprint="A" * 40, mode="listening"),)))
    with pytest.raises(NotFound, match="No new certificate is waiting"):
        instance.adopt_waiting()
    assert not renew(instance, NEXT)
    assert instance.identity().thumbprint == old
    assert instance.waiting_identity == NEXT
    assert instance.adopt_waiting().thumbprint == instance.identity().thumbprint == NEXT.thumbprint
    assert instance.waiting_identity is None


async def test_the_server_hears_of_the_new_certificate_of_target_and_worker(
    client: httpx.AsyncClient, server: Server, instance: Instance
) -> None:
    await client.post("/api/Spaces-1/environments", json={"Name": "Test"})
    api, shared = ServerApi(client), {"server": "http://polpo.test", "name": "web-1"}
    target = await register(instance, Registration(**shared, environments=("Test",), roles=("web",)), api)
    worker = await register(instance, Registration(**shared, worker_pools=("default worker pool",)), api)
    renew(instance, NEXT)

    names, told = await announce(instance, api)

    assert names == ["web-1", "web-1"]
    assert others(instance, told) == []
    for path in (f"machines/{target.id}", f"workers/{worker.id}"):
        saved = (await client.get(f"/api/Spaces-1/{path}")).json()
        assert saved["Thumbprint"] == saved["Endpoint"]["Thumbprint"] == NEXT.thumbprint
    assert (await announce(instance, api))[0] == ["web-1", "web-1"]  # a renewal that was broken off goes on


async def test_a_server_that_does_not_know_the_agent_is_told(client: httpx.AsyncClient, instance: Instance) -> None:
    server = TrustedServer(thumbprint="A" * 40, mode="polling", address="deploy:10943")
    instance.write(AgentConfiguration(name="x", servers=(server,)))
    instance.identity()
    renew(instance, NEXT)
    with pytest.raises(NotFound, match="has no machine with this agent's thumbprint"):
        await announce(instance, ServerApi(client))
    assert others(instance, "B" * 40) == ["deploy:10943"]


def test_a_certificate_goes_through_a_file(tmp_path: Path) -> None:
    path = tmp_path / "agent.pfx"
    write_pfx(NEXT, path, "open sesame")
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert read_pfx(path, "open sesame").thumbprint == NEXT.thumbprint
    with pytest.raises(Invalid, match="its password is another one"):
        read_pfx(path, "open")
    with pytest.raises(Invalid, match="cannot be read: No such file"):
        read_pfx(tmp_path / "missing.pfx", "")
    with pytest.raises(Invalid, match="is no PFX file"):
        of_pfx(b"garbage", "", "--from-base64")
