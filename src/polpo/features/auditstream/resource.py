"""What is configured of the stream, and what is told of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
import sqlalchemy as sa

from polpo.features.auditstream.tables import audit_stream
from polpo.features.configuration.sections import Section, add_section
from polpo.kernel.destinations import Refused, split
from polpo.kernel.errors import Invalid
from polpo.store.documents import Document, Resource, SensitiveValue
from polpo.store.session import Session

StreamType = Literal["Splunk", "SumoLogic", "OpenTelemetry"]
_HEADER = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
_TAKEN = frozenset({"host", "content-type", "content-length", "connection", "transfer-encoding"})


class AuditStreamConfiguration(Document):
    """A stream that is enabled begins with the next event; one that is paused goes on where it stood.

    `endpoint_url` is the base address of Splunk, or where OpenTelemetry's logs go, mostly ending in /v1/logs. The
    address of Sumo Logic's source is a secret by itself. `token` is that of Splunk's HTTP Event Collector, or what
    OpenTelemetry's collector wants in the header `header_name`, such as `Bearer …`.
    """

    is_enabled: bool = False
    is_paused: bool = False
    stream_type: StreamType = "OpenTelemetry"
    endpoint_url: str = ""
    sumo_logic_endpoint_url: SensitiveValue = msgspec.field(default_factory=SensitiveValue)
    token: SensitiveValue = msgspec.field(default_factory=SensitiveValue)
    header_name: str = "Authorization"


class AuditStreamState(Resource):
    """`unsent` events wait; `sent_up_to` is the last one that was taken."""

    state: Literal["Off", "Paused", "Streaming", "Failing"]
    sent_up_to: str | None = None
    unsent: int = 0
    last_sent: datetime | None = None
    last_error: str | None = None
    next_attempt: datetime | None = None


class AuditStreamTrial(Resource):
    """What became of one event that was sent to try the stream."""

    is_successful: bool
    message: str


def _settle(stream: AuditStreamConfiguration) -> None:
    faults = []
    if stream.endpoint_url:
        split(stream.endpoint_url)
    if stream.sumo_logic_endpoint_url.new_value:
        faults += _secret_address(stream.sumo_logic_endpoint_url.new_value)
    name = stream.header_name.lower()
    if not name or not _HEADER.issuperset(name) or name in _TAKEN:
        faults.append(f"HeaderName must be the name of an HTTP header of your own; it is '{stream.header_name}'.")
    if any(ord(one) < 32 or ord(one) > 126 for one in stream.token.new_value or ""):
        faults.append("Token must be of printable ASCII characters, as it goes into a header.")
    if stream.is_enabled:
        faults += _missing(stream)
    if faults:
        raise Invalid(faults[0], faults)


def _secret_address(address: str) -> list[str]:
    """What is wrong with it, without showing it."""
    try:
        split(address)
    except Refused:
        return ["SumoLogicEndpointUrl must be a well-formed address that begins with https:// or http://."]
    return []


def _missing(stream: AuditStreamConfiguration) -> list[str]:
    if stream.stream_type == "SumoLogic":
        address = stream.sumo_logic_endpoint_url
        has_address = address.has_value or bool(address.new_value)
        return [] if has_address else ["SumoLogicEndpointUrl must be the address of the HTTP source of Sumo Logic."]
    faults = [] if stream.endpoint_url else [f"EndpointUrl must be the address of {stream.stream_type}."]
    if stream.stream_type == "Splunk" and not (stream.token.has_value or stream.token.new_value):
        faults.append("Token must be the token of Splunk's HTTP Event Collector.")
    return faults


def _try_at_once(session: Session, _before: AuditStreamConfiguration, _after: AuditStreamConfiguration) -> None:
    """What stood in the way may be mended by the change."""
    session.connection.execute(sa.update(audit_stream).values(retry_on=""))


AUDIT_STREAM = add_section(
    Section(
        "audit-stream",
        "",
        "Audit stream",
        "Where every event of the audit trail is sent, besides being kept here.",
        AuditStreamConfiguration,
        _settle,
        replaced=_try_at_once,
    )
)
