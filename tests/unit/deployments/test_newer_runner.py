"""A server of a newer version goes on with what an older one began: its runner is another one."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from polpo.engine import TaskRun
from polpo.features.deployments.crew import Crew
from polpo.features.deployments.equipment import Acquisition, Equipment
from polpo.features.deployments.members import Members
from polpo.halibut.contracts import UploadResult
from polpo.halibut.streams import DataStream
from polpo.languages.substitution import VariableDictionary
from polpo.runner.archive import RunnerArchive
from polpo.steps.work import Catalogue
from unit.deployments.stage import action, plan, step
from unit.engine.bench import Bench, Gate


class Host:
    """A machine that keeps what is sent to it, and says whether the runner is there."""

    name = "m1"

    def __init__(self) -> None:
        self.files: list[str] = []

    def reach(self, *_: object) -> Host:
        return self

    async def find_packages(self, question: str, size: int) -> str:
        del size
        return "" if json.loads(question)["Runner"]["Path"] in self.files else "##octopus[polpo-runner]"

    async def apply_delta(self, order: str, delta: DataStream, size: int) -> None:
        """Nothing is sent as a difference here."""

    async def upload(self, remote_path: str, source: DataStream) -> UploadResult:
        content = await source.read()
        self.files.append(remote_path)
        return UploadResult(remote_path, hashlib.sha1(content, usedforsecurity=False).hexdigest(), len(content))


async def test_the_runner_of_the_server_that_goes_on_is_brought(bench: Bench) -> None:
    host: Any = Host()
    nothing: Any = None
    halfway = Gate()

    def work(digest: str) -> Any:
        async def go(run: TaskRun) -> None:
            made = plan(step(1, action("Web", "Machines-1")), targets=1)
            crew = Crew(run, made, host, None)
            equipment = Equipment(host, Catalogue([]), RunnerArchive(digest.encode(), digest), nothing)
            acquisition = Acquisition(run, made, equipment, crew, Members(run, made), VariableDictionary(()))
            for _ in range(2):
                await acquisition.bring("Machines-1", "Machines-1", run.log.root)
            await acquisition.close()
            await halfway.wait()

        return go

    await bench.start(Work=work("old"))
    task = await bench.enqueue()
    await halfway.is_reached()
    halfway.reached.clear()
    await bench.restart(Work=work("new"))
    await halfway.is_reached()
    halfway.opened.set()
    await bench.end(task)
    assert host.files == ["Tools/PolpoRunner/old/runner.pyz", "Tools/PolpoRunner/new/runner.pyz"]
