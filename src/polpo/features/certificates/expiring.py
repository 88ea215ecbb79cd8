"""Telling in time that a certificate expires: 20 and 10 days before, and when it has. Archived ones are not told of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from polpo.engine.recurring import done_before, is_first
from polpo.engine.rounds import Rounds
from polpo.features.certificates.resource import CERTIFICATES, Certificate
from polpo.store.changes import Happening
from polpo.store.database import Database
from polpo.store.session import Session

#: The category of the event for what is left of a certificate's time, the most pressing first.
STAGES = (
    (timedelta(), "CertificateExpired"),
    (timedelta(days=10), "CertificateExpiry10DayWarning"),
    (timedelta(days=20), "CertificateExpiry20DayWarning"),
)


def stage_of(not_after: datetime | None, now: datetime) -> str | None:
    """The most pressing stage that the certificate has come to; a stage that was leapt over is not made up for."""
    if not_after is None:
        return None
    return next((category for left, category in STAGES if not_after - now <= left), None)


class ExpiryWatch(Rounds):
    """One on each node; each stage of a certificate is told once. New content in its place begins anew."""

    PAUSE = 600.0

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    async def round(self) -> None:
        with self._database.read() as session:
            due = _due(session)
        if due:
            await self._database.write(lambda session: _tell(session, due))


def _due(session: Session) -> list[str]:
    """The ids of certificates that have come to a stage which was not told."""
    table, now = CERTIFICATES.table, session.clock.now()
    horizon = (now + STAGES[-1][0]).isoformat()
    near = session.all(
        CERTIFICATES, table.c.is_archived.is_(False), table.c.not_after != "", table.c.not_after <= horizon
    )
    marks = {one.id: _mark(one, now) for one in near}
    told = done_before(session, marks.values())
    return [identity for identity, mark in marks.items() if mark not in told]


def _mark(certificate: Certificate, now: datetime) -> str:
    return f"expiry/{certificate.id}/{certificate.thumbprint}/{stage_of(certificate.not_after, now)}"


def _tell(session: Session, certificate_ids: Sequence[str]) -> None:
    now = session.clock.now()
    for certificate in session.by_ids(CERTIFICATES, certificate_ids).values():
        category = stage_of(certificate.not_after, now)
        if category is None or certificate.archived is not None or not is_first(session, _mark(certificate, now)):
            continue
        message = f"The certificate {certificate.name} {_when(certificate, now)}"
        about = (certificate.id, *certificate.environment_ids)
        session.happened(Happening(category, message, certificate.space_id, CERTIFICATES.name, about))


def _when(certificate: Certificate, now: datetime) -> str:
    moment = certificate.not_after or now
    told = f"{moment:%Y-%m-%d %H:%M} UTC; replace it"
    if moment <= now:
        return f"has expired on {told}."
    days = (moment - now).days
    return f"expires in {days} day{'' if days == 1 else 's'}, on {told}."
