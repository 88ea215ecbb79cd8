"""The way to a machine, from what is stored of it."""

from __future__ import annotations

import pytest
from tests.tinyproxy import tinyproxy

from polpo.features.proxies.resource import PROXIES, Proxy
from polpo.halibut.contracts import CapabilitiesResponseV2
from polpo.halibut.runtime import HalibutRuntime
from polpo.kernel.errors import TaskError
from polpo.server.ways.agents import way_to_agents
from polpo.server.ways.proxies import proxy_of
from polpo.steps.places import MachineAddress
from polpo.store.database import Database
from polpo.store.documents import SensitiveValue
from polpo.transports.transport import MachineUnreachable
from unit.halibut.parties import AGENT, SERVER


def store(database: Database, port: int, password: str = "") -> str:
    secret = SensitiveValue(has_value=bool(password), new_value=password or None)
    proxy = Proxy(space_id="Spaces-1", name="Outwards", host="127.0.0.1", port=port, username="user", password=secret)
    return database.write_now(lambda session: session.insert(PROXIES, proxy)).id


def machine(port: int, proxy_id: str = "") -> MachineAddress:
    return MachineAddress(
        id="Machines-1",
        name="web-1",
        style="TentaclePassive",
        uri=f"https://127.0.0.1:{port}/",
        thumbprint=AGENT.thumbprint,
        endpoint={"ProxyId": proxy_id} if proxy_id else {},
        connect_tries=1,
        retry_duration=0,
    )


async def test_an_agent_is_reached_through_the_proxy_that_is_set_for_it(database: Database) -> None:
    async def capabilities() -> CapabilitiesResponseV2:
        return CapabilitiesResponseV2(("IScriptServiceV2",))

    server = HalibutRuntime(SERVER)
    agent = HalibutRuntime(AGENT, services={"ICapabilitiesServiceV2": {"GetCapabilities": capabilities}})
    agent.trust(SERVER.thumbprint)
    port = await agent.listen("127.0.0.1", 0)
    way = way_to_agents(database, server)
    with tinyproxy("BasicAuth user pass") as proxy:
        through = machine(port, store(database, proxy, "pass"))
        assert await way(through, None).capabilities() == ("IScriptServiceV2",)
    await server.close()
    again = HalibutRuntime(SERVER)
    with pytest.raises(MachineUnreachable, match=r"ends there: .* Look at the proxy that is set for") as told:
        await way_to_agents(database, again)(through, None).capabilities()
    assert told.value.layer == "proxy"
    await again.close()
    await agent.close()


def test_a_proxy_that_is_gone_is_told(database: Database) -> None:
    assert proxy_of(database, "") is None
    with pytest.raises(TaskError, match="The proxy 'Proxies-9' on the way does not exist any more"):
        proxy_of(database, "Proxies-9")
