"""Orders that people set by hand: the places of documents that have a `sort_order`."""

from __future__ import annotations

from typing import Any

from polpo.kernel.errors import Invalid
from polpo.store.kinds import Kind
from polpo.store.session import Session


def place_in_order(session: Session, kind: Kind[Any], space_id: str, order: list[str]) -> None:
    """Gives the named documents the places 0, 1, …; those that are not named follow in their former order."""
    documents = session.all(kind, kind.table.c.space_id == space_id)
    known = {document.id: document for document in documents}
    unknown = [name for name in order if name not in known]
    if unknown:
        faults = [f"There is no {kind.singular} with the id '{name}' in this space." for name in unknown]
        raise Invalid(faults[0], faults)
    named = dict.fromkeys(order)
    rest = [identity for identity in known if identity not in named]
    for place, identity in enumerate([*named, *rest]):
        document = known[identity]
        if document.sort_order != place:
            document.sort_order = place
            session.update(kind, document)
