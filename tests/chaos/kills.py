"""`make chaos`: deployments whose server, or an agent, is killed in the middle, again and again.

Each round starts a deployment with a step of every kind to all agents, kills what its kind says at a moment that the
seed decides, starts it again, and lets the deployment end. Ends with 1 when anything was lost, doubled or left open.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "demo")]

from story import StoryError, deploy  # noqa: E402 - in the demo's folder

from chaos.evidence import faults_of  # noqa: E402 - beside this file
from chaos.installation import ENVIRONMENT, PROJECT, Chaos  # noqa: E402

#: What is killed in the rounds, in turn.
KINDS = (("server",), ("server", "server"), ("agent",), ("server", "agent"), ("server",))
_BOUND = 600.0


@dataclass
class Round:
    """What was done to one deployment and how it came out."""

    number: int
    kills: Sequence[str]
    at: list[float] = field(default_factory=list)
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def row(self) -> str:
        done = ", ".join(f"{what} at {moment:.1f} s" for what, moment in zip(self.kills, self.at, strict=False))
        return f"| {self.number} | {done} | {self.seconds:.1f} | {'; '.join(self.faults) or 'none'} |"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--agents", type=int, default=10)
    parser.add_argument("--seed", type=int, help="repeat an earlier run")
    told = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    seed = told.seed if told.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}\n\n| round | killed | seconds | faults |\n| --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory(prefix="polpo-chaos-") as folder:
        rounds = play(Path(folder), told.rounds, told.agents, seed)
    good = sum(not one.faults for one in rounds)
    print(f"\n{good} of {told.rounds} deployments ended as if nothing had happened (seed {seed}).")
    return 0 if good == told.rounds else 1


def play(folder: Path, rounds: int, agents: int, seed: int) -> list[Round]:
    """Plays all rounds; prints a row for each."""
    chance = random.Random(seed)  # noqa: S311 - chooses moments, guards nothing
    chaos = Chaos(folder, agents)
    played = []
    try:
        chaos.start()
        length = _undisturbed(chaos)
        for number in range(1, rounds + 1):
            one = Round(number, KINDS[(number - 1) % len(KINDS)])
            _play(chaos, one, chance, length)
            print(one.row(), flush=True)
            played.append(one)
    finally:
        chaos.stop()
    return played


def _undisturbed(chaos: Chaos) -> float:
    """The length of a deployment that nobody disturbs, in seconds; says so when even that has faults."""
    one = Round(0, ())
    _play(chaos, one, random.Random(0), 0.0)  # noqa: S311
    print(one.row(), flush=True)
    return one.seconds


def _play(chaos: Chaos, one: Round, chance: random.Random, length: float) -> None:
    began = time.monotonic()
    task_id = deploy(chaos.api, "1.0.0", ENVIRONMENT, PROJECT)
    deployment_id = str(chaos.api.get(f"/tasks/{task_id}")["Arguments"]["DeploymentId"])
    moments = sorted(chance.uniform(0.0, length * 0.9) for _ in one.kills)
    try:
        for what, moment in zip(one.kills, moments, strict=True):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            one.at.append(time.monotonic() - began)
            _kill(chaos, what, chance)
        task = chaos.follow(task_id, _BOUND)
        one.seconds = time.monotonic() - began
        one.faults = faults_of(chaos, task, deployment_id)
    except StoryError as error:
        one.seconds = time.monotonic() - began
        one.faults = [str(error)]


def _kill(chaos: Chaos, what: str, chance: random.Random) -> None:
    """Kills without a warning, waits a little, and starts again."""
    if what == "agent":
        agent = chance.choice(chaos.agents)
        agent.kill()
        time.sleep(chance.uniform(0.0, 1.0))
        agent.start()
        return
    chaos.server.kill()
    time.sleep(chance.uniform(0.0, 0.5))
    chaos.start_server_again()


if __name__ == "__main__":
    sys.exit(main())
