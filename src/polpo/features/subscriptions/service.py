"""Rules of subscriptions."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from polpo.features.machinepolicies.timespans import format_timespan, parse_timespan
from polpo.features.subscriptions.resource import EventNotificationSubscription, Subscription
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call

_SPANS = {
    "email_frequency_period": ("EmailFrequencyPeriod", timedelta(minutes=1), timedelta(days=365)),
    "slack_frequency_period": ("SlackFrequencyPeriod", timedelta(minutes=1), timedelta(days=365)),
    "webhook_timeout": ("WebhookTimeout", timedelta(seconds=1), timedelta(minutes=10)),
}
_PROGRESS = tuple(name for name in EventNotificationSubscription.__struct_fields__ if "_last_processed" in name)
_PLACE = "EventNotificationSubscription"


def settle_subscription(_call: Call, subscription: Subscription, before: Subscription | None) -> None:
    """Checks the ways by which it tells; how far they have come stays as it is."""
    wanted = subscription.event_notification_subscription
    kept = before.event_notification_subscription if before else EventNotificationSubscription()
    for attribute in _PROGRESS:
        setattr(wanted, attribute, getattr(kept, attribute))
    faults = [*_span_faults(wanted), *_webhook_faults(wanted)]
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The subscription cannot be saved.", faults)


def _span_faults(wanted: EventNotificationSubscription) -> list[str]:
    faults = []
    for attribute, (name, least, most) in _SPANS.items():
        text = getattr(wanted, attribute)
        try:
            span = parse_timespan(text)
        except ValueError as error:
            faults.append(f"{_PLACE}.{name}: {error}")
            continue
        if not least <= span <= most:
            limits = f"from {format_timespan(least)} to {format_timespan(most)}"
            faults.append(f"{_PLACE}.{name} must be {limits}; it is '{text}'.")
        setattr(wanted, attribute, format_timespan(span))
    return faults


def _webhook_faults(wanted: EventNotificationSubscription) -> list[str]:
    faults = []
    if wanted.webhook_uri and not _is_web_address(wanted.webhook_uri):
        faults.append(f"{_PLACE}.WebhookURI must be an address that begins with https:// or http://.")
    if any(ord(letter) < 33 or ord(letter) > 126 or letter == ":" for letter in wanted.webhook_header_key or ""):
        faults.append(f"{_PLACE}.WebhookHeaderKey must be the name of an HTTP header, such as X-Token.")
    return faults


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        return False
