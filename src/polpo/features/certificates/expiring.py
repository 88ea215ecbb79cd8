"""Telling in time that a certificate expires. Archived ones are not told of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from polpo.engine.expiring import FIRST, TellingOfEnds, stage, when
from polpo.engine.recurring import is_first
from polpo.features.certificates.resource import CERTIFICATES, Certificate
from polpo.store.changes import Happening
from polpo.store.session import Session


def stage_of(not_after: datetime | None, now: datetime) -> str | None:
    """The category of the event, if there is something to tell."""
    return stage("Certificate", not_after, now) if not_after is not None else None


class ExpiryWatch(TellingOfEnds):
    """Each stage of a certificate is told once. New content in its place begins anew."""

    def marks(self, session: Session) -> Mapping[str, str]:
        table, now = CERTIFICATES.table, session.clock.now()
        horizon = (now + FIRST).isoformat()
        near = session.all(
            CERTIFICATES, table.c.is_archived.is_(False), table.c.not_after != "", table.c.not_after <= horizon
        )
        return {one.id: _mark(one, now) for one in near}

    def tell(self, session: Session, ids: Sequence[str]) -> None:
        now = session.clock.now()
        for certificate in session.by_ids(CERTIFICATES, ids).values():
            category = stage_of(certificate.not_after, now)
            if category is None or certificate.archived is not None or not is_first(session, _mark(certificate, now)):
                continue
            message = f"The certificate {certificate.name} {when(certificate.not_after or now, now)}; replace it."
            about = (certificate.id, *certificate.environment_ids)
            session.happened(Happening(category, message, certificate.space_id, CERTIFICATES.name, about))


def _mark(certificate: Certificate, now: datetime) -> str:
    return f"expiry/{certificate.id}/{certificate.thumbprint}/{stage_of(certificate.not_after, now)}"
