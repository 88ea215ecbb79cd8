"""Rules of API keys: for whom they are made, and how long they live."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from polpo.features.rights.administration import require_over
from polpo.features.users.policy import authentication_of
from polpo.features.users.resource import GUEST, User
from polpo.features.users.service import ACCESS_TOKEN
from polpo.kernel.errors import Forbidden, Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission


def allow_key(call: Call, user: User) -> None:
    """A key acts in the name of its user. So people make their own; those of programs are made by who edits users.

    An administrator may make one for anybody: they could set a password, too, and it is told who did.
    """
    refuse_token(call, user.id)
    require_over(call, user.id)
    if user.id != call.caller.user_id and not user.is_service:
        call.require(Permission.ADMINISTER_SYSTEM)
    if user.id == GUEST:
        sentence = "The guest has the one key that everybody knows."
        raise Invalid(sentence, [sentence])
    if not user.is_service and not authentication_of(call.session).user_api_keys_enabled:
        sentence = "People have no API keys on this server; make a service account, and a key for that."
        raise Invalid(sentence, [sentence])


def refuse_token(call: Call, user_id: str) -> None:
    """What is good for an hour shall not make itself good for longer: whoever steals it would keep it for ever."""
    if user_id == call.caller.user_id and call.caller.means == ACCESS_TOKEN:
        raise Forbidden(
            "An access token makes no further credentials for its own user.",
            help_text="Use an API key or sign in; or exchange a new token of the outside issuer.",
        )


def expiry_of(call: Call, wanted: datetime | None) -> datetime | None:
    """When a key ends: as it is wanted, else as administrators decided. A time without a zone means UTC."""
    policy, now = authentication_of(call.session), call.clock.now()
    most, default = policy.api_key_max_expiry_days, policy.api_key_default_expiry_days
    if wanted is None:
        days = default or most
        return now + timedelta(days=days) if days else None
    expires = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
    if expires <= now:
        raise Invalid("Expires lies in the past.", ["Expires lies in the past."])
    if most and expires > now + timedelta(days=most, minutes=5):
        sentence = f"Expires: API keys live for {most} days at most on this server."
        raise Invalid(sentence, [sentence])
    return expires
