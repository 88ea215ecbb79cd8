"""What happens to a deployment when the network between server and agents goes away for a while."""

from __future__ import annotations

from pathlib import Path

from run import Demo

from chaos.network import Network


def test_deployment_goes_on_when_the_network_is_back(demo: Demo, tmp_path: Path) -> None:
    """On a listening and on a polling agent; a request to the latter waits for it without a failure."""
    with Network(demo, tmp_path / "marks", lines=30, pause=0.1) as network:
        task_id, task = network.cut_in_mid_script("refused", seconds=5)
        assert list(network.faults(task_id, task, told=["listens"])) == []
