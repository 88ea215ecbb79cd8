"""Keeping logos, and drawing one for who has none."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from html import escape

import sqlalchemy as sa

from polpo.features.logos.resource import LOGOS, OWNER_FIELDS, Logo, picture_table
from polpo.kernel.errors import Invalid
from polpo.store.session import Session

LIMIT = 1 << 20
SVG = "image/svg+xml"

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
#: What may stand before an SVG's first tag: a byte order mark, a declaration, comments, a document type.
#: Nothing of it is tried a second time, however it is nested.
_SVG_START = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s|<\?[^>]*>|(?><!--.*?-->)|<!DOCTYPE[^>\[]*>)*+<svg[\s>]", re.DOTALL | re.IGNORECASE
)
_COLOURS = ("#0d80d8", "#00874d", "#a06100", "#7c43bd", "#c2185b", "#00838f", "#5d6d7e", "#d84315")
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Picture:
    """`etag` changes when the picture does."""

    content: bytes
    content_type: str
    etag: str


def content_type_of(content: bytes) -> str:
    """Found in the content, whatever the client calls it; Invalid when it is no picture that browsers show."""
    for signature, content_type in _SIGNATURES:
        if content.startswith(signature):
            return content_type
    if _SVG_START.match(content[:65536]):
        return SVG
    sentence = "The file is no picture that can be a logo; send a PNG, JPEG, GIF or SVG file."
    raise Invalid(sentence, [sentence])


def picture_of(session: Session, owner_id: str, name: str, colour: str | None = None) -> Picture:
    """The uploaded logo, or one drawn from the name."""
    logo = session.find(LOGOS, _logo_id(owner_id))
    if logo is None:
        drawn = draw(owner_id, name, colour)
        return Picture(drawn, SVG, hashlib.sha256(drawn).hexdigest())
    table = picture_table
    content = session.connection.execute(sa.select(table.c.content).where(table.c.digest == logo.digest)).scalar_one()
    return Picture(content, logo.content_type, logo.digest)


def keep_picture(session: Session, owner_id: str, content: bytes, content_type: str) -> None:
    """Replaces the owner's logo, and forgets pictures that nobody has any longer."""
    digest = hashlib.sha256(content).hexdigest()
    field = OWNER_FIELDS.get(owner_id.partition("-")[0])
    logo = Logo(
        id=_logo_id(owner_id),
        content_type=content_type,
        size=len(content),
        digest=digest,
        last_modified_on=session.clock.now(),
    )
    if field is not None:
        setattr(logo, field, owner_id)
    if session.find(LOGOS, logo.id) is None:
        session.insert(LOGOS, logo)
    else:
        session.update(LOGOS, logo)
    _store(session, digest, content)


def _store(session: Session, digest: str, content: bytes) -> None:
    table = picture_table
    kept = sa.select(LOGOS.table.c.digest)
    session.connection.execute(sa.delete(table).where(table.c.digest.not_in(kept)))
    if session.connection.execute(sa.select(table.c.digest).where(table.c.digest == digest)).first() is None:
        session.connection.execute(sa.insert(table).values(digest=digest, content=content))


def draw(owner_id: str, name: str, colour: str | None = None) -> bytes:
    """A square with the initials; an owner keeps its colour when its name changes."""
    if not colour or not _COLOUR.fullmatch(colour):
        colour = _COLOURS[zlib.crc32(owner_id.encode()) % len(_COLOURS)]
    initials = "".join(word[0] for word in _WORD.findall(name)[:2]).upper() or "?"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48">'
        f'<rect width="48" height="48" rx="8" fill="{colour}"/>'
        '<text x="24" y="31" text-anchor="middle" font-family="sans-serif" font-size="20" fill="#fff">'
        f"{escape(initials)}</text></svg>"
    ).encode()


def _logo_id(owner_id: str) -> str:
    return f"logo-{owner_id}"
