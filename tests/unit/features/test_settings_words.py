"""People read words at the settings, not the names of fields; and what the server does not act on is marked."""

from __future__ import annotations

import polpo.features.auditstream.resource
import polpo.features.ldap.section
import polpo.features.openidconnect.providers
import polpo.features.users.guest
import polpo.features.users.policy  # noqa: F401 - these add their sections
from polpo.features.configuration.describing import metadata_of
from polpo.features.configuration.sections import ALL
from polpo.features.configuration.words import NOT_FOLLOWED, NOT_FOLLOWED_OF, WORDS

SHOWN = {
    (kind.name, one.name): one.display_info
    for section in ALL.values()
    for kind in metadata_of(section).types
    for one in kind.properties
}


def test_every_setting_that_the_server_follows_has_words() -> None:
    without = [
        name
        for name, shown in SHOWN.items()
        if not shown.read_only and name[1] not in WORDS and ".".join(name) not in WORDS
    ]
    assert without == []


def test_no_words_are_left_for_what_is_gone() -> None:
    known = {name for _, name in SHOWN} | {".".join(name) for name in SHOWN}
    assert (set(WORDS) | NOT_FOLLOWED) - known == set()
    assert {kind for kind, _ in SHOWN} >= NOT_FOLLOWED_OF


def test_choices_and_parts_are_told() -> None:
    options = SHOWN["LdapConfiguration", "SecurityProtocol"].options
    assert options is not None
    assert set(options.values) == {"None", "StartTLS", "SSL"}
    assert SHOWN["XOptions", "XFrameOptions"].label == "Other pages may show the portal in a frame"
    assert SHOWN["SmtpConfiguration", "SmtpPassword"].sensitive
    assert SHOWN["FeaturesConfiguration", "IsWebhookTriggerEnabled"].read_only
