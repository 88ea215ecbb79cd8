"""What a message names: by its id or its name, as scripts find handy."""

from __future__ import annotations

from typing import Any, NamedTuple

from polpo.features.machines.resource import DeploymentTarget
from polpo.kernel.errors import NotFound
from polpo.rest.call import Call
from polpo.store.kinds import Kind


class Told(NamedTuple):
    """What was done, in a sentence, and the target that was made or changed, or the id of the one that is gone."""

    sentence: str
    target: DeploymentTarget | None = None
    gone: str = ""


def named(call: Call, kind: Kind[Any], text: str, *, required: bool = True) -> str | None:
    """The id; None for no text. NotFound when there is no such thing in the space, unless that is not `required`."""
    wanted = text.strip()
    if not wanted:
        return None
    table = kind.table
    here = table.c.space_id == call.space
    for condition in (table.c.id == wanted, table.c.name_key == wanted.casefold()):
        found = call.session.first(kind, here, condition)
        if found is not None:
            return str(found.id)
    if required:
        raise NotFound(f"The script names the {kind.singular} '{wanted}', which does not exist in this space.")
    return None
