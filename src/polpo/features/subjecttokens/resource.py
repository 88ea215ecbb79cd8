"""A key that subject tokens are signed with, as it is stored, and what the public is told."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
import sqlalchemy as sa

from polpo.store.documents import Document, Resource, SensitiveValue
from polpo.store.kinds import define


class SigningKey(Document):
    """`number` counts the keys of the installation. Both halves are JSON Web Keys as text; one of them is secret."""

    number: int = 0
    public_key: str = ""
    private_key: SensitiveValue = msgspec.field(default_factory=SensitiveValue)
    signs_from: datetime | None = None


KeyState = Literal["Next", "Signing", "Former"]


class SigningKeyView(Resource):
    """What administrators see of a key. `key_id` is by what tokens name it."""

    id: str
    key_id: str
    state: KeyState
    signs_from: datetime | None = None


class KeyDocument(msgspec.Struct):
    """A JSON Web Key Set (RFC 7517)."""

    keys: list[dict[str, str]]


SIGNING_KEYS = define(
    "SigningKeys",
    SigningKey,
    sa.Column("number", sa.Integer, nullable=False),
    singular="signing key",
    unique=[("number",)],
    order=("number",),
    audited=False,
)
