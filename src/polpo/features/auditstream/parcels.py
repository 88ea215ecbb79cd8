"""Events as each kind of system takes them, and what its answers mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import msgspec

from polpo.features.auditstream.resource import StreamType
from polpo.store.documents import Resource
from polpo.version import __version__

#: Of one event; Splunk's collector takes no more than a megabyte in a request unless told.
LARGEST = 500_000
_SHOWN = 300
_LONGEST = 10_000  # characters of a message
_COLLECTOR = "/services/collector"
_TOO_LARGE = 413
_INFO = 9  # OpenTelemetry's number for what is neither a warning nor an error


class _Line(Resource):
    """What is read off the line of an event."""

    id: str
    occurred: datetime
    category: str
    message: str
    username: str = ""
    user_id: str | None = None
    identity_established_with: str = ""
    credential_id: str | None = None
    on_behalf_of: str | None = None
    ip_address: str | None = None
    user_agent: str = ""
    space_id: str | None = None
    related_document_ids: list[str] = []
    change_details: msgspec.Raw = msgspec.Raw(b"null")
    chain: dict[str, str] = {}


_decode = msgspec.json.Decoder(_Line).decode


@dataclass(frozen=True)
class Target:
    """Where events go. `address` and `token` may be secrets; `mask` takes them out of a text that people see."""

    kind: StreamType
    address: str
    token: str = field(default="", repr=False)
    header: str = "Authorization"
    installation: str = ""

    def mask(self, text: str) -> str:
        secrets = [self.token, *self.token.split(" ")]
        if self.kind == "SumoLogic":
            secrets += [self.address, self.address.rpartition("/")[2]]
        for secret in sorted((one for one in secrets if len(one) > 3), key=len, reverse=True):
            text = text.replace(secret, "*****")
        return text


@dataclass(frozen=True)
class Parcel:
    url: str
    headers: dict[str, str]
    body: bytes


class Refusal(Exception):
    """The other side did not take a parcel; the text is a sentence without secrets."""

    def __init__(self, sentence: str, *, wait: float = 0, is_too_large: bool = False) -> None:
        super().__init__(sentence)
        self.wait = wait  # seconds that it asks for
        self.is_too_large = is_too_large


def bounded(line: bytes) -> bytes:
    """The line of an event that is not too large to be taken: without what it changed, and cut, if need be."""
    if len(line) <= LARGEST:
        return line
    fields: dict[str, Any] = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    shortened = _decode(line).message[:_LONGEST]
    about = {"Message": shortened, "MessageHtml": "", "MessageReferences": []}
    return msgspec.json.encode({**fields, **about, "ChangeDetails": None, "IsTruncated": True})


def parcel(target: Target, lines: Sequence[bytes]) -> Parcel:
    """`lines` are events as JSON, without line ends."""
    if target.kind == "Splunk":
        return _for_splunk(target, lines)
    if target.kind == "SumoLogic":
        return Parcel(target.address, {"Content-Type": "application/json"}, b"\n".join(lines))
    return _for_collector(target, lines)


def _for_splunk(target: Target, lines: Sequence[bytes]) -> Parcel:
    address = target.address.rstrip("/")
    url = address if _COLLECTOR in address else f"{address}{_COLLECTOR}/event"
    headers = {"Authorization": f"Splunk {target.token}", "Content-Type": "application/json"}
    if target.installation:  # asked for where the collector acknowledges by channel
        headers["X-Splunk-Request-Channel"] = target.installation
    events = [
        msgspec.json.encode(
            {
                "time": _decode(line).occurred.timestamp(),
                "source": "polpo",
                "sourcetype": "polpo:audit",
                "event": msgspec.Raw(line),
            }
        )
        for line in lines
    ]
    return Parcel(url, headers, b"\n".join(events))


def _for_collector(target: Target, lines: Sequence[bytes]) -> Parcel:
    resource = {"service.name": "polpo", "service.version": __version__, "service.instance.id": target.installation}
    records = {"scope": {"name": "polpo.audit"}, "logRecords": [_record(_decode(line)) for line in lines]}
    logs = {"resource": {"attributes": _attributes(resource)}, "scopeLogs": [records]}
    headers = {"Content-Type": "application/json"}
    if target.token:
        headers[target.header] = target.token
    return Parcel(target.address, headers, msgspec.json.encode({"resourceLogs": [logs]}))


def _record(event: _Line) -> dict[str, Any]:
    moment = str(int(event.occurred.timestamp() * 1000) * 1_000_000)
    details = bytes(event.change_details).decode()
    about: dict[str, Any] = {
        "event.id": event.id,
        "event.name": event.category,
        "user.name": event.username,
        "user.id": event.user_id,
        "client.address": event.ip_address,
        "user_agent.original": event.user_agent,
        "polpo.means": event.identity_established_with,
        "polpo.credential.id": event.credential_id,
        "polpo.on_behalf_of": event.on_behalf_of,
        "polpo.space.id": event.space_id,
        "polpo.documents": event.related_document_ids,
        "polpo.change": "" if details == "null" else details,
        "polpo.hash": event.chain.get("Hash"),
    }
    return {
        "timeUnixNano": moment,
        "observedTimeUnixNano": moment,
        "severityNumber": _INFO,
        "severityText": "INFO",
        "body": {"stringValue": event.message},
        "attributes": _attributes(about),
    }


def _attributes(values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in values.items() if value]


def _value(value: str | list[str]) -> dict[str, Any]:
    if isinstance(value, str):
        return {"stringValue": value}
    return {"arrayValue": {"values": [{"stringValue": one} for one in value]}}


def judge(target: Target, answer: httpx.Response) -> str:
    """What there is to say although it was taken, mostly nothing. Refusal when it was not."""
    told = target.mask(answer.text).strip()[:_SHOWN]
    if not answer.is_success:
        sentence = f"{target.kind} answered {answer.status_code} {answer.reason_phrase}{': ' + told if told else '.'}"
        raise Refusal(sentence, wait=_wait(answer), is_too_large=answer.status_code == _TOO_LARGE)
    try:
        said = msgspec.json.decode(answer.content) if answer.content else {}
    except msgspec.DecodeError:
        said = {}
    if not isinstance(said, dict):
        return ""
    if target.kind == "Splunk" and said.get("code", 0) != 0:
        raise Refusal(f"Splunk did not take the events: {told}")
    partial = said.get("partialSuccess") if target.kind == "OpenTelemetry" else None
    rejected = str(partial.get("rejectedLogRecords", 0)) if isinstance(partial, dict) else "0"
    return f"OpenTelemetry rejected {rejected} events for good: {told}" if rejected != "0" else ""


def _wait(answer: httpx.Response) -> float:
    asked = answer.headers.get("retry-after", "")
    return float(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0.0
