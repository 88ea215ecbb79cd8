"""What a user may do and why: by which team and role, how far it reaches, and what is missing for more.

A reader sees the spaces that are theirs to see, and the names of what is in them as far as these are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from polpo.features.rights.authority import grants_holding, names_of, roles_with
from polpo.features.spaces.resource import SPACES
from polpo.rest.authorization import SCOPE_NOUNS, Grant, Rights, Subject
from polpo.rest.permissions import RESTRICTABLE_BY, Permission
from polpo.store.documents import Resource
from polpo.store.session import Session


class NamedThing(Resource):
    """`name` is null for what the reader may not see."""

    id: str
    name: str | None = None


class EffectiveGrant(Resource):
    """What one role of a team gives. `restricted_to`, by kind of scope; a kind that is left out narrows nothing."""

    team_id: str
    team_name: str
    user_role_id: str
    user_role_name: str
    restricted_to: dict[str, list[NamedThing]] = {}


class EffectivePermission(Resource):
    """One permission in one space, or at the level of the server (`space_id` null)."""

    permission: str
    space_id: str | None
    space_name: str | None
    is_unrestricted: bool
    grants: list[EffectiveGrant]


class EffectivePermissions(Resource):
    """`is_complete` is false where the user has permissions in spaces that the reader may not see."""

    user_id: str
    permissions: list[EffectivePermission]
    is_complete: bool


class NearMiss(Resource):
    """A grant of the permission that does not reach the place, and the kinds of scope in which it does not."""

    grant: EffectiveGrant
    missing: list[str]
    sentence: str


class PermissionExplanation(Resource):
    """Whether a user may do it there, and why. `team_names` are those that would let them, `user_role_names` the roles
    that have the permission."""

    user_id: str
    permission: str
    space_id: str | None
    is_allowed: bool
    sentence: str
    grants: list[EffectiveGrant] = msgspec.field(default_factory=list)
    near_misses: list[NearMiss] = msgspec.field(default_factory=list)
    team_names: list[str] = msgspec.field(default_factory=list)
    user_role_names: list[str] = msgspec.field(default_factory=list)


def effective_permissions(session: Session, user_id: str, rights: Rights, reader: Rights) -> EffectivePermissions:
    spaces = {space.id: space.name for space in session.all(SPACES)}
    seen = [place for place in (None, *spaces) if place is None or reader.sees_space(place)]
    found = [
        EffectivePermission(
            permission=permission.value,
            space_id=place,
            space_name=spaces[place] if place else None,
            is_unrestricted=reach.is_everywhere,
            grants=[_shown(session, grant, permission, reader) for grant in reach.grants],
        )
        for permission in Permission
        for place in seen
        if place in rights.places(permission) and (reach := rights.reach(permission, place))
    ]
    return EffectivePermissions(user_id=user_id, permissions=found, is_complete=rights.spaces <= set(seen))


def explain_permission(
    session: Session, user_id: str, rights: Rights, asked: tuple[Permission, Subject], reader: Rights
) -> PermissionExplanation:
    permission, subject = asked
    decision = rights.decide(permission, subject)
    told = PermissionExplanation(
        user_id=user_id,
        permission=permission.value,
        space_id=subject.space_id,
        is_allowed=decision.is_allowed,
        sentence="",
        grants=[_shown(session, grant, permission, reader) for grant in decision.grants],
        near_misses=[_missed(session, *miss, asked, reader) for miss in decision.misses],
        user_role_names=[role.name for role in roles_with(session, permission)],
    )
    others = _by_team(grants_holding(session, permission))
    told.team_names = [
        team for team, grants in others.items() if Rights(tuple(grants)).decide(permission, subject).is_allowed
    ]
    told.sentence = _sentence(told, subject, session)
    return told


def _by_team(grants: Iterable[Grant]) -> Mapping[str, list[Grant]]:
    found: dict[str, list[Grant]] = {}
    for grant in sorted(grants, key=lambda one: one.team.casefold()):
        found.setdefault(grant.team, []).append(grant)
    return found


def _shown(session: Session, grant: Grant, permission: Permission, reader: Rights) -> EffectiveGrant:
    narrowed: dict[str, list[NamedThing]] = {}
    for kind, ids in grant.narrowing(permission).items():
        names = names_of(session, kind, ids, reader)
        narrowed[kind] = [NamedThing(id=one, name=names.get(one)) for one in sorted(ids)]
    return EffectiveGrant(
        team_id=grant.team_id,
        team_name=grant.team,
        user_role_id=grant.role_id,
        user_role_name=grant.role,
        restricted_to=narrowed,
    )


def _missed(
    session: Session, grant: Grant, missing: tuple[str, ...], asked: tuple[Permission, Subject], reader: Rights
) -> NearMiss:
    permission, subject = asked
    reasons = [_reason(session, kind, grant.within[kind], subject, reader) for kind in missing]
    sentence = f"The role '{grant.role}' of the team '{grant.team}' gives {permission} {' and '.join(reasons)}."
    shown = _shown(session, grant, permission, reader)
    return NearMiss(grant=shown, missing=list(missing), sentence=sentence)


def _reason(session: Session, kind: str, granted: frozenset[str], subject: Subject, reader: Rights) -> str:
    noun = SCOPE_NOUNS[kind]
    allowed = _words(session, kind, granted, reader) or "none"
    if wanted := _words(session, kind, subject.ids(kind), reader):
        return f"for the {noun}s {allowed} only, not for {wanted}"
    return f"for the {noun}s {allowed} only, and no {noun} is named"


def _words(session: Session, kind: str, ids: Iterable[str], reader: Rights) -> str:
    names = names_of(session, kind, ids, reader)
    return ", ".join(f"'{names[one]}' ({one})" if one in names else one for one in sorted(ids))


def _sentence(told: PermissionExplanation, subject: Subject, session: Session) -> str:
    about = f" for {subject}" if str(subject) else ""
    where = f" in the space '{session.get(SPACES, told.space_id).name}'" if told.space_id else ""
    if told.is_allowed:
        by = " and ".join(f"the role '{one.user_role_name}' of the team '{one.team_name}'" for one in told.grants)
        return f"Allowed: {by} gives {told.permission}{about}{where}."
    if told.near_misses:
        nearest = told.near_misses[0].sentence
        return f"Not allowed: {nearest[:1].lower()}{nearest[1:]}"
    return f"Not allowed: no team of the user gives {told.permission}{where}."


def wanted(text: str, ids: Mapping[str, str | None], space_id: str | None) -> tuple[Permission, Subject]:
    """The question as the evaluator takes it. ValueError for a permission that there is not."""
    permission = next((one for one in Permission if one.casefold() == text.strip().casefold()), None)
    if permission is None:
        raise ValueError(text)
    known = {kind: frozenset({one}) for kind, one in ids.items() if one}
    narrowing = set(RESTRICTABLE_BY.get(permission, ()))
    return permission, Subject(space_id, {kind: one for kind, one in known.items() if kind in narrowing})
