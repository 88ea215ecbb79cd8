"""A logo: who has it and what kind of picture it is. The picture itself stands beside it, once for all its users."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa

from polpo.store.documents import Document, ref
from polpo.store.kinds import define, metadata


class Logo(Document):
    """One of the owner fields is set, so that the logo goes when its owner goes. `digest` names the picture."""

    project_id: Annotated[str, ref("Projects")] = ""
    tenant_id: Annotated[str, ref("Tenants")] = ""
    action_template_id: Annotated[str, ref("ActionTemplates")] = ""
    owner_space_id: Annotated[str, ref("Spaces")] = ""
    content_type: str = ""
    size: int = 0
    digest: str = ""


#: The field that names an owner, by the owner's kind.
OWNER_FIELDS = {
    "Projects": "project_id",
    "Tenants": "tenant_id",
    "ActionTemplates": "action_template_id",
    "Spaces": "owner_space_id",
}

LOGOS = define(
    "Logos",
    Logo,
    sa.Column("digest", sa.Text, nullable=False),
    singular="logo",
    order=("seq",),
    indexes=[("digest",)],
    owned_by=OWNER_FIELDS,
)

#: Pictures by their digest. They stay out of the documents, whose changes are recorded word for word.
picture_table = sa.Table(
    "logo_picture",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
