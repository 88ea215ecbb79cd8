"""Create, read, update, delete, list and `all` for a kind, in one configurable piece.

A feature says what is special (permissions, defaults and rules in `prepare`, filters); the rest is the same for all:
read by id, slug or name as the kind allows, `ids`, `name`, `partialName` and `slug` filters, paging, links, read-only
fields kept, 201 for what is new and 200 with a body for what is deleted.
"""

from __future__ import annotations

import re
import typing
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.answers import Page, stored_page
from polpo.rest.call import Call
from polpo.rest.links import renderer
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Access, Routes, Scope
from polpo.store.documents import Document
from polpo.store.kinds import Kind
from polpo.store.session import Session

D = TypeVar("D", bound=Document)

Prepare = Callable[[Call, Any, Any], None]
Where = sa.ColumnElement[bool]
Filter = Callable[[Session, list[str]], Where]

_MAX_NAME = 200
_SLUG_BREAK = re.compile(r"[^a-z0-9]+")


def slugify(name: str) -> str:
    """A name as it may stand in an address: lower-case letters and digits with single dashes between."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _SLUG_BREAK.sub("-", plain).strip("-")[:150] or "unnamed"


@dataclass(frozen=True)
class Collection(Generic[D]):
    """The common operations on one kind of document.

    `prepare(call, document, before)` fills defaults and applies rules before a write (`before` is None on create);
    `removing(call, document)` runs before a delete and may refuse. Answers are kept until one of these documents is
    written. Where a method is overridden or a filter is more than a column, answers may depend on other kinds: then
    they are kept only when `depends` names those, or says with `()` that there are none. `query` names what else a
    list can be narrowed by.
    """

    kind: Kind[D]
    path: str
    view: Access
    create: Access | None = None
    edit: Access | None = None
    delete: Access | None = None
    prepare: Prepare | None = None
    removing: Callable[[Call, D], None] | None = None
    filters: Mapping[str, Filter] = field(default_factory=dict)
    scope: Scope = "space"
    depends: tuple[str, ...] | None = None
    query: tuple[str, ...] = ()

    def register(self, routes: Routes) -> None:
        document = self.kind.document
        common = ("skip", "take", "ids", "partialName", "name", "slug", *self.filters, *self.query)
        label = self.kind.singular
        many = self.path.strip("/")

        def page(call: Call) -> Page[D]:
            return self.page(call)

        def every(call: Call) -> Sequence[Any]:
            return self.every(call)

        def read(call: Call, id: str) -> Any:
            return self.find(call, id)

        def make(call: Call, body: Any) -> Any:
            return self.insert(call, body)

        def change(call: Call, id: str, body: Any) -> Any:
            return self.replace(call, id, body)

        def remove(call: Call, id: str) -> None:
            self.remove(call, id)

        one = f"{self.path}/{{id}}"
        depends = self._depends()
        listing: dict[str, Any] = {"scope": self.scope, "query": common, "depends": depends}
        single: dict[str, Any] = {"scope": self.scope, "response": document}
        saved: dict[str, Any] = {**single, "body": document}
        all_of = typing.cast("Any", list)[document]
        routes.add("GET", self.path, self.view, page, response=document, paged=True, summary=f"List {many}", **listing)
        routes.add("GET", f"{self.path}/all", self.view, every, response=all_of, summary=f"All {many}", **listing)
        routes.add("GET", one, self.view, read, summary=f"Get a {label}", depends=depends, **single)
        if self.create:
            routes.add("POST", self.path, self.create, make, status=201, summary=f"Create a {label}", **saved)
        if self.edit:
            routes.add("PUT", one, self.edit, change, summary=f"Replace a {label}", **saved)
        if self.delete:
            routes.add("DELETE", one, self.delete, remove, summary=f"Delete a {label}", scope=self.scope)

    def _depends(self) -> tuple[str, ...]:
        if self.depends is not None:
            return (self.kind.name, *self.depends)
        reads = ("where", "page", "every", "find")
        is_plain = all(getattr(type(self), name) is getattr(Collection, name) for name in reads)
        is_own = all(getattr(narrow, "is_own", False) for narrow in self.filters.values())
        return (self.kind.name,) if is_plain and is_own else ()

    # -- reading

    def where(self, call: Call) -> list[Where]:
        table = self.kind.table
        conditions: list[Where] = []
        if self.kind.is_space_scoped and call.space_id is not None:
            conditions.append(table.c.space_id == call.space_id)
        ids = call.texts("ids")
        if ids:
            conditions.append(table.c.id.in_(ids))
        if (name := call.text("name")) and "name_key" in table.c:
            conditions.append(table.c.name_key == name.casefold())
        if (partial := call.text("partialName")) and "name_key" in table.c:
            conditions.append(table.c.name_key.contains(partial.casefold(), autoescape=True))
        if (slug := call.text("slug")) and "slug" in table.c:
            conditions.append(table.c.slug == slug)
        for parameter, narrow in self.filters.items():
            if given := call.texts(parameter):
                conditions.append(narrow(call.session, given))
        if isinstance(self.view, Permission):
            conditions += call.narrowed(self.view, protection_of(self.kind))
        return conditions

    def page(self, call: Call, *where: Where, order: Sequence[Any] = ()) -> Page[D]:
        paging = call.paging
        conditions = [*self.where(call), *where]
        found = call.session.page(self.kind, *conditions, order=order, skip=paging.skip, take=paging.take)
        return stored_page(self.kind, found, paging)

    def every(self, call: Call) -> Sequence[Any]:
        render = renderer(self.kind)
        found = call.session.page(self.kind, *self.where(call), take=_ALL)
        return [render(row) for row in found.rows]

    def find(self, call: Call, identity: str) -> D:
        """By id, else by slug where slugs are unique in the space; within the call's space."""
        table = self.kind.table
        scoped: list[Where] = []
        if self.kind.is_space_scoped and call.space_id is not None:
            scoped.append(table.c.space_id == call.space_id)
        found = call.session.first(self.kind, table.c.id == identity, *scoped)
        if found is None and "slug" in table.c and self._slug_scope() <= {"space_id"}:
            found = call.session.first(self.kind, table.c.slug == identity, *scoped)
        if found is None:
            raise NotFound(f"There is no {self.kind.singular} with the id or slug '{identity}' in this space.")
        self.guard(call, found)
        return found

    def guard(self, call: Call, document: D) -> None:
        """Refuses what the route's permission, or where it asks for none the right to look, does not reach."""
        wanted = call.permission or (self.view if isinstance(self.view, Permission) else None)
        call.guard(self.kind, document, wanted)

    # -- writing

    def insert(self, call: Call, document: D) -> D:
        document.id = ""
        self._fill(call, document, None)
        made = call.session.insert(self.kind, document)
        self.guard(call, made)  # what it names exists by now; a refusal takes all of it back
        return made

    def replace(self, call: Call, identity: str, document: D) -> D:
        before = self.find(call, identity)
        document.id = before.id
        self._fill(call, document, before)
        self.guard(call, document)
        return call.session.update(self.kind, document)

    def remove(self, call: Call, identity: str) -> None:
        document = self.find(call, identity)
        if self.removing:
            self.removing(call, document)
        call.session.delete(self.kind, document.id)

    def _fill(self, call: Call, document: D, before: D | None) -> None:
        stamp(call, document)
        if self.kind.is_space_scoped and call.space_id is not None:
            document.space_id = call.space_id  # type: ignore[attr-defined]
        if hasattr(document, "name"):
            document.name = checked_name(document.name, self.kind.singular)
        if hasattr(document, "slug"):
            document.slug = self._slug(call, document, before)
        if self.prepare:
            self.prepare(call, document, before)

    def _slug(self, call: Call, document: Any, before: Any) -> str:
        wanted = (document.slug or "").strip()
        if before is not None and wanted in ("", before.slug):
            return str(before.slug)
        base = slugify(wanted or document.name)
        table = self.kind.table
        scoped = [table.c[column] == getattr(document, column) for column in self._slug_scope()]
        number, slug = 1, base
        while call.session.first(self.kind, table.c.slug == slug, table.c.id != document.id, *scoped) is not None:
            number += 1
            slug = f"{base}-{number}"
        return slug

    def _slug_scope(self) -> set[str]:
        """The columns within whose values a slug stands for one document."""
        return {column for group in self.kind.unique if "slug" in group for column in group if column != "slug"}


_ALL = 2147483647


def stamp(call: Call, document: Document) -> None:
    """Who changed it, and when."""
    document.last_modified_on = call.clock.now()
    document.last_modified_by = call.identity.username if call.identity else "system"


def checked_name(name: str, singular: str) -> str:
    trimmed = name.strip()
    if not trimmed:
        raise Invalid(f"The {singular} needs a name.", [f"Name: the {singular} needs a name."])
    if len(trimmed) > _MAX_NAME:
        sentence = f"Name: {len(trimmed)} characters are too many for a {singular}; {_MAX_NAME} is the most."
        raise Invalid(sentence, [sentence])
    return trimmed


def column_filter(column: sa.Column[Any]) -> Filter:
    """A query parameter that lists accepted values of a column."""

    def narrow(_session: Session, values: list[str]) -> Where:
        return column.in_(values)

    narrow.is_own = True  # type: ignore[attr-defined] # it looks at nothing but the document's own columns
    return narrow


def caseless_filter(column: sa.Column[Any], known: Mapping[str, str] | None = None) -> Filter:
    """The same without regard to case; `known` maps other words, in lower case, for a value."""

    def narrow(_session: Session, values: list[str]) -> Where:
        wanted = [(known or {}).get(value.casefold(), value).casefold() for value in values]
        return sa.func.lower(column).in_(wanted)

    return narrow


def permissions_of(noun: str) -> dict[str, Any]:
    """The usual four: `EnvironmentView`, `EnvironmentCreate`, `EnvironmentEdit`, `EnvironmentDelete`."""
    return {verb.lower(): Permission(f"{noun}{verb}") for verb in ("View", "Create", "Edit", "Delete")}
