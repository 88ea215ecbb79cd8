"""Finding events: every list is read from an index, newest first, whatever the number of events."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.features.events.categories import categories_of_groups
from polpo.features.events.guarding import EVENT_PROTECTION, tells_changes, visible_events
from polpo.features.events.resource import ChangeDetails, Event
from polpo.features.events.tables import event, event_about, event_count, event_detail
from polpo.features.projects.resource import PROJECTS
from polpo.features.tenants.resource import TENANTS
from polpo.kernel.clock import iso
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.store.lines import any_line
from polpo.store.session import Session

#: How far matches are counted where a list is narrowed; beyond, `TotalResults` says "at least".
COUNTED = 2_500
#: A number with more of them is none that the database could hold.
_MOST_DIGITS = 18

Where = sa.ColumnElement[bool]
_e, _a = event.c, event_about.c
_decode = msgspec.json.Decoder(Event).decode


@dataclass(frozen=True)
class Question:
    """Which events are asked for. Each group of `about` must be met by one of its ids."""

    spaces: tuple[str | None, ...] | None
    where: list[Where] = field(default_factory=list)
    about: list[list[str]] = field(default_factory=list)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.where or self.about)


def asked(call: Call) -> Question:
    """The query parameters of the lists of events, as far as the caller sees them. Where they
    contradict each other, nothing is found.
    """
    where: list[Where] = visible_events(call)
    categories = [*call.texts("eventCategories"), *categories_of_groups(call.texts("eventGroups"))]
    if categories or call.texts("eventGroups"):
        where.append(_e.category.in_(categories))
    if users := [*call.texts("users"), *call.texts("user")]:
        where.append(_e.user_id.in_(users))
    if agents := call.texts("eventAgents"):
        where.append(_e.agent.in_(agents))
    if types := call.texts("documentTypes"):
        where.append(_e.document_type.in_(types))
    if ids := call.texts("ids"):
        where.append(_e.seq.in_([number for one in ids if (number := number_of(one)) is not None]))
    where += _bounds(call)
    about = [[one] for one in call.texts("regarding")]
    about += [found for name in ("regardingAny", "projects", "environments", "tenants") if (found := call.texts(name))]
    if groups := call.texts("projectGroups"):
        about.append(_projects_of(call.session, groups))
    if tags := call.texts("tags"):
        about.append(_tenants_with(call.session, tags))
    return Question(_spaces(call), where, about)


def _spaces(call: Call) -> tuple[str | None, ...] | None:
    """None: all of them, and what belongs to none."""
    if call.space_id is not None:
        return (call.space_id,)
    named = [one for one in call.texts("spaces") if one.lower() != "all"]
    if not named:
        return None
    return (*named, None) if call.text("includeSystem") is None or call.flag("includeSystem") else tuple(named)


def _bounds(call: Call) -> Iterable[Where]:
    """Times become numbers first: events are numbered as they happen, so one look-up finds where to begin."""
    if (begin := _moment(call, "from")) is not None:
        yield _e.seq >= _first_from(call.session, begin)
    if (end := _moment(call, "to")) is not None:
        yield _e.seq < _first_from(call.session, end)
    if (low := _number(call, "fromAutoId")) is not None:
        yield _e.seq >= low
    if (high := _number(call, "toAutoId")) is not None:
        yield _e.seq <= high


def _first_from(session: Session, moment: datetime) -> int:
    statement = sa.select(_e.seq).where(_e.occurred >= iso(moment)).order_by(_e.occurred, _e.seq).limit(1)
    found = session.connection.execute(statement).scalar()
    return int(found) if found is not None else 2**62


def _moment(call: Call, name: str) -> datetime | None:
    text = call.text(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        sentence = f"The query parameter '{name}' must be a time such as 2026-01-31T09:30:00+00:00; it is '{text}'."
        raise Invalid(sentence, [sentence]) from error


def _number(call: Call, name: str) -> int | None:
    text = call.text(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        sentence = f"The query parameter '{name}' must be the number of an event; it is '{text}'."
        raise Invalid(sentence, [sentence])
    return int(text)


def _projects_of(session: Session, groups: Sequence[str]) -> list[str]:
    table = PROJECTS.table
    found = session.connection.execute(sa.select(table.c.id).where(table.c.project_group_id.in_(groups)))
    return list(found.scalars())


def _tenants_with(session: Session, tags: Sequence[str]) -> list[str]:
    return list(
        session.connection.execute(
            sa.select(TENANTS.table.c.id).where(any_line(TENANTS.table.c.tag_lines, tags))
        ).scalars()
    )


# -- reading


def listed(session: Session, question: Question, skip: int, take: int) -> list[sa.Row[Any]]:
    """Rows of (seq, doc), newest first."""
    if not take:
        return []
    statement = _chosen(question, sa.select(_e.seq, _e.doc)).order_by(_order(question).desc())
    return list(session.connection.execute(statement.offset(skip).limit(take)).all())


def next_events(
    session: Session, question: Question, columns: Sequence[Any], *, after: int, up_to: int, take: int
) -> Sequence[sa.Row[Any]]:
    """Rows of the columns, the oldest first, of those with numbers above `after`."""
    order = _order(question)
    statement = _chosen(question, sa.select(*columns)).where(order > after, order <= up_to).order_by(order)
    return session.connection.execute(statement.limit(take)).all()


def counted(session: Session, question: Question) -> int:
    """How many there are; of a narrowed list at most COUNTED + 1, for counting further would cost with the whole."""
    if not question.is_narrowed:
        statement = sa.select(sa.func.coalesce(sa.func.sum(event_count.c.count), 0))
        if question.spaces is not None:
            statement = statement.where(event_count.c.space_id.in_([one or "" for one in question.spaces]))
        return int(session.connection.execute(statement).scalar_one())
    some = _chosen(question, sa.select(_e.seq)).limit(COUNTED + 1).subquery()
    return int(session.connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def _order(question: Question) -> sa.ColumnElement[int]:
    """An event is found by the document that it is about, where one is named: then by that index."""
    return _a.seq if _driver(question) else _e.seq


def _driver(question: Question) -> str | None:
    return next((ids[0] for ids in question.about if len(ids) == 1), None)


def _chosen(question: Question, statement: sa.Select[Any]) -> sa.Select[Any]:
    driver = _driver(question)
    if driver is not None:
        statement = statement.select_from(event_about.join(event, _e.seq == _a.seq)).where(_a.document_id == driver)
    for ids in question.about:
        if ids != [driver]:
            statement = statement.where(_e.seq.in_(sa.select(_a.seq).where(_a.document_id.in_(ids))))
    if question.spaces is not None:
        named = [one for one in question.spaces if one is not None]
        within = _e.space_id == named[0] if len(named) == 1 else _e.space_id.in_(named)
        statement = statement.where(sa.or_(within, _e.space_id.is_(None)) if None in question.spaces else within)
    return statement.where(*question.where)


def with_changes(call: Call, rows: Iterable[Any]) -> list[Event]:
    """The events with what they changed, as far as the caller may see that."""
    session, rows = call.session, list(rows)
    wanted = [row.seq for row in rows]
    statement = sa.select(event_detail.c.seq, event_detail.c.detail).where(event_detail.c.seq.in_(wanted))
    details = {row.seq: row.detail for row in session.connection.execute(statement)} if wanted else {}
    return [_complete(call, _decode(row.doc), details.get(row.seq)) for row in rows]


def _complete(call: Call, found: Event, detail: bytes | None) -> Event:
    if detail is not None and tells_changes(call, found):
        found.change_details = msgspec.json.decode(zlib.decompress(detail), type=ChangeDetails)
    return found


def number_of(identity: str) -> int | None:
    prefix, _, number = identity.rpartition("-")
    is_one = prefix.casefold() == "events" and number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS
    return int(number) if is_one else None


def find_event(call: Call, identity: str) -> Event:
    """One event with what it changed; in a space, only an event of that space."""
    session, space_id = call.session, call.space_id
    number = number_of(identity)
    statement = sa.select(_e.seq, _e.doc, _e.space_id).where(_e.seq == number)
    row = session.connection.execute(statement).first() if number is not None else None
    if row is None or (space_id is not None and row.space_id != space_id):
        raise NotFound(f"There is no event with the id '{identity}'{' in this space' if space_id else ''}.")
    found = with_changes(call, [row])[0]
    call.guard_by(EVENT_PROTECTION, found)
    return found
