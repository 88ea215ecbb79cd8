"""The signing keys over time: which one signs, which are published, when the next is made, and when one goes."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

from joserfc.jwk import RSAKey
from sqlalchemy.exc import IntegrityError

from polpo.features.subjecttokens.resource import SIGNING_KEYS, SigningKey
from polpo.kernel.errors import Conflict, TaskError
from polpo.store.changes import Happening
from polpo.store.database import Database
from polpo.store.documents import SensitiveValue
from polpo.store.session import Session

#: Whoever trusts the issuer asks for its keys now and then; a key must be known there before it signs, and until the
#: last token that it signed is of no use any more.
SIGNS = timedelta(days=30)
KNOWN_BEFORE = timedelta(days=1)
KNOWN_AFTER = timedelta(days=1)
_BITS = 2048
ALGORITHM = "RS256"


def published(session: Session) -> list[SigningKey]:
    """The keys that tokens may be signed with, now or soon or until just now; the oldest first."""
    now = session.clock.now()
    keys = session.all(SIGNING_KEYS)
    outdated = {
        key.id
        for key, after in pairwise(keys)
        if after.signs_from is not None and after.signs_from + KNOWN_AFTER <= now
    }
    return [key for key in keys if key.id not in outdated]


def signing(session: Session) -> SigningKey:
    """The key that signs now."""
    ready = _ready(session)
    if not ready:
        raise TaskError("There is no key yet that subject tokens could be signed with; try again.")
    return ready[-1]


def _ready(session: Session) -> list[SigningKey]:
    now = session.clock.now()
    return [key for key in session.all(SIGNING_KEYS) if key.signs_from is not None and key.signs_from <= now]


async def ensure_key(database: Database) -> None:
    """Makes the first key; whoever is second finds the one of the first."""
    with database.read() as session:
        if session.count(SIGNING_KEYS):
            return
    await _add(database)


async def rotate(database: Database) -> None:
    """Makes the successor when its time has come, and deletes what is published no more.

    Where no token was ever asked for there are no keys, and none are made.
    """
    with database.read() as session:
        has_any, is_due = bool(session.count(SIGNING_KEYS)), _is_due(session)
    if has_any and is_due:
        await _add(database)
    await database.write(_forget)


async def replace(database: Database) -> None:
    """Another key signs from now on. What the former one has signed can be checked for as long as it may be used."""
    made = await asyncio.to_thread(_generate)
    await database.write(partial(_replaced, made=made))


async def revoke(database: Database, identity: str) -> None:
    """The key is published no more from now on, and never signs again; another one does. NotFound when it is none."""
    made = await asyncio.to_thread(_generate)
    await database.write(partial(_revoked, identity=identity, made=made))


def _replaced(session: Session, made: RSAKey) -> None:
    _tell(session, "SigningKeyRotated", _sign_now(session, made), "signs from now on.")


def _revoked(session: Session, identity: str, made: RSAKey) -> None:
    gone = session.delete(SIGNING_KEYS, identity)
    _tell(session, "SigningKeyRevoked", gone, "was revoked; what it has signed is not valid any more.")
    if not _ready(session):
        _replaced(session, made)


def _sign_now(session: Session, made: RSAKey) -> SigningKey:
    """The successor that is published already, or else the one that was made."""
    keys, now = session.all(SIGNING_KEYS), session.clock.now()
    if keys and keys[-1].signs_from is not None and keys[-1].signs_from > now:
        keys[-1].signs_from = now
        return session.update(SIGNING_KEYS, keys[-1])
    return session.insert(SIGNING_KEYS, _document(made, keys, now))


def _tell(session: Session, category: str, key: SigningKey, what: str) -> None:
    sentence = f"The key {key_id(key)} for subject tokens {what}"
    session.happened(Happening(category, sentence, None, "SigningKeys", (key.id,)))


def key_id(key: SigningKey) -> str:
    """By what tokens name it."""
    return str(json.loads(key.public_key)["kid"])


def _is_due(session: Session) -> bool:
    keys = session.all(SIGNING_KEYS)
    if not keys:
        return True
    latest = keys[-1].signs_from
    return latest is not None and latest + SIGNS - KNOWN_BEFORE <= session.clock.now()


async def _add(database: Database) -> None:
    """The work of making a key is done outside the transaction, so somebody else may be there first."""
    made = await asyncio.to_thread(_generate)
    try:
        await database.write(partial(_keep, made=made))
    except (Conflict, IntegrityError):  # another node made the key of this number
        return


def _generate() -> RSAKey:
    key = RSAKey.generate_key(_BITS, {"use": "sig", "alg": ALGORITHM}, private=True)
    key.ensure_kid()
    return key


def _keep(session: Session, made: RSAKey) -> None:
    if not _is_due(session):
        return
    keys, now = session.all(SIGNING_KEYS), session.clock.now()
    session.insert(SIGNING_KEYS, _document(made, keys, now + KNOWN_BEFORE if keys else now))


def _document(made: RSAKey, keys: list[SigningKey], signs_from: datetime) -> SigningKey:
    return SigningKey(
        number=keys[-1].number + 1 if keys else 1,
        public_key=json.dumps(made.as_dict(private=False)),
        private_key=SensitiveValue(has_value=True, new_value=json.dumps(made.as_dict(private=True))),
        signs_from=signs_from,
    )


def _forget(session: Session) -> None:
    kept = {key.id for key in published(session)}
    for key in session.all(SIGNING_KEYS):
        if key.id not in kept:
            session.delete(SIGNING_KEYS, key.id)
