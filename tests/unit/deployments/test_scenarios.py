"""Deployments as data, played without machines: see `tests/scenarios`. One engine plays all of them at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import structlog

from polpo.kernel.secrets import Vault
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.store.kinds import metadata
from scenarios.outcome import differences
from scenarios.pretended import pretend, run_plan
from scenarios.scenario import Scenario, scenarios
from unit.engine.bench import Bench

SCENARIOS = scenarios()
_AT_ONCE = 20


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What is not as expected, by the name of the scenario."""
    folder = tmp_path_factory.mktemp("scenarios")
    database = Database(f"sqlite:///{folder / 'test.db'}", Vault(b"k" * 32))
    metadata.create_all(database.engine)
    try:
        with structlog.testing.capture_logs():
            return asyncio.run(_play_all(database, folder / "blobs"))
    finally:
        database.close()


async def _play_all(database: Database, blobs: Path) -> dict[str, list[str]]:
    bench = Bench(database, BlobStore.open(blobs), cap=_AT_ONCE)
    await bench.start(Work=run_plan)
    turn = asyncio.Semaphore(_AT_ONCE)  # whoever waits in the queue would use up its own time
    try:
        results = await asyncio.gather(*(_faults(bench, scenario, turn) for scenario in SCENARIOS))
    finally:
        await bench.engine.stop()
    return dict(zip((scenario.name for scenario in SCENARIOS), results, strict=True))


async def _faults(bench: Bench, scenario: Scenario, turn: asyncio.Semaphore) -> list[str]:
    try:
        async with turn:
            return differences(scenario, await pretend(bench, scenario))
    except Exception as error:  # noqa: BLE001 - told by the scenario's own test
        return [f"{type(error).__name__}: {error}"]


@pytest.mark.parametrize("name", [scenario.name for scenario in SCENARIOS])
def test_deployment_comes_out_as_the_scenario_says(faults: dict[str, list[str]], name: str) -> None:
    assert not faults[name]
