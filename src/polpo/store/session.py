"""One transaction's view of the documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from polpo.kernel.clock import Clock
from polpo.kernel.errors import Conflict, Invalid, NotFound
from polpo.kernel.secrets import Vault, replace_sealed
from polpo.store.changes import SYSTEM, Actor, Change, Happening
from polpo.store.documents import Document, SensitiveValue, references, secrets_of
from polpo.store.kinds import Kind, kinds, reference
from polpo.store.memos import Memos

D = TypeVar("D", bound=Document)
T = TypeVar("T")
Where = sa.ColumnElement[bool]

_encoder = msgspec.json.Encoder()
_NEXT_NUMBERS = sa.text(
    "insert into id_sequence (kind, last) values (:kind, :count)"
    " on conflict (kind) do update set last = id_sequence.last + excluded.last returning last"
)


@dataclass(frozen=True)
class Page:
    """Documents as stored, from one position on, and how many there are in all."""

    rows: Sequence[sa.Row[Any]]
    total: int


class Session:
    """Reads and writes documents inside one transaction.

    Secrets come out sealed; `reveal` opens one. `committed` collects what is to be done once the transaction is in the
    database; such callbacks run on the writer's thread and must be short. `changes` and `happenings` are what the
    audit trail is made of; `actor` is who did it.
    """

    def __init__(
        self,
        connection: sa.Connection,
        vault: Vault,
        clock: Clock,
        memos: tuple[Memos, int] | None = None,
        actor: Actor = SYSTEM,
        earlier: Memos | None = None,
    ) -> None:
        self.connection = connection
        self.vault = vault
        self.clock = clock
        self.actor = actor
        self.committed: list[Callable[[], None]] = []
        self.written: set[str] = set()
        self.announced: dict[str, set[str]] = {}
        self.changes: list[Change] = []
        self.happenings: list[Happening] = []
        self._memos = memos
        self._earlier = earlier
        self._renewals: dict[str, str] = {}
        self._seen: set[tuple[str, str | None, str]] = set()  # what was found to exist; forgotten at a deletion

    # -- reading

    def find(self, kind: Kind[D], identity: str | None) -> D | None:
        if not identity:
            return None
        row = self.connection.execute(sa.select(kind.table.c.doc).where(kind.table.c.id == identity)).first()
        return kind.decoder.decode(row[0]) if row else None

    def remembered(
        self, kinds: Iterable[Kind[Any] | str], key: Hashable, find: Callable[[], T], *, in_writes: bool = False
    ) -> T:
        """What `find` gives, kept until a document of one of the kinds, or what has that name, is written.

        For what every request asks again. `key` is unique in the whole server; the answer is not to be changed.
        A write transaction looks for itself, unless it may take (`in_writes`) what was so when the last write before
        it was committed.
        """
        names = tuple(one if isinstance(one, str) else one.name for one in kinds)
        if self._memos is None:
            if self._earlier is None or not in_writes or not self.written.isdisjoint(names):
                return find()
            earlier: T = self._earlier.known(key, names, find)
            return earlier
        memos, begun = self._memos
        found: T = memos.recall(key, names, begun, find)
        return found

    @property
    def begun(self) -> int | None:
        """How far the count of writes was before this transaction began to read; None for one that may write."""
        return self._memos[1] if self._memos is not None else None

    def get(self, kind: Kind[D], identity: str | None) -> D:
        document = self.find(kind, identity)
        if document is None:
            raise NotFound(f"There is no {kind.singular} with the id '{identity}'.")
        return document

    def first(self, kind: Kind[D], *where: Where, order: Sequence[Any] = ()) -> D | None:
        found = self.all(kind, *where, order=order, take=1)
        return found[0] if found else None

    def all(
        self, kind: Kind[D], *where: Where, order: Sequence[Any] = (), skip: int = 0, take: int | None = None
    ) -> list[D]:
        statement = self._ordered(kind, sa.select(kind.table.c.doc).where(*where), order).offset(skip)
        if take is not None:
            statement = statement.limit(take)
        return [kind.decoder.decode(doc) for (doc,) in self.connection.execute(statement)]

    def by_ids(self, kind: Kind[D], identities: Iterable[str]) -> dict[str, D]:
        wanted = {identity for identity in identities if identity}
        if not wanted:
            return {}
        return {document.id: document for document in self.all(kind, kind.table.c.id.in_(wanted))}

    def page(self, kind: Kind[D], *where: Where, order: Sequence[Any] = (), skip: int = 0, take: int = 30) -> Page:
        total = self.count(kind, *where)
        statement = self._ordered(kind, sa.select(kind.table).where(*where), order)
        rows = self.connection.execute(statement.offset(skip).limit(take)).all() if take else []
        return Page(rows, total)

    def count(self, kind: Kind[D], *where: Where) -> int:
        return self.connection.execute(sa.select(sa.func.count()).select_from(kind.table).where(*where)).scalar_one()

    def _ordered(self, kind: Kind[D], statement: sa.Select[Any], order: Sequence[Any]) -> sa.Select[Any]:
        return statement.order_by(*(order or [kind.table.c[column] for column in kind.order]))

    # -- writing

    def new_id(self, kind_name: str) -> tuple[str, int]:
        number = self.new_numbers(kind_name, 1)
        return f"{kind_name}-{number}", number

    def new_numbers(self, kind_name: str, count: int) -> int:
        """Takes the next numbers of a sequence; the first of them."""
        last = self.connection.execute(_NEXT_NUMBERS, {"kind": kind_name, "count": count}).scalar_one()
        return int(last) - count + 1

    def _reserve(self, kind_name: str, number: int) -> None:
        """A number that was given by hand is not given again."""
        statement = sa.text(
            "insert into id_sequence (kind, last) values (:kind, :number)"
            " on conflict (kind) do update set last = excluded.last where excluded.last > id_sequence.last"
        )
        self.connection.execute(statement, {"kind": kind_name, "number": number})

    def insert(self, kind: Kind[D], document: D) -> D:
        """Stores a new document; allocates its id when it has none. Checks references and uniqueness."""
        if document.id:
            sequence = _trailing_number(document.id)
            if document.id == f"{kind.name}-{sequence}":
                self._reserve(kind.name, sequence)
        else:
            document.id, sequence = self.new_id(kind.name)
        self.written.add(kind.name)
        self._check(kind, document)
        self._seal(document, None)
        values = {**kind.column_values(document), "id": document.id, "seq": sequence, "row_version": 1}
        encoded = _encode(document)
        self.connection.execute(sa.insert(kind.table).values(**values, doc=encoded))
        self._note_references(kind, document)
        self._note_change(kind, document, None, encoded)
        return document

    def update(self, kind: Kind[D], document: D) -> D:
        """Replaces a document. Secrets without a new text keep the stored one."""
        self.written.add(kind.name)
        stored = self._renewed(kind, self._stored(kind, document.id))
        if not _is_snapshot(kind, document):  # what a snapshot names may be gone by now
            self._check(kind, document)
        self._seal(document, kind.decoder.decode(stored))
        table, encoded = kind.table, _encode(document)
        values = {**kind.column_values(document), "row_version": table.c.row_version + 1, "doc": encoded}
        self.connection.execute(sa.update(table).where(table.c.id == document.id).values(**values))
        self._note_references(kind, document)
        self._note_change(kind, document, stored, encoded)
        return document

    def delete(self, kind: Kind[D], identity: str) -> D:
        """Removes a document, and the documents that it owns. Refuses while another one refers to it."""
        self.written.add(kind.name)
        self._seen.clear()
        stored = self._stored(kind, identity)
        document = kind.decoder.decode(stored)
        if kind.guard is not None:
            kind.guard(self, document)
        self._refuse_when_used(kind, document)
        self._delete_owned(kind, identity)
        self.connection.execute(sa.delete(kind.table).where(kind.table.c.id == identity))
        self.connection.execute(sa.delete(reference).where(reference.c.from_id == identity))
        self._note_change(kind, document, stored, None)
        if kind.removed is not None:
            kind.removed(self, document)
        return document

    def _stored(self, kind: Kind[D], identity: str) -> bytes:
        found = self.connection.execute(sa.select(kind.table.c.doc).where(kind.table.c.id == identity)).scalar()
        if found is None:
            raise NotFound(f"There is no {kind.singular} with the id '{identity}'.")
        return bytes(found)

    def _note_change(self, kind: Kind[D], document: D, before: bytes | None, after: bytes | None) -> None:
        """Snapshots come and go with what they were taken for; nobody asks for their own changes."""
        if kind.audited and not _is_snapshot(kind, document):
            self.changes.append(Change(kind, document.id, before, after))

    def _delete_owned(self, kind: Kind[D], identity: str) -> None:
        users = self.connection.execute(
            sa.select(reference.c.from_kind, reference.c.from_id).distinct().where(reference.c.to_id == identity)
        ).all()
        for from_kind, from_id in users:
            owned = kinds[from_kind]
            if kind.name in owned.owned_by and self.find(owned, from_id) is not None:
                self.delete(owned, from_id)

    def _drop(self, kind: Kind[Any], identities: Sequence[str]) -> None:
        """Removes documents with no regard to who refers to them, and what they own that lies in no space itself."""
        owned: dict[str, list[str]] = {}
        users = sa.select(reference.c.from_kind, reference.c.from_id).distinct()
        for from_kind, from_id in self.connection.execute(users.where(reference.c.to_id.in_(identities))):
            if kind.name in kinds[from_kind].owned_by and not kinds[from_kind].is_space_scoped:
                owned.setdefault(from_kind, []).append(from_id)
        self.written.add(kind.name)
        self._seen.clear()
        self.connection.execute(sa.delete(reference).where(reference.c.from_id.in_(identities)))
        self.connection.execute(sa.delete(kind.table).where(kind.table.c.id.in_(identities)))
        for name, below in owned.items():
            self._drop(kinds[name], below)

    def empty_space(self, space_id: str, most: int, but: Iterable[Kind[Any]] = ()) -> int:
        """Removes documents of a space that is about to go, up to `most` of a kind, and what they own.

        Answers how many went. They are not checked, guarded or told of one by one: what ends is the space.
        """
        removed, kept = 0, {kind.name for kind in but}
        for kind in kinds.values():
            if not kind.is_space_scoped or kind.name in kept:
                continue
            chosen = sa.select(kind.table.c.id).where(kind.table.c.space_id == space_id).limit(most)
            found = self.connection.execute(chosen).scalars().all()
            if found:
                self._drop(kind, found)
                removed += len(found)
        return removed

    def happened(self, happening: Happening) -> None:
        """Notes for the audit trail what is no change of a document."""
        self.happenings.append(happening)

    def announce(self, topic: str, item: str) -> None:
        """Tells the subscribers of the topic, on this and on all other nodes, once the transaction is committed."""
        self.announced.setdefault(topic, set()).add(item)

    def after_commit(self, callback: Callable[[], None]) -> None:
        self.committed.append(callback)

    # -- secrets

    def reveal(self, value: SensitiveValue | None) -> str | None:
        """The text of a stored secret, or None when it has none."""
        if value is None or not value.has_value or value.new_value is None:
            return None
        return self.vault.decrypt(value.new_value)

    def conceal(self, text: str) -> SensitiveValue:
        """A secret with the text, whatever it looks like: for what does not come from a request, such as of scripts."""
        return SensitiveValue(has_value=bool(text), new_value=self.vault.encrypt(text) if text else None)

    def _seal(self, document: D, before: D | None) -> None:
        stored = dict(secrets_of(before)) if before is not None else {}
        for place, value in secrets_of(document):
            if value.new_value is not None:
                is_sealed = self.vault.is_sealed(value.new_value)
                value.new_value = self._renew(value.new_value) if is_sealed else self.vault.encrypt(value.new_value)
                value.has_value = True
            elif value.has_value:
                old = stored.get(place)
                value.new_value = old.new_value if old else None
                value.has_value = value.new_value is not None

    def _renewed(self, kind: Kind[D], stored: bytes) -> bytes:
        """What is written while the master key is being replaced needs the old one no more.

        Also what was there before counts as renewed, so that a secret does not look changed that only has a new seal.
        """
        if not kind.holds_secrets or not self.vault.older:
            return stored
        return replace_sealed(stored.decode(), self._renew).encode()

    def _renew(self, sealed: str) -> str:
        if sealed not in self._renewals:
            self._renewals[sealed] = self.vault.renewed(sealed)
        return self._renewals[sealed]

    # -- rules that hold for every kind

    def _check(self, kind: Kind[D], document: D) -> None:
        faults = [*self._missing_references(document), *self._foreign_mentions(kind, document)]
        faults += self._duplicates(kind, document)
        if faults:
            raise Invalid(faults[0] if len(faults) == 1 else f"The {kind.singular} cannot be saved.", faults)

    def _missing_references(self, document: D) -> list[str]:
        """Also what lies in another space is missing: spaces are walls. What lies in none is there for all.

        A kind that nobody defines is not checked. A document may name hundreds of others, so each kind is asked once.
        """
        named = [(path, kinds[kind], identity) for path, kind, identity in references(document) if kind in kinds]
        wanted: dict[str, set[str]] = {}
        for _, kind, identity in named:
            wanted.setdefault(kind.name, set()).add(identity)
        space_id = getattr(document, "space_id", None)
        known = {name: self._existing(kinds[name], identities, space_id) for name, identities in wanted.items()}
        return [
            f"{path} names the {kind.singular} '{identity}', which does not exist."
            for path, kind, identity in named
            if identity not in known[kind.name]
        ]

    def _foreign_mentions(self, kind: Kind[D], document: D) -> list[str]:
        """What is mentioned need not exist, but if it does, then on this side of the wall."""
        space_id = getattr(document, "space_id", None)
        if kind.mentions is None or not space_id:
            return []
        faults = []
        for path, name, identity in kind.mentions(document):
            named = kinds.get(name)
            if named is None or not named.is_space_scoped or self._existing(named, {identity}, space_id):
                continue
            if self._existing(named, {identity}, None):
                faults.append(f"{path} names the {named.singular} '{identity}', which does not exist in this space.")
        return faults

    def _existing(self, kind: Kind[Any], identities: set[str], space_id: str | None) -> set[str]:
        """Many documents that one transaction writes refer to the same few others, so each is looked up once."""
        known = {one for one in identities if (kind.name, space_id, one) in self._seen}
        if unknown := identities - known:
            found = self._found(kind, unknown, space_id)
            self._seen.update((kind.name, space_id, one) for one in found)
            known |= found
        return known

    def _found(self, kind: Kind[Any], identities: set[str], space_id: str | None) -> set[str]:
        statement = sa.select(kind.table.c.id).where(kind.table.c.id.in_(identities))
        if space_id and kind.is_space_scoped:
            home = kind.table.c.space_id
            statement = statement.where(sa.or_(home == space_id, home.is_(None)))
        return set(self.connection.execute(statement).scalars())

    def _duplicates(self, kind: Kind[D], document: D) -> list[str]:
        values = kind.column_values(document)
        faults = []
        for group in kind.unique:
            if any(values[column] in (None, "") for column in group):
                continue
            statement = sa.select(kind.table.c.id).where(
                kind.table.c.id != document.id, *(kind.table.c[column] == values[column] for column in group)
            )
            if self.connection.execute(statement).first() is not None:
                faults.append(_duplicate_sentence(kind, group, values))
        return faults

    def _note_references(self, kind: Kind[D], document: D) -> None:
        """A snapshot holds nothing: what it was taken of may go, and it goes with what it was taken for."""
        self.connection.execute(sa.delete(reference).where(reference.c.from_id == document.id))
        if _is_snapshot(kind, document):
            return
        mentioned = kind.mentions(document) if kind.mentions else ()
        rows = {(path, target): to_kind for path, to_kind, target in (*references(document), *mentioned)}
        if rows:
            self.connection.execute(
                sa.insert(reference),
                [
                    {"from_kind": kind.name, "from_id": document.id, "path": path, "to_kind": to_kind, "to_id": target}
                    for (path, target), to_kind in rows.items()
                ],
            )

    def _refuse_when_used(self, kind: Kind[D], document: D) -> None:
        statement = sa.select(reference.c.from_kind, reference.c.from_id).distinct()
        users = [
            (kinds[from_kind], from_id)
            for from_kind, from_id in self.connection.execute(statement.where(reference.c.to_id == document.id))
            if kind.name not in kinds[from_kind].owned_by and from_id != document.id
        ]
        if users:
            named = [self._describe(user, identity) for user, identity in users[:10]]
            more = f" and {len(users) - 10} more" if len(users) > 10 else ""
            label = getattr(document, "name", document.id)
            raise Conflict(
                f"The {kind.singular} '{label}' cannot be deleted because it is in use by {', '.join(named)}{more}.",
                [f"In use by {name}." for name in named],
            )

    def _describe(self, kind: Kind[Any], identity: str) -> str:
        document = self.find(kind, identity)
        name = getattr(document, "name", None) or getattr(document, "version", None)
        if isinstance(name, str):
            return f"the {kind.singular} '{name}'"
        owner = next((to for to in references(document) if to[1] in kind.owned_by), None) if document else None
        if owner is None:
            return f"the {kind.singular} '{identity}'"
        return f"the {kind.singular} of {self._describe(kinds[owner[1]], owner[2])}"


def _is_snapshot(kind: Kind[D], document: D) -> bool:
    compute = kind.computed.get("is_snapshot")
    return compute is not None and bool(compute(document))


def _duplicate_sentence(kind: Kind[Any], group: tuple[str, ...], values: dict[str, object]) -> str:
    named = [column for column in group if column != "space_id"]
    shown = "name" if "name_key" in named else named[-1].removesuffix("_key")
    label = shown.replace("_", " ")
    return f"The {label} '{values.get(shown)}' is already taken by another {kind.singular}; choose another one."


def _encode(document: Document) -> bytes:
    links, document.links = document.links, {}
    try:
        return _encoder.encode(document)
    finally:
        document.links = links


def _trailing_number(identity: str) -> int:
    match = re.search(r"(\d+)$", identity)
    return int(match.group(1)) if match else 0
