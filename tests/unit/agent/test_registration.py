"""Agents that make themselves known to a server over its REST API."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.conftest import PASSWORD

from polpo.agent.configuration import AgentConfiguration, Instance
from polpo.agent.leaving import deregister
from polpo.agent.registration import Registration, register
from polpo.agent.server_api import Credentials, ServerApi
from polpo.halibut.certificates import Identity
from polpo.halibut.runtime import HalibutRuntime
from polpo.kernel.errors import AppError, Conflict, Forbidden, Invalid, NotFound, NotSignedIn, Unavailable
from polpo.server.application import Server

URL = "http://polpo.test"


@pytest.fixture
async def api(client: httpx.AsyncClient) -> ServerApi:
    for name in ("Test", "Production"):
        await client.post("/api/Spaces-1/environments", json={"Name": name})
    return ServerApi(client)


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path / "agent")


@pytest.fixture
async def comms(server: Server) -> AsyncIterator[str]:
    """Where the server takes polling agents."""
    runtime = HalibutRuntime(server.installation.identity)
    port = await runtime.listen("127.0.0.1", 0)
    yield f"127.0.0.1:{port}"
    await runtime.close()


def wish(**more: object) -> Registration:
    return Registration(**{"server": URL, "name": "web-1", "environments": ("test",), "roles": ("web",), **more})


async def machine(client: httpx.AsyncClient, identity: str) -> dict:
    return (await client.get(f"/api/Spaces-1/machines/{identity}")).json()


async def test_a_listening_agent_becomes_a_target_and_trusts_the_server(
    api: ServerApi, client: httpx.AsyncClient, instance: Instance, server: Server
) -> None:
    wanted = wish(environments=("test", "Production"), listen="127.0.0.1:10950", policy="default machine POLICY")
    done = await register(instance, wanted, api)

    saved = await machine(client, done.id)
    assert saved["Endpoint"]["CommunicationStyle"] == "TentaclePassive"
    assert saved["Endpoint"]["Uri"] == done.address == "https://127.0.0.1:10950/"
    assert saved["Thumbprint"] == instance.identity().thumbprint
    assert saved["MachinePolicyId"] == "MachinePolicies-1"
    assert (saved["Roles"], len(saved["EnvironmentIds"])) == (["web"], 2)
    assert done.places == ["Test", "Production"]
    settings = instance.read()
    assert settings.listen == "127.0.0.1:10950"
    (trusted,) = settings.servers
    assert (trusted.thumbprint, trusted.mode) == (server.installation.identity.thumbprint, "listening")


async def test_a_polling_agent_keeps_its_subscription_when_it_registers_again(
    api: ServerApi, client: httpx.AsyncClient, instance: Instance, comms: str
) -> None:
    first = await register(instance, wish(mode="polling", server_comms=comms), api)
    again = await register(instance, wish(mode="polling", server_comms=comms, roles=("db",), force=True), api)

    saved = await machine(client, first.id)
    assert first.address == again.address
    assert first.id == again.id
    assert saved["Endpoint"]["CommunicationStyle"] == "TentacleActive"
    assert saved["Roles"] == ["db"]
    (trusted,) = instance.read().servers
    assert (trusted.mode, trusted.address, trusted.subscription) == ("polling", comms, first.address)


async def test_a_worker_is_put_into_its_pools(api: ServerApi, client: httpx.AsyncClient, instance: Instance) -> None:
    wanted = wish(environments=(), roles=(), worker_pools=("default worker pool",), listen="127.0.0.1:10950")
    done = await register(instance, wanted, api)
    saved = (await client.get(f"/api/Spaces-1/workers/{done.id}")).json()
    assert (saved["Name"], saved["WorkerPoolIds"]) == ("web-1", ["WorkerPools-1"])
    assert done.places == ["Default Worker Pool"]
    assert await deregister(instance, api) == ["web-1"]


async def test_a_target_of_tenants_is_registered_for_them(
    api: ServerApi, client: httpx.AsyncClient, instance: Instance
) -> None:
    await client.post("/api/Spaces-1/tenants", json={"Name": "Acme"})
    tags = {"Name": "Region", "Tags": [{"Name": "North", "Color": "#333333"}]}
    await client.post("/api/Spaces-1/tagsets", json=tags)
    done = await register(instance, wish(tenants=("ACME",), tenant_tags=("region/north",)), api)
    saved = await machine(client, done.id)
    assert saved["TenantIds"] == ["Tenants-1"]
    assert saved["TenantTags"] == ["Region/North"]
    assert saved["TenantedDeploymentParticipation"] == "Tenanted"
    again = wish(tenants=("Acme",), participation="TenantedOrUntenanted", force=True)
    await register(instance, again, api)
    assert (await machine(client, done.id))["TenantedDeploymentParticipation"] == "TenantedOrUntenanted"
    with pytest.raises(NotFound, match=r"no tag 'Region/South' .* There are: Region/North\."):
        await register(instance, wish(tenant_tags=("Region/South",), force=True), api)


async def test_the_way_of_the_server_to_a_listening_agent_can_be_told(
    api: ServerApi, client: httpx.AsyncClient, instance: Instance
) -> None:
    await client.post("/api/Spaces-1/proxies", json={"Name": "Out", "Host": "proxy", "Port": 3128})
    done = await register(instance, wish(public_host="web-1.example.com:20933", via_proxy="out"), api)
    endpoint = (await machine(client, done.id))["Endpoint"]
    assert (endpoint["Uri"], endpoint["ProxyId"]) == ("https://web-1.example.com:20933/", "Proxies-1")
    assert instance.read().listen == "0.0.0.0:10933"


async def test_the_first_check_waits_for_an_agent_that_does_not_run(
    api: ServerApi, client: httpx.AsyncClient, instance: Instance
) -> None:
    done = await register(instance, wish(), api)
    assert done.waits
    assert (await machine(client, done.id))["SkipInitialHealthCheck"] is True
    with instance.alone():
        running = await register(instance, wish(name="web-2"), api)
    assert not running.waits
    assert (await machine(client, running.id))["SkipInitialHealthCheck"] is False


async def test_a_user_registers_with_name_and_password(
    api: ServerApi, anonymous: httpx.AsyncClient, instance: Instance
) -> None:
    credentials = Credentials(username="admin", password=PASSWORD)
    done = await register(instance, wish(), ServerApi(anonymous, credentials=credentials))
    assert done.name == "web-1"
    anonymous.cookies.clear()
    wrong = Credentials(username="admin", password="wrong")
    with pytest.raises(NotSignedIn, match="does not accept the user 'admin'"):
        await register(instance, wish(name="web-2"), ServerApi(anonymous, credentials=wrong))


@pytest.mark.parametrize(
    "credentials",
    [Credentials(), Credentials(api_key="API-1", username="x"), Credentials(bearer_token="t", username="x")],
)
def test_one_way_of_signing_in_is_asked_for(credentials: Credentials) -> None:
    with pytest.raises(Invalid, match="Sign in one way"):
        credentials.check()


class OldServer:
    """Answers as servers before spaces did, and notes what it is asked."""

    def __init__(self, *, lists_environments_anew: bool) -> None:
        self.asked: list[str] = []
        self._environments = "environments/v2" if lists_environments_anew else "environments/all"
        links = {"Certificates": "/api/certificates{/id}", "Machines": "/api/machines{/id}{?skip,take}"}
        self._answers = {
            "": {"ApiVersion": "3.0.0", "Version": "3.17.14", "Links": links},
            "certificates/certificate-global": {"Thumbprint": "AB" * 20},
            "machines": {"Items": []},
            "environments/v2": {"Items": [{"Id": "Environments-7", "Name": "Test"}]},
            "environments/all": [{"Id": "Environments-7", "Name": "Test"}],
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api").strip("/")
        self.asked.append(f"{request.method} {path}")
        if request.method == "POST":
            self.machine = json.loads(request.content)
            return httpx.Response(201, json={**self.machine, "Id": "Machines-3"})
        is_there = path in self._answers and (not path.startswith("environments") or path == self._environments)
        return httpx.Response(200, json=self._answers[path]) if is_there else httpx.Response(404, json={})


@pytest.mark.parametrize(
    ("anew", "environments"),
    [(True, ["GET environments/v2"]), (False, ["GET environments/v2", "GET environments/all"])],
)
async def test_an_agent_registers_with_a_server_that_has_no_spaces(
    instance: Instance, anew: bool, environments: list[str]
) -> None:
    server = OldServer(lists_environments_anew=anew)
    client = httpx.AsyncClient(transport=httpx.MockTransport(server), base_url=URL)
    done = await register(instance, wish(), ServerApi(client))
    assert (done.id, done.server_thumbprint) == ("Machines-3", "AB" * 20)
    assert server.machine["EnvironmentIds"] == ["Environments-7"]
    asked = ["GET ", "GET certificates/certificate-global", "GET machines", *environments, "POST machines"]
    assert server.asked == asked
    with pytest.raises(Invalid, match="knows no spaces"):
        await register(instance, wish(space="Default"), ServerApi(client))


async def test_a_name_that_is_taken_needs_force(api: ServerApi, instance: Instance, tmp_path: Path) -> None:
    first = await register(instance, wish(), api)
    other = Instance(tmp_path / "other")
    with pytest.raises(Conflict, match="say --force"):
        await register(other, wish(name="WEB-1"), api)
    assert not other.exists
    taken = await register(other, wish(force=True), api)
    assert taken.id == first.id


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"environments": ("Staging",)}, r"no environment 'Staging' .* There are: Production, Test\."),
        ({"policy": "Strict"}, r"no machine policy 'Strict' .* There are: Default Machine Policy\."),
        ({"space": "Other"}, r"no space 'Other' .* There are: Default\."),
    ],
)
async def test_a_name_that_is_not_there_is_told_with_those_that_are(
    api: ServerApi, instance: Instance, more: dict, sentence: str
) -> None:
    with pytest.raises(NotFound, match=sentence):
        await register(instance, wish(**more), api)
    assert not instance.exists


async def test_a_wrong_key_is_told(anonymous: httpx.AsyncClient, instance: Instance) -> None:
    anonymous.headers["X-Octopus-ApiKey"] = "API-WRONG"
    with pytest.raises(NotSignedIn, match="does not accept the API key"):
        await register(instance, wish(), ServerApi(anonymous))


def answering(status: int, **content: object) -> ServerApi:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, **content))
    return ServerApi(httpx.AsyncClient(transport=transport, base_url=URL), _no_pause)


async def _no_pause(_: float) -> None:
    return


@pytest.mark.parametrize(
    ("api", "error", "sentence"),
    [
        (answering(200, text="<html>"), Invalid, "does not answer as a deployment server"),
        (answering(200, json={"name": "something else"}), Invalid, "does not answer as a deployment server"),
        (answering(503), Unavailable, "still starting"),
        (answering(403, json={"ErrorMessage": "You lack MachineCreate."}), Forbidden, "You lack MachineCreate"),
        (
            answering(400, json={"ErrorMessage": "Bad.", "Errors": ["Bad.", "Worse."]}),
            Invalid,
            r"\(400\): Bad\. Worse\.",
        ),
        (answering(500, text="oops"), Invalid, r"refused \(500\): Internal Server Error"),
    ],
)
async def test_what_a_server_says_is_passed_on(
    instance: Instance, api: ServerApi, error: type[AppError], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        await register(instance, wish(), api)


async def test_a_server_that_is_not_there_is_told(instance: Instance, unused_tcp_port: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{unused_tcp_port}") as client:
        with pytest.raises(Unavailable, match=f"http://127.0.0.1:{unused_tcp_port} cannot be reached"):
            await register(instance, wish(), ServerApi(client))


async def test_a_target_without_environment_or_role_is_not_asked_for(instance: Instance) -> None:
    with pytest.raises(Invalid, match="at least one environment and one role"):
        await register(instance, wish(roles=()), answering(500))


async def test_a_polling_agent_that_cannot_reach_the_server_is_not_registered(
    api: ServerApi, instance: Instance, unused_tcp_port: int
) -> None:
    with pytest.raises(Unavailable, match="--server-comms"):
        await register(instance, wish(mode="polling", server_comms=f"127.0.0.1:{unused_tcp_port}"), api)
    assert not instance.exists


async def test_a_polling_agent_does_not_register_with_another_server_behind_the_port(
    api: ServerApi, instance: Instance, server: Server
) -> None:
    stranger = Identity.generate("stranger")
    runtime = HalibutRuntime(stranger)
    port = await runtime.listen("127.0.0.1", 0)
    sentence = (
        f"shows the certificate {stranger.thumbprint}, but the server's is {server.installation.identity.thumbprint}"
    )
    with pytest.raises(Invalid, match=sentence):
        await register(instance, wish(mode="polling", server_comms=f"127.0.0.1:{port}"), api)
    await runtime.close()


async def test_deregistering_removes_the_target_and_the_trust(
    api: ServerApi, client: httpx.AsyncClient, instance: Instance, tmp_path: Path
) -> None:
    done = await register(instance, wish(), api)
    await register(Instance(tmp_path / "other"), wish(name="web-2"), api)

    assert await deregister(instance, api) == ["web-1"]

    assert (await client.get(f"/api/Spaces-1/machines/{done.id}")).status_code == 404
    assert [one["Name"] for one in await api.items("/api/Spaces-1/machines")] == ["web-2"]
    assert instance.read().servers == ()
    with pytest.raises(NotFound, match="no target or worker with this agent's thumbprint"):
        await deregister(instance, api)


async def test_deregistering_several_targets_must_be_said(api: ServerApi, instance: Instance) -> None:
    await register(instance, wish(), api)
    await register(instance, wish(name="web-2"), api)
    with pytest.raises(Conflict, match="web-1, web-2"):
        await deregister(instance, api)
    assert await deregister(instance, api, multiple=True) == ["web-1", "web-2"]


async def test_settings_survive_and_are_for_their_user_only(instance: Instance) -> None:
    instance.write(AgentConfiguration(name="x", listen="127.0.0.1:1"))
    instance.identity()
    assert instance.read() == AgentConfiguration(name="x", listen="127.0.0.1:1")
    assert {path.name: oct(path.stat().st_mode)[-3:] for path in instance.home.iterdir()} == {
        "agent.json": "600",
        "agent.pem": "600",
    }


async def test_damaged_settings_are_told(instance: Instance) -> None:
    with pytest.raises(NotFound, match="polpo agent register"):
        instance.read()
    instance.write(AgentConfiguration(name="x"))
    (instance.home / "agent.json").write_text('{"name": 1')
    with pytest.raises(Invalid, match="is damaged"):
        instance.read()
