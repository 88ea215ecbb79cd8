"""Rules of certificates."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.features.certificates.describing import described
from polpo.features.certificates.opening import open_certificate, refusal
from polpo.features.certificates.resource import CERTIFICATES, Certificate
from polpo.features.processes.usages import refuse_when_named
from polpo.features.tagsets.service import check_tags
from polpo.kernel.clock import Clock
from polpo.rest.call import Call
from polpo.rest.collection import Filter, Where, stamp
from polpo.store.changes import Happening
from polpo.store.documents import SensitiveValue, kept_secret
from polpo.store.session import Session

#: What a client may change afterwards; the file is set once, and what was read in it with it.
_CHANGEABLE = frozenset(
    {
        "name",
        "notes",
        "environment_ids",
        "tenanted_deployment_participation",
        "tenant_ids",
        "tenant_tags",
        "last_modified_on",
        "last_modified_by",
        "links",
    }
)

_columns = CERTIFICATES.table.c
_ORDERS = {
    "name": _columns.name_key,
    "notafter": _columns.not_after,
    "notbefore": _columns.not_before,
    "archived": _columns.archived,
}


async def read_file(encoded: str, password: str | None) -> dict[str, Any]:
    """What the file says, read off the threads that serve others."""
    return await asyncio.to_thread(lambda: described(open_certificate(encoded, password)))


def take_file(certificate: Certificate, encoded: str, password: str | None, found: dict[str, Any]) -> None:
    """Makes the file and what was read in it those of the certificate."""
    certificate.certificate_data = SensitiveValue(has_value=True, new_value=encoded)
    certificate.password = SensitiveValue(has_value=bool(password), new_value=password or None)
    for attribute, value in found.items():
        setattr(certificate, attribute, value)


def settle_certificate(call: Call, certificate: Certificate, before: Certificate | None) -> None:
    check_tags(call.session, call.space, certificate, describes=False)
    if before is None:
        certificate.archived = certificate.replaced_by = None
        return
    for field in msgspec.structs.fields(Certificate):
        if field.name not in _CHANGEABLE:
            setattr(certificate, field.name, getattr(before, field.name))
    certificate.certificate_data = kept_secret(None, before.certificate_data)
    certificate.password = kept_secret(None, before.password)


def replace_file(
    call: Call, certificate: Certificate, encoded: str, password: str | None, found: dict[str, Any]
) -> Certificate:
    """New content under the same id. What was there until now is kept as a certificate of its own, archived."""
    backup = msgspec.structs.replace(certificate, id="", archived=call.clock.now(), replaced_by=certificate.id)
    call.session.insert(CERTIFICATES, backup)
    take_file(certificate, encoded, password, found)
    stamp(call, certificate)
    return call.session.update(CERTIFICATES, certificate)


def set_archived(call: Call, certificate: Certificate, *, archived: bool) -> Certificate:
    if archived != (certificate.archived is not None):
        certificate.archived = call.clock.now() if archived else None
        stamp(call, certificate)
        call.session.update(CERTIFICATES, certificate)
    return certificate


def note_export(session: Session, certificate: Certificate, *, tells_key: bool) -> None:
    """For the audit trail: who took a copy, and whether the private key was in it."""
    category, key = ("PrivateKeyExported", "with") if tells_key else ("CertificateExported", "without")
    message = f"The certificate {certificate.name} was exported {key} its private key"
    if not certificate.has_private_key:
        message = f"The certificate {certificate.name}, which has no private key, was exported"
    session.happened(
        Happening(
            category,
            message,
            certificate.space_id,
            CERTIFICATES.name,
            (certificate.id,),
        )
    )


def refuse_used(call: Call, certificate: Certificate) -> None:
    """Targets refer to certificates by themselves; variables and steps only hold a certificate's id as text."""
    refuse_when_named(call.session, CERTIFICATES, certificate)


def with_expiry(clock: Clock, certificate: Certificate) -> Certificate:
    """Whether it has expired is told for the moment of reading."""
    certificate.is_expired = certificate.not_after is not None and certificate.not_after <= clock.now()
    return certificate


# -- finding


def is_archived(archived: bool) -> Where:
    return _columns.is_archived.is_(archived)


def ordering(order_by: str | None) -> list[Any]:
    """By name, unless another column is named; `desc` or a minus in front turns it round."""
    words = (order_by or "name").casefold().split()
    turned = words[-1] == "desc" or words[0].startswith("-")
    column = _ORDERS.get(words[0].lstrip("-"))
    if column is None:
        raise refusal(f"orderBy: use Name, NotAfter, NotBefore or Archived; '{order_by}' is none of them.")
    return [column.desc() if turned else column, _columns.seq]


def _search(_session: Session, values: list[str]) -> Where:
    return _columns.search_key.contains(",".join(values).casefold(), autoescape=True)


def _of_tenant(_session: Session, values: list[str]) -> Where:
    return sa.or_(*(_columns.tenant_lines.contains(f"\n{one.casefold()}\n", autoescape=True) for one in values))


#: The query parameters that lists of certificates know, apart from `archived` and `orderBy`.
CERTIFICATE_FILTERS: dict[str, Filter] = {"search": _search, "tenant": _of_tenant}
