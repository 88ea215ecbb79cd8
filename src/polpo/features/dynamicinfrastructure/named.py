"""What a message names: by its id or its name, as scripts find handy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.machines.resource import DeploymentTarget
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.steps.work import Order
from polpo.store.kinds import Kind
from polpo.store.session import Session


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


def allows_scripts(session: Session, environment: Environment) -> bool:
    """Whether scripts may make and delete things there; an ephemeral environment goes by its parent, too."""
    parent = session.find(ENVIRONMENTS, environment.parent_environment_id)
    return environment.allow_dynamic_infrastructure or bool(parent and parent.allow_dynamic_infrastructure)


def refuse_shared(call: Call, order: Order, what: str, environment_ids: Sequence[str]) -> None:
    """What stands there already belongs to each of its environments; without any, to all of the space.

    So a script that runs in one of them changes it only where all of them let scripts do so.
    """
    table = ENVIRONMENTS.table
    here = call.session.all(ENVIRONMENTS, table.c.space_id == call.space)
    concerned = [one for one in here if not environment_ids or one.id in environment_ids]
    closed = sorted(one.name for one in concerned if not allows_scripts(call.session, one))
    if closed:
        sentence = (
            f"The script asked for '{order.message}', and {what} is also for {', '.join(closed)}, where dynamic"
            " infrastructure is not allowed. Allow it there, or give the script one of its own."
        )
        raise Invalid(sentence, [sentence])
