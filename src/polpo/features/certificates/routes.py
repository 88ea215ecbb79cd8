"""Certificates over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from polpo.features.certificates.exporting import EXPORT_QUERY, Wish, exported
from polpo.features.certificates.opening import refusal
from polpo.features.certificates.resource import CERTIFICATES, Certificate, CertificateReplacement
from polpo.features.certificates.service import (
    CERTIFICATE_FILTERS,
    is_archived,
    note_export,
    ordering,
    read_file,
    refuse_used,
    replace_file,
    set_archived,
    settle_certificate,
    take_file,
    with_expiry,
)
from polpo.features.certificates.usages import CertificateUsage, usages_of
from polpo.rest.answers import Page, Reply, attachment
from polpo.rest.call import Call
from polpo.rest.collection import Collection, Where
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("certificates")

_VIEW, _EDIT = Permission.CERTIFICATE_VIEW, Permission.CERTIFICATE_EDIT


class _Certificates(Collection[Certificate]):
    """Tells of each certificate whether it has expired by now."""

    def page(self, call: Call, *where: Where, order: Sequence[Any] = ()) -> Page[Certificate]:
        """Archived certificates are listed when they are asked for, be it by their ids."""
        conditions = [*self.where(call), *where]
        if call.text("archived") is not None or not call.texts("ids"):
            conditions.append(is_archived(call.flag("archived")))
        order, paging = ordering(call.text("orderBy")), call.paging
        found = call.session.all(CERTIFICATES, *conditions, order=order, skip=paging.skip, take=paging.take)
        items = [with_expiry(call.clock, one) for one in found]
        return Page(items, call.session.count(CERTIFICATES, *conditions), paging, "Certificate")

    def every(self, call: Call) -> Sequence[Any]:
        return [with_expiry(call.clock, one) for one in call.session.all(CERTIFICATES, *self.where(call))]

    def find(self, call: Call, identity: str) -> Certificate:
        return with_expiry(call.clock, super().find(call, identity))


#: Creating is declared below: the file is opened outside the transaction.
certificates = _Certificates(
    CERTIFICATES,
    "/certificates",
    view=_VIEW,
    edit=_EDIT,
    delete=Permission.CERTIFICATE_DELETE,
    prepare=settle_certificate,
    removing=refuse_used,
    filters=CERTIFICATE_FILTERS,
)

certificates.register(routes)


@routes.post("/certificates", Permission.CERTIFICATE_CREATE, status=201)
async def create_certificate(call: Call, body: Certificate) -> Certificate:
    """Create a certificate from a PFX, PEM or DER file, sent as base64"""
    encoded = body.certificate_data.new_value if body.certificate_data else None
    password = body.password.new_value if body.password else None
    if not encoded:
        raise refusal("CertificateData is missing; send the certificate's file as base64.")
    take_file(body, encoded, password, await read_file(encoded, password))
    made = await call.database.write(lambda session: certificates.insert(call.within(session), body))
    return with_expiry(call.clock, made)


@routes.post("/certificates/{id}/replace", _EDIT, asks_scope=True)
async def replace_certificate(call: Call, id: str, body: CertificateReplacement) -> Certificate:
    """Give a certificate new content under the same id; the former content is archived"""
    with call.database.read() as session:
        certificates.find(call.within(session), id)
    if not body.certificate_data:
        raise refusal("CertificateData is missing; send the certificate's file as base64.")
    found = await read_file(body.certificate_data, body.password)

    def replace(session: Any) -> Certificate:
        within = call.within(session)
        certificate = certificates.find(within, id)
        return replace_file(within, certificate, body.certificate_data, body.password, found)

    return with_expiry(call.clock, await call.database.write(replace))


@routes.post("/certificates/{id}/archive", _EDIT)
def archive(call: Call, id: str) -> Certificate:
    """Archive a certificate: it stays where it is used, and is not offered any more"""
    return set_archived(call, certificates.find(call, id), archived=True)


@routes.post("/certificates/{id}/unarchive", _EDIT)
def unarchive(call: Call, id: str) -> Certificate:
    """Bring a certificate back from the archive"""
    return set_archived(call, certificates.find(call, id), archived=False)


@routes.get("/certificates/{id}/export", _VIEW, query=EXPORT_QUERY, asks_scope=True)
async def export(call: Call, id: str) -> Any:
    """Export a certificate; as it was uploaded, or as a PFX, PEM or DER file"""
    wish = Wish.of(call)
    with call.database.read() as session:
        certificate = certificates.find(call.within(session), id)
        encoded, password = session.reveal(certificate.certificate_data), session.reveal(certificate.password)
    tells_key = certificate.has_private_key and wish.tells_key
    if tells_key:
        call.guard(CERTIFICATES, certificate, Permission.CERTIFICATE_EXPORT_PRIVATE_KEY)
    data_format = certificate.certificate_data_format
    file = await asyncio.to_thread(exported, wish, certificate.name, data_format, encoded or "", password)
    await call.database.write(lambda session: note_export(session, certificate, tells_key=tells_key))
    headers = attachment(file.name)
    return Reply(file.content, 200, headers, media_type=file.media_type)


@routes.get("/certificates/{id}/usages", _VIEW)
def usages(call: Call, id: str) -> CertificateUsage:
    """The targets and variables that use a certificate"""
    return usages_of(call, certificates.find(call, id))
