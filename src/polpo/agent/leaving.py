"""Taking this machine from a server."""

from __future__ import annotations

from typing import Literal

from polpo.agent.configuration import Instance
from polpo.agent.server_api import ServerApi
from polpo.agent.spaces import space_of
from polpo.kernel.errors import Conflict, NotFound

Collection = Literal["machines", "workers"]


async def deregister(
    instance: Instance,
    api: ServerApi,
    space: str = "",
    *,
    collections: tuple[Collection, ...] = ("machines", "workers"),
    multiple: bool = False,
) -> list[str]:
    """Deletes the targets and workers that have this agent's certificate, and returns their names.

    The trust in the server ends with the last of them.
    """
    configuration = instance.read()
    await api.open()
    place = await space_of(api, space)
    thumbprint = instance.identity().thumbprint
    mine = {one: await place.machines_of(one, thumbprint) for one in ("machines", "workers")}
    wanted = [(collection, machine) for collection in collections for machine in mine[collection]]
    if not wanted:
        what = {"machines": "target", "workers": "worker"}
        kinds = " or ".join(what[collection] for collection in collections)
        raise NotFound(f"The server has no {kinds} with this agent's thumbprint {thumbprint} in the space.")
    names = [str(machine["Name"]) for _, machine in wanted]
    if len(wanted) > 1 and not multiple:
        raise Conflict(
            f"Several machines have this agent's certificate: {', '.join(names)}. Say --multiple to remove them all."
        )
    for collection, machine in wanted:
        await api.delete(f"{place.base}/{collection}/{machine['Id']}")
    if len(wanted) == sum(len(found) for found in mine.values()):
        instance.write(configuration.distrusting(await place.server_thumbprint()))
    return names
