"""Ending the sessions that a provider has opened, when it is switched off."""

from __future__ import annotations

from polpo.features.users.resource import SESSIONS
from polpo.store.session import Session


def end_sessions(session: Session, means: str) -> None:
    """Ends every session that began by these means. API keys and access tokens have lives of their own."""
    for found in session.all(SESSIONS):
        if found.means == means:
            session.delete(SESSIONS, found.id)
