"""A made-up installation answers as a real one does."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from polpo.kernel.errors import Conflict, Invalid
from polpo.server.application import assemble
from polpo.server.generation import Amounts, generate
from polpo.server.settings import Settings

SPACE = "/api/Spaces-1"
KEY = "API-GENERATED00000000000000000001"
AMOUNTS = Amounts(projects=25, releases=60, tenants=7, machines=12, events=500)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("generated")
    settings = Settings(data_dir=str(folder / "data"), admin_api_key=KEY, agent_listen="127.0.0.1:0")
    generate(settings, AMOUNTS, lambda _text: None)
    return settings


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    server = assemble(settings)
    await server.start()
    transport = httpx.ASGITransport(server.application)  # type: ignore[arg-type]
    async with httpx.AsyncClient(
        transport=transport, base_url="http://polpo.test", headers={"X-Octopus-ApiKey": KEY}
    ) as client:
        yield client
    await server.close()


async def test_every_list_has_what_was_asked_for(client: httpx.AsyncClient) -> None:
    async def total(path: str) -> int:
        answer = await client.get(f"{SPACE}/{path}")
        assert answer.status_code == 200, answer.text
        return int(answer.json()["TotalResults"])

    assert await total("projects") == 25
    assert await total("releases") == 60
    assert await total("machines") == 12
    assert await total("environments") == 5
    assert await total("tenants?tags=Region/North,Region/South,Region/East,Region/West") == 7
    assert await total("events") >= 500
    assert await total("deployments") == await total("tasks?name=Deploy") > 0


async def test_documents_refer_to_each_other_as_real_ones_do(client: httpx.AsyncClient) -> None:
    dashboard = (await client.get(f"{SPACE}/dashboard")).json()
    assert len(dashboard["Projects"]) == 25
    assert dashboard["Items"]
    progression = (await client.get(f"{SPACE}/projects/Projects-1/progression")).json()
    assert progression["Releases"]
    release = (await client.get(f"{SPACE}/releases/{progression['Releases'][0]['Release']['Id']}")).json()
    variables = (await client.get(release["Links"]["ProjectVariableSnapshot"])).json()
    assert len(variables["Variables"]) == 15
    task = (await client.get(f"/api/tasks/{dashboard['Items'][0]['TaskId']}")).json()
    assert task["IsCompleted"]


def test_made_up_data_does_not_go_among_real_projects(settings: Settings) -> None:
    with pytest.raises(Conflict, match="has projects already"):
        generate(settings, AMOUNTS, lambda _text: None)


def test_impossible_amounts_are_refused() -> None:
    with pytest.raises(Invalid, match="--machines must be a number from 0"):
        Amounts(machines=-1)
    with pytest.raises(Invalid, match="--releases needs projects"):
        Amounts(projects=0)
