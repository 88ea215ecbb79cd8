"""Scenarios of deployments that matter most, by a real server on real agents; all of them are played without, too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import story
from run import Demo

from scenarios.outcome import differences
from scenarios.real import AGENTS, ENVIRONMENT, play_for_real
from scenarios.scenario import scenarios

SCENARIOS = {scenario.name: scenario for scenario in scenarios() if scenario.real}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[story.Api]:
    """A server with its agents, for all of them."""
    demo = Demo(tmp_path_factory.mktemp("scenarios"), say=lambda _text: None, listen=0)
    try:
        demo.start_server()
        api = demo.connect()
        api.post("/environments", {"Name": ENVIRONMENT})
        for name, mode in zip(AGENTS, ("listening", "polling"), strict=True):
            demo.start_agent(ENVIRONMENT, name, mode)
        yield api
    finally:
        demo.stop()


@pytest.mark.parametrize("name", SCENARIOS)
def test_deployment_comes_out_as_the_scenario_says(api: story.Api, tmp_path: Path, name: str) -> None:
    scenario = SCENARIOS[name]
    assert not differences(scenario, play_for_real(api, scenario, tmp_path / "record"))
