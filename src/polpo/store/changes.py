"""What one transaction changed, and on whose behalf; from this the audit trail is made, in the same transaction.

A document's change is noted by the session itself, so no feature can forget it. What is no document, such as the turns
of a task, is noted by the code that makes it happen.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from polpo.store.kinds import Kind


@dataclass(frozen=True)
class Actor:
    """Who acts. Without a user it is the server itself. `means` is how they signed in, such as "api key".

    `credential` is the id of the key or session that they used. `on_behalf_of` is the name of the user who asked for
    what the server does by itself, such as a deployment.
    """

    user_id: str = ""
    username: str = "system"
    means: str = ""
    is_service: bool = False
    user_agent: str = ""
    address: str = ""
    credential: str = ""
    on_behalf_of: str = ""


SYSTEM = Actor()

#: On whose behalf the running code acts; a write that it queues carries it along.
acting: ContextVar[Actor] = ContextVar("acting", default=SYSTEM)


@dataclass(frozen=True)
class Change:
    """A document as it was stored before and after; None where it did not exist."""

    kind: Kind[Any]
    identity: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True)
class Happening:
    """Something worth telling that is no change of a document. `about` are ids, what it happened to first."""

    category: str
    message: str
    space_id: str | None
    document_type: str
    about: tuple[str, ...] = field(default=())
