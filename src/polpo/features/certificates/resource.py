"""A certificate, as it is stored and sent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.rest.protection import by_references, protect
from polpo.store.documents import Document, Resource, SensitiveValue, ref
from polpo.store.kinds import define

DataFormat = Literal["Pkcs12", "Der", "Pem", "Unknown"]
Participation = Literal["Untenanted", "TenantedOrUntenanted", "Tenanted"]


class X509Certificate(Resource):
    subject_distinguished_name: str
    issuer_distinguished_name: str
    thumbprint: str
    not_after: datetime
    not_before: datetime
    version: int
    serial_number: str
    signature_algorithm_name: str


class Certificate(Document):
    """`certificate_data` is the file as it was sent, base64; it is set once. What was read in it is read-only.

    `is_expired` is told for the moment of reading. A certificate that was replaced lives on under an id of its own,
    archived, and `replaced_by` names the one that took its place.
    """

    space_id: str = ""
    name: str = ""
    notes: str = ""
    certificate_data: SensitiveValue | None = None
    password: SensitiveValue | None = None
    environment_ids: list[Annotated[str, ref("Environments")]] = []
    tenanted_deployment_participation: Participation = "Untenanted"
    tenant_ids: list[Annotated[str, ref("Tenants")]] = []
    tenant_tags: list[str] = []
    archived: datetime | None = None
    replaced_by: str | None = None
    certificate_data_format: DataFormat = "Unknown"
    subject_distinguished_name: str = ""
    subject_common_name: str = ""
    subject_organization: str = ""
    subject_alternative_names: list[str] = []
    issuer_distinguished_name: str = ""
    issuer_common_name: str = ""
    issuer_organization: str = ""
    self_signed: bool = False
    thumbprint: str = ""
    not_after: datetime | None = None
    not_before: datetime | None = None
    is_expired: bool = False
    has_private_key: bool = False
    version: int = 0
    serial_number: str = ""
    signature_algorithm_name: str = ""
    certificate_chain: list[X509Certificate] = []


class CertificateReplacement(Resource):
    certificate_data: str = ""
    password: str | None = None


def _searched(certificate: Certificate) -> str:
    told = (
        certificate.name,
        certificate.notes,
        certificate.subject_distinguished_name,
        certificate.issuer_distinguished_name,
        certificate.thumbprint,
        *certificate.subject_alternative_names,
    )
    return "\n".join(told).casefold()


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


CERTIFICATES = define(
    "Certificates",
    Certificate,
    sa.Column("is_archived", sa.Boolean, nullable=False),
    sa.Column("not_after", sa.Text, nullable=False),
    sa.Column("not_before", sa.Text, nullable=False),
    sa.Column("archived", sa.Text, nullable=False),
    sa.Column("search_key", sa.Text, nullable=False),
    sa.Column("tenant_lines", sa.Text, nullable=False),
    singular="certificate",
    computed={
        "is_archived": lambda certificate: certificate.archived is not None,
        "not_after": lambda certificate: _moment(certificate.not_after),
        "not_before": lambda certificate: _moment(certificate.not_before),
        "archived": lambda certificate: _moment(certificate.archived),
        "search_key": _searched,
        "tenant_lines": lambda certificate: "\n" + "".join(f"{one.casefold()}\n" for one in certificate.tenant_ids),
    },
    indexes=[("is_archived", "name_key", "seq")],
)
protect(
    CERTIFICATES,
    lambda one: {"Environments": one.environment_ids, "Tenants": one.tenant_ids},
    {"Environments": by_references(CERTIFICATES, "Environments"), "Tenants": by_references(CERTIFICATES, "Tenants")},
    open_to_all=["Environments"],
)

register(
    Certificate,
    {
        "Self": "/api/{SpaceId}/certificates/{Id}",
        "Usages": "/api/{SpaceId}/certificates/{Id}/usages",
        "Replace": "/api/{SpaceId}/certificates/{Id}/replace",
        "Archive": "/api/{SpaceId}/certificates/{Id}/archive",
        "Unarchive": "/api/{SpaceId}/certificates/{Id}/unarchive",
        "Export": "/api/{SpaceId}/certificates/{Id}/export{?format,includePrivateKey,password,pemOptions}",
    },
)
