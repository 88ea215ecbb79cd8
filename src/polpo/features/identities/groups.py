"""The groups that a user is in at providers outside, as they were when the user signed in there last."""

from __future__ import annotations

from polpo.features.configuration.resource import SECTIONS
from polpo.features.configuration.service import read_section, section_of
from polpo.features.identities.resource import EXTERNAL_ID, EXTERNAL_IDENTITIES, ISSUER, ExternalIdentity
from polpo.features.users.resource import USERS, User
from polpo.store.session import Session

#: What the groups of a user follow from: an answer that is kept must end when one of these is written.
GROUPS_DEPEND_ON = (EXTERNAL_IDENTITIES, USERS, SECTIONS)


def external_groups_of(session: Session, user_id: str) -> frozenset[tuple[str, str]]:
    """(id of the provider's section, id of the group without case). A provider that is switched off gives none."""
    return session.remembered(GROUPS_DEPEND_ON, ("external groups", user_id), lambda: _groups(session, user_id))


def _groups(session: Session, user_id: str) -> frozenset[tuple[str, str]]:
    found = session.all(EXTERNAL_IDENTITIES, EXTERNAL_IDENTITIES.table.c.user_id == user_id)
    user = session.find(USERS, user_id) if found else None
    if user is None:
        return frozenset()
    counting = [one for one in found if one.groups and has_identity(user, one) and is_on(session, one.provider)]
    return frozenset((one.provider, group.casefold()) for one in counting for group in one.groups)


def has_identity(user: User, linked: ExternalIdentity) -> bool:
    known = (linked.issuer, linked.subject)
    return any((identity.claim(ISSUER), identity.claim(EXTERNAL_ID)) == known for identity in user.identities)


def is_on(session: Session, provider: str) -> bool:
    return bool(read_section(session, section_of(provider)).is_enabled)
