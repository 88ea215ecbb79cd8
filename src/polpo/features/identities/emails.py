"""Whether an e-mail address can tell who somebody is: then it is not for users themselves to choose."""

from __future__ import annotations

from polpo.features.configuration.sections import ALL
from polpo.features.configuration.service import read_section
from polpo.store.session import Session


def identify(session: Session) -> bool:
    """Whether a provider that is enabled finds users by their e-mail addresses."""
    found = (read_section(session, section) for section in ALL.values() if _may_match(section.document))
    return any(configuration.is_enabled and configuration.allow_email_matching for configuration in found)


def _may_match(document: type) -> bool:
    return hasattr(document, "allow_email_matching")
