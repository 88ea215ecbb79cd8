"""Collections whose documents belong to a space or to the whole server, and are served at both levels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

import sqlalchemy as sa

from polpo.kernel.errors import NotFound
from polpo.rest.call import Call
from polpo.rest.collection import Collection, Where
from polpo.store.documents import Document

D = TypeVar("D", bound=Document)

#: The query parameters that choose among levels.
LEVELS = ("spaces", "includeSystem")


@dataclass(frozen=True)
class TwoLevelCollection(Collection[D]):
    """Below a space: what belongs to it or to the server. Without a space: all.

    `spaces` narrows to what belongs to these spaces, `includeSystem` says whether what belongs to the server counts.
    """

    def where(self, call: Call) -> list[Where]:
        return [*super().where(replace(call, space_id=None)), *self.level(call)]

    def level(self, call: Call) -> list[Where]:
        home = self.kind.table.c.space_id
        spaces = call.texts("spaces") if call.space_id is None else [call.space_id]
        named = [space for space in spaces if space.lower() != "all"]
        with_system = call.flag("includeSystem") if call.text("includeSystem") else not call.texts("spaces")
        if named:
            inside = home.in_(named)
            return [sa.or_(inside, home.is_(None)) if with_system else inside]
        return [] if with_system else [home.is_not(None)]

    def find(self, call: Call, identity: str) -> D:
        table = self.kind.table
        found = call.session.find(self.kind, identity)
        if found is None and "slug" in table.c:
            home = table.c.space_id.is_(None) if call.space_id is None else table.c.space_id == call.space_id
            found = call.session.first(self.kind, table.c.slug == identity, home)
        if found is None or (call.space_id and getattr(found, "space_id", None) not in {None, call.space_id}):
            raise NotFound(f"There is no {self.kind.singular} with the id '{identity}' here.")
        self.guard(call, found)
        return found

    def insert(self, call: Call, document: D) -> D:
        home: Any = document
        home.space_id = home.space_id or None
        return super().insert(call, document)

    def replace(self, call: Call, identity: str, document: D) -> D:
        """Also below a space, what belongs to the server goes on to."""
        before = self.find(call, identity)
        home: Any = document
        home.space_id = before.space_id  # type: ignore[attr-defined]
        return super().replace(replace(call, space_id=None), before.id, document)
