"""Carrying out what a script asked the server for: targets, accounts, the state of its environment.

It is done when the script has ended, in the order in which it was asked for, whether the script failed or not. Each
order has its name in the journal, so it is carried out once, whatever happens to the server meanwhile.
"""

from __future__ import annotations

from typing import Any

import msgspec

from polpo.kernel.errors import AppError
from polpo.steps.console import ConsoleState
from polpo.steps.work import Carried, Order, Work

_CHOSEN = "Octopus.Deployment.SpecificMachines"


class Carrying(msgspec.Struct):
    """Sentences about orders that were refused, and the targets that the others made or deleted."""

    refused: list[str] = []
    joined: list[dict[str, Any]] = []
    dropped: dict[str, str] = {}


async def carry_out_orders(work: Work, said: ConsoleState) -> Carrying:
    """The targets are kept as a fact besides, since a step that fails has no result."""
    done = Carrying()
    for number, (message, attributes) in enumerate(said.found, start=1):
        if work.clerk is not None and work.clerk.knows(message):
            key = f"order/{work.key}/{work.attempt}/{number}"
            try:
                raw = await work.run.activity(key, work.clerk.carry_out, _order(work, message, attributes, key))
            except AppError as error:
                done.refused.append(_reasons(error))
            else:
                carried = msgspec.convert(raw, Carried)
                work.run.log.once(key, work.node, "Info", carried.sentence)
                done.joined += carried.joined
                done.dropped |= carried.dropped
    if work.values.get(_CHOSEN):
        done.joined = []  # a person has said on which targets alone this runs
    if done.joined or done.dropped:
        await work.run.remember(targets_of(work.key), done)
    return done


def _reasons(error: AppError) -> str:
    """With each of the faults, where the message only says that there are some."""
    faults = [fault for fault in getattr(error, "errors", ()) if fault not in error.message]
    return " ".join([error.message, *faults])


def targets_of(key: str) -> str:
    """The name of the fact about targets that the orders of a piece of work have made and deleted."""
    return f"targets/{key}"


def _order(work: Work, message: str, attributes: dict[str, str], key: str) -> Order:
    return Order(
        message=message,
        attributes=attributes,
        by=work.run.task.description,
        space_id=work.values.get("Octopus.Space.Id", ""),
        project_id=work.values.get("Octopus.Project.Id", ""),
        environment_id=work.values.get("Octopus.Environment.Id", ""),
        tenant_id=work.values.get("Octopus.Deployment.Tenant.Id", ""),
        asked_by=work.values.get("Octopus.Deployment.CreatedBy.Username", ""),
        is_repeat=work.run.state_of(key) == "started",
    )
