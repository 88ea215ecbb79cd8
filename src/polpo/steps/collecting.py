"""Fetching the files that a script wants to be kept, before the machine forgets the script and deletes them."""

from __future__ import annotations

import msgspec

from polpo.kernel.errors import AppError
from polpo.steps.console import Artifact, ConsoleState
from polpo.steps.work import Shelf, Work
from polpo.transports.transport import Transport


async def collect_artifacts(work: Work, transport: Transport, said: ConsoleState) -> None:
    """A file that cannot be fetched is a warning: what the script did is done. Each file is fetched once."""
    if work.shelf is None:
        return
    for number, left in enumerate(said.artifacts, start=1):
        key = f"artifact/{work.key}/{work.attempt}/{number}"
        if work.run.recall(key) is None:
            await work.run.save(key, await _collect(work, work.shelf, transport, key, left))


async def _collect(work: Work, shelf: Shelf, transport: Transport, key: str, left: Artifact) -> str:
    """The id of the artifact; empty when it could not be fetched."""
    try:
        content = await transport.download(left.path)
        if content is None:
            work.node.warning(f"The artifact '{left.name}' was not collected: there is no file {left.path}.")
            return ""
        try:
            kept = msgspec.structs.replace(left, name=work.run.masker.mask(left.name))
            identity = await shelf.put(work.run.task.id, key, kept, work.place_name, content)
        finally:
            content.discard()
    except AppError as error:
        work.node.warning(f"The artifact '{left.name}' was not collected: {error.message}")
        return ""
    work.node.info(f"The artifact '{left.name}' was collected: {content.length} bytes from {left.path}.")
    return identity
