"""What a route is given: who calls, in which space, the transaction, and the server's parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from litestar import Request

from polpo.kernel.clock import Clock
from polpo.kernel.errors import Invalid
from polpo.rest.authorization import ALL_RIGHTS, NO_RIGHTS, Refused, Rights, Subject
from polpo.rest.permissions import RESTRICTABLE_BY, Permission
from polpo.rest.protection import Protection, Where, protection_of
from polpo.store.changes import Actor
from polpo.store.database import Database
from polpo.store.documents import Document
from polpo.store.kinds import Kind
from polpo.store.session import Session

T = TypeVar("T")
D = TypeVar("D", bound=Document)

_MAX_AGENT = 300
_MAX_TAKE = 2147483647
#: Of one value in a query; databases take no longer patterns.
_MAX_TEXT = 10_000


@dataclass(frozen=True)
class Caller:
    """The signed-in user, with all that they may do. `means` is how they signed in: "api key" or "session".

    `credential` is the id of that key or session. `behind` is the administrator who looks as this user does.
    """

    user_id: str
    username: str
    display_name: str
    means: str
    is_service: bool = False
    rights: Rights = NO_RIGHTS
    credential: str = ""
    behind: Caller | None = None

    @property
    def is_administrator(self) -> bool:
        return self.rights.holds(Permission.ADMINISTER_SYSTEM)


def actor_behind(caller: Caller | None, request: Request[Any, Any, Any]) -> Actor:
    """Who acts through a request, for the audit trail."""
    agent = request.headers.get("user-agent", "")[:_MAX_AGENT]
    address = request.client.host if request.client else ""
    if caller is None:
        return Actor(username="anonymous", user_agent=agent, address=address)
    who = caller.behind or caller
    return Actor(who.user_id, who.username, who.means, who.is_service, agent, address, who.credential)


#: The server itself, in what it does without being asked.
THE_SERVER = Caller("", "system", "System", "", is_service=True, rights=ALL_RIGHTS)


class Authenticator(Protocol):
    """Finds out who calls; raises NotSignedIn for credentials that are wrong, returns None where there are none."""

    def __call__(self, session: Session, request: Request[Any, Any, Any]) -> Caller | None: ...


@dataclass(frozen=True)
class Paging:
    """Which part of a list is asked for: `skip` items, then at most `take` (30 unless told)."""

    skip: int = 0
    take: int = 30

    @classmethod
    def of(cls, query: Mapping[str, list[str]]) -> Paging:
        return cls(_whole(query, "skip", 0), min(_whole(query, "take", 30), _MAX_TAKE))


def _whole(query: Mapping[str, list[str]], name: str, default: int) -> int:
    text = (query.get(name) or [""])[-1].strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        sentence = f"The query parameter '{name}' must be a whole number from 0 on; it is '{text}'."
        raise Invalid(sentence, [sentence])
    return int(text)


def _bounded(name: str, text: str) -> str:
    if len(text) > _MAX_TEXT:
        sentence = f"The query parameter '{name}' has {len(text)} characters; {_MAX_TEXT} is the most."
        raise Invalid(sentence, [sentence])
    return text


class Parts:
    """The server's long-lived parts (engine, blob store, …), found by their type."""

    def __init__(self, *parts: object) -> None:
        self._parts: dict[type, object] = {type(part): part for part in parts}

    def add(self, part: object) -> None:
        self._parts[type(part)] = part

    def get(self, kind: type[T]) -> T:
        for part in self._parts.values():
            if isinstance(part, kind):
                return part
        raise LookupError(f"the server was assembled without a {kind.__name__}")


@dataclass
class Settlement:
    """Whether it has been asked if the caller may do what the call is about; shared by all copies of the call."""

    is_settled: bool = False


@dataclass
class Call:
    """One request. `session` is open in synchronous routes only; asynchronous ones use `database` themselves.

    A route sets `is_passing` when its answer will be another one in a moment, whatever is written. `permission` is
    the one that the route asks for. A caller whose grants of it are narrowed is let in on trust: the route must ask
    for what it is about (`require`, `guard`, `narrowed`), which sets `is_settled`; where it does not, such a caller
    gets nothing.
    """

    request: Request[Any, Any, Any]
    database: Database
    parts: Parts
    query: Mapping[str, list[str]]
    space_id: str | None = None
    identity: Caller | None = None
    is_passing: bool = False
    permission: Permission | None = None
    settlement: Settlement = field(default_factory=Settlement)
    _session: Session | None = field(default=None, repr=False)

    @property
    def session(self) -> Session:
        if self._session is None:
            raise RuntimeError("an asynchronous route has no session of its own; use call.database")
        return self._session

    @classmethod
    def of_server(cls, database: Database, parts: Parts, space_id: str, session: Session) -> Call:
        """What the server does by itself, by the rules that calls are held to; no request asked for it."""
        nobody: Any = None
        return cls(nobody, database, parts, {}, space_id, THE_SERVER, _session=session)

    def within(self, session: Session) -> Call:
        """The same call inside a transaction that an asynchronous route opened."""
        return replace(self, _session=session)

    @contextmanager
    def reading(self) -> Iterator[Call]:
        """For asynchronous routes, and from any thread: the call with a session to read with, for a short time."""
        with self.database.read() as session:
            yield self.within(session)

    async def write(self, work: Callable[[Call], T]) -> T:
        """For asynchronous routes: runs `work` in a transaction, with the call that has its session."""
        return await self.database.write(lambda session: work(self.within(session)))

    @property
    def caller(self) -> Caller:
        if self.identity is None:
            raise RuntimeError("the route allows anonymous calls; ask call.identity")
        return self.identity

    # -- what the caller may do

    @property
    def rights(self) -> Rights:
        return self.identity.rights if self.identity else NO_RIGHTS

    def about(self, space_id: str | None = None, **ids: Any) -> Subject:
        """A subject by the keywords of `Subject.of`, in the space that is named, else in the call's."""
        return Subject.of(space_id or self.space_id, **ids)

    def may(self, permission: Permission, **ids: Any) -> bool:
        """Whether the caller may do it for the project_id, environment_id, … in the call's space.

        A route that asks this of its own permission goes by the answer, so it has asked.
        """
        self._asked(permission)
        return self.rights.decide(permission, self.about(**ids)).is_allowed

    def require(self, permission: Permission, **ids: Any) -> None:
        """Refuses, naming the permission, unless the caller may do it for the project_id, environment_id, …."""
        self.require_for(permission, self.about(**ids))

    def require_for(self, permission: Permission, subject: Subject) -> None:
        self.rights.require(permission, subject)
        self._asked(permission)

    def _asked(self, *permissions: Permission) -> None:
        if self.permission in permissions:
            self.settlement.is_settled = True

    def require_one(
        self, permissions: Sequence[Permission], subject: Subject, kinds: Iterable[str] | None = None
    ) -> None:
        """Refuses, naming the first, unless one of the permissions is held for the subject.

        `kinds` as in `Rights.decide`: then the rest is still to be asked.
        """
        decisions = [self.rights.decide(permission, subject, kinds) for permission in permissions]
        if not any(decision.is_allowed for decision in decisions):
            raise Refused(decisions[0])
        if kinds is None:
            self._asked(*permissions)

    def guard(self, kind: Kind[Any], document: Document, permission: Permission | None = None) -> None:
        """Refuses a document of the kind that the permission, else the route's own, does not reach.

        A document seldom says all that a permission can be narrowed by: a project says nothing of the environment to
        deploy to. Then a no is a no, and the rest is still to be asked.
        """
        self.guard_by(protection_of(kind), document, permission)

    def guard_by(self, protection: Protection[T], document: T, permission: Permission | None = None) -> None:
        """The same for what is no document of a kind, such as a task."""
        asked = permission or self.permission
        if asked is None or self.rights.is_everything:
            return
        is_complete = protection.is_complete_for(asked)
        if not protection.scopings and not is_complete:
            return
        subject = protection.subject(document, self.space_id)
        decision = self.rights.decide(asked, subject, None if is_complete else protection.scopings)
        if not decision.is_allowed:
            raise Refused(decision)
        if is_complete:
            self._asked(asked)

    def reached(self, kind: Kind[D], documents: Iterable[D], permission: Permission) -> list[D]:
        """Those of the documents that the permission reaches, for what an answer shows beside its subject."""
        protection = protection_of(kind)
        return [
            one
            for one in documents
            if self.rights.decide(permission, protection.subject(one, self.space_id)).is_allowed
        ]

    def settle(self) -> None:
        """For routes that ask otherwise than for their own permission alone, or whose answers tell of no document."""
        self.settlement.is_settled = True

    def narrowed(self, permission: Permission, protection: Protection[Any]) -> list[Where]:
        """What narrows a list to what the caller may see of it."""
        self._asked(permission)
        return protection.where(self.rights, permission, self.space_id)

    def refuse_unsettled(self) -> None:
        """What a route did not ask for is open to those only whose grants are not narrowed."""
        asked = self.permission
        if asked is None or self.settlement.is_settled or not RESTRICTABLE_BY.get(asked):
            return
        if not self.rights.reach(asked, self.space_id).is_everywhere and not self._is_everywhere(asked):
            decision = self.rights.decide(asked, Subject(self.space_id))
            sentence = f"This takes the permission {asked} without narrowing to projects, environments or tenants."
            raise Refused(decision, sentence)

    def _is_everywhere(self, permission: Permission) -> bool:
        """Without a space in the path: not narrowed wherever it is held."""
        places = self.rights.places(permission) if self.space_id is None else ()
        return bool(places) and all(self.rights.reach(permission, place).is_everywhere for place in places)

    @property
    def space(self) -> str:
        if self.space_id is None:
            raise RuntimeError("a system route has no space")
        return self.space_id

    @property
    def clock(self) -> Clock:
        return self.database.clock

    @property
    def server_url(self) -> str:
        """The address by which the caller reached this server, as a trusted proxy says or the request itself."""
        return str(self.request.base_url).rstrip("/")

    @property
    def paging(self) -> Paging:
        return Paging.of(self.query)

    def text(self, name: str) -> str | None:
        """A query parameter, without case in its name; None when absent or blank."""
        values = self.query.get(name.lower())
        return (_bounded(name, values[-1].strip()) or None) if values else None

    def texts(self, name: str) -> list[str]:
        """A query parameter that may be repeated or comma-joined."""
        parts = (part.strip() for value in self.query.get(name.lower(), []) for part in value.split(","))
        return [_bounded(name, part) for part in parts if part]

    def flag(self, name: str) -> bool:
        return (self.text(name) or "").lower() in {"true", "1", "yes"}
