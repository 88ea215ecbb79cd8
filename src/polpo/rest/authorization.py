"""Deciding who may do what: the one evaluator, which says yes or no and why. It knows nothing but grants and subjects.

A grant is a role that a team holds, in a space or at the level of the server, narrowed to projects, environments or
tenants where the lists are not empty. A subject is what an action is about. A kind of scope that a permission does not
know narrows nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

from polpo.kernel.errors import Forbidden
from polpo.rest.permissions import (
    NEEDS_EXPLICIT_TENANT,
    RESTRICTABLE_BY,
    SYSTEM_LEVEL,
    Permission,
    is_reading,
)
from polpo.store.changes import Actor

#: The words of a kind of scope in a sentence.
SCOPE_NOUNS = {
    "ProjectGroups": "project group",
    "Projects": "project",
    "Environments": "environment",
    "Tenants": "tenant",
}


@dataclass(frozen=True)
class Subject:
    """What an action is about, by kind of scope; a kind that is left out is not concerned.

    `open_to_all` names the kinds of scope in which a subject that concerns none is there for all, such as an account
    without environments: that can be seen with a narrowed grant, but not changed.
    """

    space_id: str | None = None
    scopes: dict[str, frozenset[str]] = field(default_factory=dict)
    open_to_all: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        space_id: str | None,
        *,
        project_id: str | None = None,
        project_group_id: str | None = None,
        environment_id: str | Iterable[str] | None = None,
        tenant_id: str | Iterable[str] | None = None,
    ) -> Subject:
        """One project, environment and tenant, or several of the latter two."""
        told = {
            "Projects": _ids(project_id),
            "ProjectGroups": _ids(project_group_id),
            "Environments": _ids(environment_id),
            "Tenants": _ids(tenant_id),
        }
        return cls(space_id, {kind: ids for kind, ids in told.items() if ids})

    def ids(self, kind: str) -> frozenset[str]:
        return self.scopes.get(kind, frozenset())

    def __str__(self) -> str:
        return ", ".join(f"{SCOPE_NOUNS[kind]} {', '.join(sorted(ids))}" for kind, ids in self.scopes.items() if ids)


def _ids(named: str | Iterable[str] | None) -> frozenset[str]:
    if named is None or isinstance(named, str):
        return frozenset({named} if named else ())
    return frozenset(one for one in named if one)


@dataclass(frozen=True)
class Grant:
    """A role of a team. `within` has the ids that it is narrowed to, by kind of scope; a kind left out is not narrowed.

    What is narrowed to project groups is narrowed to their projects as well: `within` has those under `Projects`.
    """

    team_id: str
    team: str
    role_id: str
    role: str
    space_id: str | None
    permissions: frozenset[str]
    within: dict[str, frozenset[str]] = field(default_factory=dict)

    def narrowing(self, permission: Permission) -> dict[str, frozenset[str]]:
        """What it is narrowed to, as far as the permission knows."""
        return {kind: self.within[kind] for kind in RESTRICTABLE_BY.get(permission, ()) if kind in self.within}

    def missing(self, permission: Permission, subject: Subject, kinds: Iterable[str]) -> list[str]:
        """The kinds of scope, of those named, in which the grant does not reach the subject."""
        return [
            kind
            for kind, ids in self.narrowing(permission).items()
            if kind in kinds and not _reaches(permission, kind, ids, subject)
        ]


def _reaches(permission: Permission, kind: str, granted: frozenset[str], subject: Subject) -> bool:
    concerned = subject.ids(kind)
    if concerned:
        return not concerned.isdisjoint(granted) if is_reading(permission) else concerned <= granted
    if kind == "Tenants":
        return permission not in NEEDS_EXPLICIT_TENANT
    return kind in subject.open_to_all and is_reading(permission)


@dataclass(frozen=True)
class Decision:
    """Yes or no, and why: `grants` are those that together give it; where it is no, those that hold the permission
    but do not reach the subject, each with the kinds of scope that it misses."""

    permission: Permission
    subject: Subject
    is_allowed: bool
    grants: tuple[Grant, ...] = ()
    misses: tuple[tuple[Grant, tuple[str, ...]], ...] = ()


class Refused(Forbidden):
    """Nobody may do that who has no more rights; `decision` says what is missing, `rights` are the caller's.

    `actor` is who is refused, where that is known before the call knows who calls.
    """

    def __init__(self, decision: Decision, sentence: str = "", help_text: str | None = None) -> None:
        about = str(decision.subject)
        sentence = sentence or (
            f"You do not have the permission {decision.permission}{' for ' + about if about else ''}."
        )
        help_text = help_text or "Ask an administrator to add you to a team that grants it."
        details = {"MissingPermission": decision.permission.value}
        super().__init__(sentence, [sentence], help_text=help_text, details=details)
        self.decision = decision
        self.rights: Rights | None = None
        self.actor: Actor | None = None


@dataclass(frozen=True)
class Reach:
    """How far a permission goes in one space, or at the level of the server: everywhere, or as the grants say.

    `telling` has one grant for each way in which they are narrowed: people in many teams hold the same many times.
    """

    permission: Permission
    grants: tuple[Grant, ...] = ()
    is_everywhere: bool = False
    telling: tuple[Grant, ...] = ()

    def __bool__(self) -> bool:
        return self.is_everywhere or bool(self.grants)

    def giving(self, subject: Subject, kinds: Iterable[str]) -> tuple[Grant, ...]:
        """The grants that reach the whole subject by themselves."""
        return tuple(grant for grant in self.telling if not grant.missing(self.permission, subject, kinds))

    def narrowings(self) -> list[dict[str, frozenset[str]]]:
        """What the grants are narrowed to, as few as say the same: those that differ in one kind of scope are one."""
        found = [grant.narrowing(self.permission) for grant in self.telling]
        for kind in SCOPE_NOUNS:
            found = list(_merged(found, kind))
        return found

    def together(self, subject: Subject, kinds: Iterable[str]) -> tuple[Grant, ...]:
        """The grants that reach the subject part by part, such as one for each environment of a machine; or none."""
        found: dict[int, Grant] = {}
        for part in _parts(self.permission, subject):
            if not (giving := self.giving(part, kinds)):
                return ()
            found.update((id(grant), grant) for grant in giving)
        return tuple(found.values())


def _merged(narrowings: Iterable[dict[str, frozenset[str]]], kind: str) -> Iterator[dict[str, frozenset[str]]]:
    alike: dict[Any, list[dict[str, frozenset[str]]]] = {}
    for one in narrowings:
        others = frozenset((name, ids) for name, ids in one.items() if name != kind)
        alike.setdefault((others, kind in one), []).append(one)
    for (_, is_narrowed), found in alike.items():
        merged = {kind: frozenset().union(*(one[kind] for one in found))} if is_narrowed else {}
        yield {**found[0], **merged}


def _parts(permission: Permission, subject: Subject) -> Iterator[Subject]:
    known = [(kind, sorted(ids)) for kind in RESTRICTABLE_BY.get(permission, ()) if (ids := subject.ids(kind))]
    for one in product(*(ids for _, ids in known)):
        scopes = {kind: frozenset({chosen}) for (kind, _), chosen in zip(known, one, strict=True)}
        yield Subject(subject.space_id, scopes, subject.open_to_all)


@dataclass(frozen=True)
class Rights:
    """All that one user may do. `is_everything` stands for the server itself."""

    grants: tuple[Grant, ...] = ()
    is_everything: bool = False
    _reaches: dict[tuple[Permission, str | None], Reach] = field(default_factory=dict, repr=False, compare=False)

    def reach(self, permission: Permission, space_id: str | None) -> Reach:
        """In a space; None is the level of the server, where some permissions are granted only."""
        if self.is_everything:
            return Reach(permission, is_everywhere=True)
        place = None if permission in SYSTEM_LEVEL else space_id
        if (known := self._reaches.get((permission, place))) is None:
            held = tuple(grant for grant in self._holding(permission) if grant.space_id == place)
            is_everywhere = any(not grant.narrowing(permission) for grant in held)
            by_way = {frozenset(grant.narrowing(permission).items()): grant for grant in reversed(held)}
            telling = tuple(reversed(by_way.values()))
            known = self._reaches[permission, place] = Reach(permission, held, is_everywhere, telling)
        return known

    def _holding(self, permission: Permission) -> Iterator[Grant]:
        return (grant for grant in self.grants if permission.value in grant.permissions)

    def places(self, permission: Permission) -> frozenset[str | None]:
        """The spaces where the permission is held at all; None is the level of the server."""
        return frozenset(grant.space_id for grant in self._holding(permission))

    def holds(self, permission: Permission, space_id: str | None = None) -> bool:
        """Whether it is held at all, however narrowed: in the space, or without one anywhere."""
        if self.is_everything:
            return True
        return bool(self.reach(permission, space_id)) if space_id is not None else bool(self.places(permission))

    @cached_property
    def follow_projects(self) -> bool:
        """Whether something is narrowed to a group of projects, so that it changes with what is in the group."""
        return any("ProjectGroups" in grant.within for grant in self.grants)

    @cached_property
    def spaces(self) -> frozenset[str]:
        """The spaces in which anything is granted: those that the user belongs to."""
        return frozenset(grant.space_id for grant in self.grants if grant.space_id)

    def sees_space(self, space_id: str) -> bool:
        """Members see their spaces; who may see spaces sees all of them."""
        return space_id in self.spaces or self.holds(Permission.SPACE_VIEW)

    def require_space(self, space_id: str) -> None:
        if not self.sees_space(space_id):
            decision = Decision(Permission.SPACE_VIEW, Subject(space_id), is_allowed=False)
            raise Refused(decision, f"You do not have any permission in the space {space_id}, nor SpaceView.")

    @cached_property
    def digest(self) -> int:
        """Tells different rights apart, for what is kept ready for a user."""
        told = [
            (
                grant.space_id,
                sorted(grant.permissions),
                sorted((kind, sorted(ids)) for kind, ids in grant.within.items()),
            )
            for grant in self.grants
        ]
        return hash(repr((self.is_everything, told)))

    def decide(self, permission: Permission, subject: Subject, kinds: Iterable[str] | None = None) -> Decision:
        """`kinds` bounds the kinds of scope that are looked at, where less than the whole subject is known: a no is a
        no all the same, a yes is not final."""
        reach = self.reach(permission, subject.space_id)
        if reach.is_everywhere:
            whole = tuple(grant for grant in reach.grants if not grant.narrowing(permission))
            return Decision(permission, subject, is_allowed=True, grants=whole)
        looked_at = frozenset(RESTRICTABLE_BY.get(permission, ()) if kinds is None else kinds)
        if giving := reach.giving(subject, looked_at) or reach.together(subject, looked_at):
            return Decision(permission, subject, is_allowed=True, grants=giving)
        misses = tuple((grant, tuple(grant.missing(permission, subject, looked_at))) for grant in reach.telling)
        return Decision(permission, subject, is_allowed=False, misses=misses)

    def require(self, permission: Permission, subject: Subject) -> None:
        """Refuses, naming the permission, unless it is held for the subject."""
        decision = self.decide(permission, subject)
        if not decision.is_allowed:
            raise Refused(decision)


NO_RIGHTS = Rights()
ALL_RIGHTS = Rights(is_everything=True)
