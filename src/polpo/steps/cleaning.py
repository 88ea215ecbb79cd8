"""Retention on a machine: what the runner is told to keep of a step's installations, once packages are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from polpo.engine import LogNode, TaskRun
from polpo.kernel.errors import TaskError
from polpo.steps.console import Console
from polpo.steps.remote import Script, explain, run_script
from polpo.steps.starting import start_runner
from polpo.transports.transport import Transport


class Retention(msgspec.Struct):
    """How much is kept: the installations of so many days, or the one in use and so many successful ones before it."""

    quantity: int
    unit: Literal["Days", "Items"]

    def told(self) -> str:
        if self.unit == "Days":
            return f"installations of the last {self.quantity} days are kept"
        return f"the installation in use and {self.quantity} successful ones before it are kept"


async def clean(
    run: TaskRun,
    transport: Transport,
    node: LogNode,
    key: str,
    runner_path: str,
    policy_sets: Sequence[str],
    retention: Retention,
) -> bool:
    """Removes what is not kept any more; says whether all went well. TaskError when it could not be done at all."""
    amount = "Days" if retention.unit == "Days" else "Releases"
    question = msgspec.json.encode({"Sets": list(policy_sets), amount: retention.quantity})
    body = start_runner(runner_path, ["clean", "--question", "question.json"])
    script = Script(body.bash, body.powershell, files={"question.json": question}, alone=False, mutex="PolpoClean")
    console = Console(node, run.masker)
    outcome = await run_script(run, transport, console, key, script)
    if (sentence := explain(outcome, "Cleaning up", transport.name)) is not None:
        raise TaskError(sentence)
    return not outcome.console.has_warnings
