"""Many made-up agents in one process: `python bench/agents.py COUNT SERVER_THUMBPRINT [POLLED_PORT]`.

Each listens on a port of its own, or polls that port of this machine from the first line on that the process reads.
They speak the real protocol, TLS included, but a script has ended as soon as it is started. Says its certificate and
its ports or subscriptions as a line of JSON; answers every line that it reads with what ran so far.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import resource
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from polpo.agent.configuration import new_subscription
from polpo.halibut.certificates import Identity
from polpo.halibut.contracts import (
    CompleteScriptCommandV2,
    ProcessOutput,
    ProcessOutputSource,
    ProcessState,
    ScriptStatusResponseV2,
    StartScriptCommandV2,
    UploadResult,
)
from polpo.halibut.runtime import HalibutRuntime
from polpo.halibut.serving import Service
from polpo.halibut.streams import DataStream

#: What a machine says when the first package is not there: the index 0, and the state "missing".
_MISSING = "##octopus[polpo-package index='MA==' state='bWlzc2luZw==']"


@dataclass
class Agents:
    """What all of them did. A script that looks for packages finds the runner, and not the package."""

    started: Counter[str] = field(default_factory=Counter)
    looked: int = 0
    uploaded: int = 0

    async def start(self, command: StartScriptCommandV2) -> ScriptStatusResponseV2:
        ticket, body = command.script_ticket, command.script_body
        if "polpo-runner" in body:
            self.looked += 1
            question = {file.name: file.contents for file in command.files}.get("question.json")
            wanted = json.loads(await question.read())["Packages"] if question is not None else []
            return _ended(ticket, [_MISSING] if wanted else [])
        self.started[ticket.task_id] += 1
        return _ended(ticket, ["The first line of the script", "The second line", "The last line of it"])

    async def complete(self, _command: CompleteScriptCommandV2) -> None:
        return None

    async def upload(self, path: str, stream: DataStream) -> UploadResult:
        digest, length = hashlib.sha1(usedforsecurity=False), 0
        for chunk in stream.chunks():
            digest.update(chunk)
            length += len(chunk)
        stream.discard()
        self.uploaded += 1
        return UploadResult(path, digest.hexdigest(), length)

    def told(self) -> dict[str, Any]:
        """`twice` is how many scripts were started more than once; `cpu` in seconds."""
        spent = resource.getrusage(resource.RUSAGE_SELF)
        twice = sum(count > 1 for count in self.started.values())
        told = {"started": len(self.started), "twice": twice, "looked": self.looked, "uploaded": self.uploaded}
        return {**told, "cpu": spent.ru_utime + spent.ru_stime}


def _ended(ticket: Any, texts: list[str]) -> ScriptStatusResponseV2:
    now = datetime.now(UTC)
    lines = tuple(ProcessOutput(ProcessOutputSource.STDOUT, now, text) for text in texts)
    return ScriptStatusResponseV2(ticket, ProcessState.COMPLETE, 0, lines, len(lines))


async def serve(count: int, server: str, spool: Path, polled: int) -> None:
    agents = Agents()
    services: dict[str, Service] = {
        "IScriptServiceV2": {"StartScript": agents.start, "CompleteScript": agents.complete},
        "IFileTransferService": {"UploadFile": agents.upload},
    }
    identity = Identity.generate("made-up agents")
    runtime = HalibutRuntime(identity, services=services, spool_dir=spool)
    runtime.trust(server)
    runtime.trust(identity.thumbprint)
    ports = [] if polled else [await runtime.listen("127.0.0.1", 0) for _ in range(count)]
    subscriptions = [new_subscription() for _ in range(count)] if polled else []
    told = {"pem": identity.to_pem(), "thumbprint": identity.thumbprint, "ports": ports}
    print(json.dumps({**told, "subscriptions": subscriptions}), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        while subscriptions:
            runtime.poll("127.0.0.1", polled, server, subscriptions.pop())
        print(json.dumps(agents.told()), flush=True)
    await runtime.close()


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # the answers have the other one
    with tempfile.TemporaryDirectory(prefix="polpo-agents-") as folder:
        asyncio.run(serve(int(sys.argv[1]), sys.argv[2], Path(folder), int(sys.argv[3]) if len(sys.argv) > 3 else 0))
