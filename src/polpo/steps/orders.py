"""Carrying out what a script asked the server for: targets, accounts, the state of its environment.

It is done when the script has ended, in the order in which it was asked for, whether the script failed or not. Each
order has its name in the journal, so it is carried out once, whatever happens to the server meanwhile.
"""

from __future__ import annotations

from polpo.kernel.errors import AppError
from polpo.steps.console import ConsoleState
from polpo.steps.work import Order, Work


async def carry_out_orders(work: Work, said: ConsoleState) -> list[str]:
    """Sentences about those that were refused."""
    if work.clerk is None:
        return []
    refused = []
    for number, (message, attributes) in enumerate(said.found, start=1):
        if work.clerk.knows(message):
            key = f"order/{work.key}/{work.attempt}/{number}"
            try:
                done = await work.run.activity(key, work.clerk.carry_out, _order(work, message, attributes, key))
            except AppError as error:
                refused.append(error.message)
            else:
                work.run.log.once(key, work.node, "Info", str(done))
    return refused


def _order(work: Work, message: str, attributes: dict[str, str], key: str) -> Order:
    return Order(
        message=message,
        attributes=attributes,
        by=work.run.task.description,
        space_id=work.values.get("Octopus.Space.Id", ""),
        project_id=work.values.get("Octopus.Project.Id", ""),
        environment_id=work.values.get("Octopus.Environment.Id", ""),
        tenant_id=work.values.get("Octopus.Deployment.Tenant.Id", ""),
        is_repeat=work.run.state_of(key) == "started",
    )
