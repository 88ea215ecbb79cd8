"""What documents are about, so that the rights of a caller narrow them: one by one, and whole lists in the query.

A kind is protected by `protect`; a kind that is not concerns nothing, so that only grants which are not narrowed reach
its documents.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from polpo.rest.authorization import Rights, Subject
from polpo.rest.permissions import NEEDS_EXPLICIT_TENANT, RESTRICTABLE_BY, Permission, is_reading
from polpo.store.documents import Document
from polpo.store.kinds import Kind, reference

D = TypeVar("D", bound=Document)
T = TypeVar("T")

Where = sa.ColumnElement[bool]

_BESIDE = 100


@dataclass(frozen=True)
class Scoping:
    """One kind of scope in a query. `among`: what concerns one of the ids; `none`: what concerns none at all."""

    among: Callable[[Collection[str]], Where]
    none: Callable[[], Where]


@dataclass(frozen=True)
class Protection(Generic[T]):
    """What documents of a kind, or rows, concern. `of` reads it off a document, `scopings` find it in a query.

    `open_to_all` as in `Subject`. `space` is the column with the space, where there is one.
    """

    of: Callable[[T], Mapping[str, Iterable[str | None]]]
    scopings: Mapping[str, Scoping]
    space: sa.ColumnElement[Any] | None = None
    open_to_all: frozenset[str] = field(default_factory=frozenset)

    def subject(self, document: T, space_id: str | None) -> Subject:
        """A document that lies in a space is judged there, wherever it is asked for."""
        own = getattr(document, "space_id", None) if hasattr(document, "space_id") else space_id
        told = {kind: frozenset(one for one in ids if one) for kind, ids in self.of(document).items()}
        return Subject(own or None, {kind: ids for kind, ids in told.items() if ids}, self.open_to_all)

    def is_complete_for(self, permission: Permission) -> bool:
        """Whether the document says all that the permission can be narrowed by."""
        said = {*self.scopings, *(() if permission in NEEDS_EXPLICIT_TENANT else ("Tenants",))}
        return said.issuperset(RESTRICTABLE_BY.get(permission, ()))

    def where(self, rights: Rights, permission: Permission, space_id: str | None) -> list[Where]:
        """What narrows a list to what may be seen; nothing where all may. Without a space: in all of them."""
        if rights.is_everything:
            return []
        if space_id is not None or self.space is None:
            return self._within(rights, permission, space_id)
        places = []
        for place in rights.places(permission):
            here = self.space.is_(None) if place is None else self.space == place
            places.append(sa.and_(here, *self._within(rights, permission, place)))
        return [sa.or_(*places)] if places else [sa.false()]

    def _within(self, rights: Rights, permission: Permission, space_id: str | None) -> list[Where]:
        reach = rights.reach(permission, space_id)
        if reach.is_everywhere:
            return []
        granted = [self._granted(permission, one) for one in reach.narrowings()]
        return [any_of(granted)] if granted else [sa.false()]

    def _granted(self, permission: Permission, narrowing: Mapping[str, frozenset[str]]) -> Where:
        return sa.and_(sa.true(), *(self._scoped(permission, *one) for one in narrowing.items()))

    def _scoped(self, permission: Permission, kind: str, ids: frozenset[str]) -> Where:
        is_for_all = (
            permission not in NEEDS_EXPLICIT_TENANT
            if kind == "Tenants"
            else kind in self.open_to_all and is_reading(permission)
        )
        scoping = self.scopings.get(kind)
        if scoping is None:
            return sa.true() if is_for_all else sa.false()
        among = scoping.among(ids)
        return sa.or_(among, scoping.none()) if is_for_all else among


def any_of(conditions: Sequence[Where]) -> Where:
    """One of any number of conditions: SQLite takes no more than a thousand beside each other, but groups of them."""
    while len(conditions) > _BESIDE:
        groups = (conditions[start : start + _BESIDE] for start in range(0, len(conditions), _BESIDE))
        conditions = [sa.or_(*group).self_group() for group in groups]
    return sa.or_(*conditions)


#: By the name of the kind.
_protections: dict[str, Protection[Any]] = {}


def protect(
    kind: Kind[D],
    of: Callable[[D], Mapping[str, Iterable[str | None]]],
    scopings: Mapping[str, Scoping],
    open_to_all: Iterable[str] = (),
) -> Protection[D]:
    """Says what the documents of the kind concern. `of` and `scopings` must agree: a test compares them."""
    protection = Protection(of, scopings, kind.table.c.get("space_id"), frozenset(open_to_all))
    _protections[kind.name] = protection
    return protection


def protect_by_columns(kind: Kind[D], **columns: str) -> Protection[D]:
    """For documents that hold the ids they concern as they are: the attribute, which is a column, by kind of scope."""

    def of(document: D) -> Mapping[str, Iterable[str]]:
        return {scope: [getattr(document, column) or ""] for scope, column in columns.items()}

    return protect(kind, of, {scope: by_column(kind.table.c[column]) for scope, column in columns.items()})


def protection_of(kind: Kind[D]) -> Protection[D]:
    if (known := _protections.get(kind.name)) is None:
        known = _protections[kind.name] = Protection(lambda _document: {}, {}, kind.table.c.get("space_id"))
    return known


def is_protected(kind: Kind[Any]) -> bool:
    return kind.name in _protections and bool(_protections[kind.name].scopings)


def by_column(column: sa.ColumnElement[Any]) -> Scoping:
    """A column that holds the id; null or empty where none is concerned."""
    return Scoping(column.in_, lambda: sa.or_(column.is_(None), column == ""))


def by_references(kind: Kind[Any], scope: str, attribute: str | None = None) -> Scoping:
    """Documents that refer to the ids, by the property named or by any."""
    refers = sa.select(reference.c.from_id).where(reference.c.from_kind == kind.name, reference.c.to_kind == scope)
    if attribute is not None:
        refers = refers.where(sa.or_(reference.c.path == attribute, reference.c.path.startswith(f"{attribute}[")))
    identity = kind.table.c.id
    return Scoping(
        lambda ids: identity.in_(refers.where(reference.c.to_id.in_(ids))),
        lambda: identity.not_in(refers),
    )


def by_owner(column: sa.ColumnElement[Any], owner: Kind[Any], scoping: Scoping) -> Scoping:
    """As the document that the column names is scoped."""
    owners = sa.select(owner.table.c.id)
    return Scoping(
        lambda ids: column.in_(owners.where(scoping.among(ids))),
        lambda: sa.or_(column.is_(None), column.in_(owners.where(scoping.none()))),
    )
