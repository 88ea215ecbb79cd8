"""What the server knows of a user from a provider outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from polpo.store.documents import Document, ref
from polpo.store.kinds import define

#: The claims of an identity, as the wire names them.
EMAIL, DISPLAY_NAME, EXTERNAL_ID, ISSUER, PRINCIPAL_NAME, ACCOUNT_NAME = "email", "dn", "extID", "iss", "upn", "sam"


@dataclass(frozen=True)
class Person:
    """Somebody for whom a provider vouches.

    `provider` is the id of the provider's configuration section, `provider_name` how identities name it. `subject` is
    what tells the person from all others at `issuer`, for ever. `names` are further claims that identify them. An
    e-mail address that the provider has not proven to be theirs finds nobody.
    """

    provider: str
    provider_name: str
    issuer: str
    subject: str
    username: str
    display_name: str = ""
    email: str = ""
    is_email_proven: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()


class ExternalIdentity(Document):
    """Whose a subject of an issuer is, and the groups it was in when it signed in last.

    It counts while the user has the identity: an administrator who takes that from the user ends this too.
    """

    user_id: Annotated[str, ref("Users")] = ""
    provider: str = ""
    issuer: str = ""
    subject: str = ""
    groups: list[str] = []
    signed_in: datetime | None = None


EXTERNAL_IDENTITIES = define(
    "ExternalIdentities",
    ExternalIdentity,
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    singular="external identity",
    audited=False,
    unique=[("provider", "issuer", "subject")],
    order=("seq",),
    indexes=[("user_id",)],
    owned_by=["Users"],
)
