"""Kinds of documents: the table, the id prefix, and the columns that are searched or unique."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa

from polpo.store.documents import Document, may_hold_secrets
from polpo.store.sealing import sealed

D = TypeVar("D", bound=Document)

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

id_sequence = sa.Table(
    "id_sequence",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

#: Who refers to what, kept with every write, so that "is it in use, and by whom" is one look-up.
reference = sa.Table(
    "reference",
    metadata,
    sa.Column("from_kind", sa.Text, nullable=False),
    sa.Column("from_id", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("to_kind", sa.Text, nullable=False),
    sa.Column("to_id", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("from_id", "path", "to_id"),
    sa.Index("ix_reference_to", "to_id", "from_kind", "from_id"),
)


@dataclass(frozen=True, eq=False)
class Kind(Generic[D]):
    """One kind of document. `columns` are read from the document's attributes of the same name unless computed."""

    name: str
    document: type[D]
    table: sa.Table
    columns: tuple[str, ...]
    computed: dict[str, Callable[[D], object]]
    unique: tuple[tuple[str, ...], ...]
    order: tuple[str, ...]
    singular: str
    owned_by: frozenset[str]
    holds_secrets: bool
    guard: Callable[[Any, D], None] | None
    audited: bool
    quiet: frozenset[str]
    mentions: Callable[[D], Iterable[tuple[str, str, str]]] | None
    removed: Callable[[Any, D], None] | None
    decoder: msgspec.json.Decoder[D] = field(repr=False)

    @property
    def is_space_scoped(self) -> bool:
        return "space_id" in self.table.c

    def column_values(self, document: D) -> dict[str, object]:
        values: dict[str, object] = {name: getattr(document, name) for name in self.columns}
        values.update({name: compute(document) for name, compute in self.computed.items()})
        if "name_key" in self.table.c:
            values["name_key"] = str(values["name"]).casefold()
        return values


#: Every kind by name; filled as features are imported.
kinds: dict[str, Kind[Any]] = {}


def define(  # a kind's whole vocabulary; one call a kind
    name: str,
    document: type[D],
    *columns: sa.Column[Any],
    singular: str,
    computed: dict[str, Callable[[D], object]] | None = None,
    unique: Iterable[tuple[str, ...]] = (),
    order: tuple[str, ...] = ("name_key", "seq"),
    indexes: Iterable[tuple[str, ...]] = (),
    owned_by: Iterable[str] = (),
    guard: Callable[[Any, D], None] | None = None,
    audited: bool = True,
    quiet: Iterable[str] = (),
    mentions: Callable[[D], Iterable[tuple[str, str, str]]] | None = None,
    removed: Callable[[Any, D], None] | None = None,
) -> Kind[D]:
    """Declares a kind and its table.

    `space_id`, `name` and `slug` get columns when the document has them. `unique` lists column groups; documents of a
    space-scoped kind are unique within their space. `owned_by` names kinds whose deletion takes these documents along,
    so their references to the owner do not count as use. `guard` is called before a document is deleted,
    also along with its owner, and refuses by raising. Changes of an `audited` kind go into the audit trail, except
    those that concern nothing but attributes named in `quiet`, which the server itself writes. `mentions` gives (path,
    kind, id) of what a document refers to by words that its type does not mark, such as properties: that counts as
    use, but is not checked when it is written. `removed` is called after a document was deleted, also along with its
    owner, to take away what it leaves behind that is no document.
    """
    taken = [one for one in ("space_id", "name", "slug") if one in document.__struct_fields__]
    computed = computed or {}
    holds_secrets = may_hold_secrets(document)
    doc = sa.Column("doc", sa.LargeBinary, nullable=False, info=sealed("sensitive-values") if holds_secrets else {})
    table = _table(singular, taken, (*columns, doc))
    scope = ("space_id",) if "space_id" in taken else ()
    groups = tuple((*scope, *group) for group in unique)
    _index(table, groups, {(*scope, *order), *indexes} - set(groups))
    kind = Kind(
        name=name,
        document=document,
        table=table,
        columns=(*taken, *(column.name for column in columns if column.name not in computed)),
        computed=computed,
        unique=groups,
        order=tuple(column for column in order if column in table.c) or ("seq",),
        singular=singular,
        owned_by=frozenset(owned_by),
        holds_secrets=holds_secrets,
        guard=guard,
        audited=audited,
        quiet=frozenset(quiet),
        mentions=mentions,
        removed=removed,
        decoder=msgspec.json.Decoder(document),
    )
    if name in kinds:
        raise ValueError(f"the kind {name} is defined twice")
    kinds[name] = kind
    return kind


def _table(singular: str, taken: Iterable[str], columns: Iterable[sa.Column[Any]]) -> sa.Table:
    parts: list[sa.Column[Any]] = [
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("row_version", sa.Integer, nullable=False),
        *(sa.Column(attribute, sa.Text, nullable=attribute != "name") for attribute in taken),
    ]
    if "name" in taken:
        parts.append(sa.Column("name_key", sa.Text, nullable=False))
    name = singular.replace(" ", "_").replace("-", "_")
    return sa.Table(name, metadata, *parts, *columns)


def _index(table: sa.Table, unique: Iterable[tuple[str, ...]], searched: Iterable[tuple[str, ...]]) -> None:
    for group in unique:
        sa.Index(f"uq_{table.name}_{'_'.join(group)}", *(table.c[column] for column in group), unique=True)
    for group in sorted(searched):
        sa.Index(f"ix_{table.name}_{'_'.join(group)}", *(table.c[column] for column in group))
