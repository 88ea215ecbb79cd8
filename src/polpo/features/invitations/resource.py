"""An invitation, as stored and sent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define


class Invitation(Document):
    """The code is shown when the invitation is made, and stored as a digest only."""

    space_id: Annotated[str, ref("Spaces")] | None = None
    add_to_team_ids: list[Annotated[str, ref("Teams")]] = []
    invitation_code: str = ""
    expires: datetime | None = None
    digest: str = ""


class Registration(Resource):
    """What somebody who was invited says."""

    invitation_code: str
    username: str
    password: str
    display_name: str = ""
    email_address: str = ""


INVITATIONS = define(
    "Invitations",
    Invitation,
    sa.Column("digest", sa.Text, nullable=False),
    singular="invitation",
    quiet=["digest"],
    unique=[("digest",)],
    order=("seq",),
    owned_by=["Spaces", "Teams"],
)

register(Invitation, {"Self": "/api/users/invitations/{Id}"})
