"""The audit stream against systems that take events, refuse them, answer nonsense, or nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from tests.collector import Collector, collector
from tests.unit.features.trails import CHAIN, NEXT, OLD, Trail

from polpo.features.auditstream.resource import AUDIT_STREAM, AuditStreamConfiguration, AuditStreamState
from polpo.features.auditstream.state import shown_state
from polpo.features.auditstream.streaming import AuditStream, Sender
from polpo.features.auditstream.tables import audit_stream
from polpo.features.configuration.resource import SECTIONS, StoredSection
from polpo.features.events.archiving import forget_archive
from polpo.features.events.chain import head_of
from polpo.features.events.tables import event
from polpo.features.projectgroups.resource import PROJECT_GROUPS, ProjectGroup
from polpo.kernel.destinations import Destinations
from polpo.kernel.errors import Invalid
from polpo.store.changes import Happening
from polpo.store.documents import SensitiveValue
from polpo.store.session import Session

TOKEN = "c0ffee00-1111-2222-3333-444455556666"


def configure(trail: Trail, stream_type: str, address: str, **values: Any) -> None:
    kept, text = ("sumo_logic_endpoint_url", address) if stream_type == "SumoLogic" else ("token", TOKEN)
    secrets = {f"/audit-stream.{kept}": SensitiveValue(has_value=True, new_value=text)}
    said = {"IsEnabled": True, "StreamType": stream_type, "EndpointUrl": address, **values}
    stored = StoredSection(id="configuration-audit-stream", name="Audit stream", values=said, secrets=secrets)

    def work(session: Session) -> None:
        known = session.find(SECTIONS, stored.id)
        (session.insert if known is None else session.update)(SECTIONS, stored)

    trail.database.write_now(work)


def place(trail: Trail, sent: int) -> None:
    """As if the stream had come so far."""
    trail.change(lambda db: db.execute(sa.update(audit_stream).values(sent=sent)))


def state(trail: Trail) -> AuditStreamState:
    with trail.database.read() as session:
        return shown_state(session)


def told(trail: Trail, category: str) -> list[str]:
    with trail.database.read() as session:
        found = session.connection.execute(sa.select(event.c.doc).where(event.c.category == category))
        return [json.loads(doc)["Message"] for (doc,) in found]


@asynccontextmanager
async def streaming(trail: Trail, allowed: str = "127.0.0.1") -> AsyncIterator[AuditStream]:
    """Of a node that goes round when it is told to; it has made its first round, from which on it streams."""
    stream = AuditStream(trail.database, trail.blobs, CHAIN, Sender(Destinations([allowed])), "installation-1")
    await stream.round()
    yield stream
    await stream.close()


@pytest.fixture
async def splunk() -> AsyncIterator[Collector]:
    async with collector(token=f"Splunk {TOKEN}") as made:
        yield made


async def test_splunk_gets_each_new_event_in_order(trail: Trail, splunk: Collector) -> None:
    configure(trail, "Splunk", splunk.address)
    async with streaming(trail) as stream:
        assert splunk.asked == []
        begun = trail.head.seq
        trail.tell("g", "h")
        await stream.round()
        await stream.round()

    [one] = splunk.taken
    assert one.path == "/services/collector/event"
    assert one.headers["x-splunk-request-channel"] == "installation-1"
    numbers = [f"Events-{begun + number}" for number in range(1, 5)]
    assert [found["Id"] for found in splunk.splunk_events] == numbers
    first = json.loads(one.body.splitlines()[1])
    assert (first["sourcetype"], first["event"]["Message"]) == ("polpo:audit", "g signed in")
    assert first["time"] == trail.clock.now().timestamp()
    assert splunk.splunk_events[-1]["Chain"]["Hash"] == trail.head.hash.hex()
    assert (state(trail).state, state(trail).sent_up_to, state(trail).unsent) == ("Streaming", numbers[-1], 0)
    assert state(trail).last_sent == trail.clock.now()


async def test_sumo_logic_gets_lines_of_json(trail: Trail) -> None:
    async with collector() as sumo:
        configure(trail, "SumoLogic", f"{sumo.address}/receiver/v1/http/SECRETCODE==")
        async with streaming(trail) as stream:
            trail.tell("g")
            await stream.round()
    [one] = sumo.taken
    assert one.path == "/receiver/v1/http/SECRETCODE=="
    assert [json.loads(line)["Message"] for line in one.body.splitlines()][-1] == "g signed in"


async def test_a_collector_of_opentelemetry_gets_log_records(trail: Trail) -> None:
    async with collector(token=f"Bearer {TOKEN}") as otlp:
        configure(trail, "OpenTelemetry", f"{otlp.address}/v1/logs", HeaderName="Authorization")
        _set_token(trail, f"Bearer {TOKEN}")
        async with streaming(trail) as stream:
            trail.tell("g")
            await stream.round()
    [one] = otlp.taken
    assert (one.path, one.headers["content-type"]) == ("/v1/logs", "application/json")
    [logs] = json.loads(one.body)["resourceLogs"]
    assert {"key": "service.name", "value": {"stringValue": "polpo"}} in logs["resource"]["attributes"]
    [scope] = logs["scopeLogs"]
    records = scope["logRecords"][-2:]
    assert [record["body"]["stringValue"] for record in records] == ["Project group g was created", "g signed in"]
    assert int(records[0]["timeUnixNano"]) == int(trail.clock.now().timestamp()) * 10**9
    attributes = {one["key"]: one["value"] for one in records[0]["attributes"]}
    assert attributes["event.name"] == {"stringValue": "Created"}
    assert attributes["polpo.documents"]["arrayValue"]["values"][0] == {"stringValue": "ProjectGroups-7"}
    assert "DocumentContext" in attributes["polpo.change"]["stringValue"]
    assert attributes["polpo.hash"] != {"stringValue": trail.head.hash.hex()}


def _set_token(trail: Trail, token: str) -> None:
    def work(session: Session) -> None:
        stored = session.get(SECTIONS, "configuration-audit-stream")
        stored.secrets["/audit-stream.token"] = SensitiveValue(has_value=True, new_value=token)
        session.update(SECTIONS, stored)

    trail.database.write_now(work)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((503, "busy", ""), "Splunk answered 503 Said: busy"),
        ((429, "", "Retry-After: 40\r\n"), "Splunk answered 429 Said."),
        ((200, '{"text":"Incorrect index","code":7}', ""), "Splunk did not take the events: "),
        ((400, f"no token {TOKEN}", ""), "Splunk answered 400 Said: no token *****"),
        ((302, "", "Location: http://169.254.169.254/\r\n"), "Splunk answered 302 Said."),
        (None, "Splunk cannot be reached: "),
    ],
)
async def test_what_is_refused_is_sent_again_after_a_pause(
    trail: Trail, splunk: Collector, answer: tuple[int, str, str] | None, error: str
) -> None:
    configure(trail, "Splunk", splunk.address)
    splunk.answers = [answer]
    async with streaming(trail) as stream:
        trail.tell("g")
        await stream.round()
        failed = state(trail)
        assert (failed.state, (failed.last_error or "")[: len(error)]) == ("Failing", error)
        assert TOKEN not in (failed.last_error or "")
        await stream.round()
        assert len(splunk.asked) == 1
        trail.clock.moment += timedelta(seconds=41)
        await stream.round()

    assert [one["Message"] for one in splunk.splunk_events if "g" in one["Message"].split()[-3:]]
    assert splunk.asked[0].body == splunk.asked[1].body
    assert (state(trail).state, state(trail).unsent, state(trail).last_error) == ("Streaming", 0, None)


async def test_a_stream_that_stays_broken_pauses_longer_and_is_told_once(trail: Trail, splunk: Collector) -> None:
    configure(trail, "Splunk", splunk.address)
    splunk.token = "Splunk another"
    pauses = []
    async with streaming(trail) as stream:
        trail.tell("g")
        for _ in range(12):
            await stream.round()
            due = state(trail).next_attempt
            assert due is not None
            pauses.append((due - trail.clock.now()).total_seconds())
            trail.clock.moment = due
        assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900]
        assert told(trail, "AuditStreamFailing") == [
            'The audit stream does not get through: Splunk answered 401 Said: {"text":"Invalid token","code":4}'
        ]
        splunk.token = f"Splunk {TOKEN}"
        await stream.round()
        await stream.round()
    assert told(trail, "AuditStreamRecovered") == ["The audit stream gets through again"]
    assert [one["Category"] for one in splunk.splunk_events][-2:] == ["AuditStreamFailing", "AuditStreamRecovered"]


async def test_the_server_goes_nowhere_that_it_is_not_allowed_to(trail: Trail, splunk: Collector) -> None:
    configure(trail, "Splunk", splunk.address)
    async with streaming(trail, allowed="10.0.0.0/8") as stream:
        trail.tell("g")
        await stream.round()
    assert splunk.asked == []
    assert "127.0.0.1" in (state(trail).last_error or "")


async def test_a_paused_stream_goes_on_where_it_stood_and_one_that_is_off_begins_anew(
    trail: Trail, splunk: Collector
) -> None:
    configure(trail, "Splunk", splunk.address)
    async with streaming(trail) as stream:
        configure(trail, "Splunk", splunk.address, IsPaused=True)
        trail.tell("while paused")
        await stream.round()
        assert (state(trail).state, splunk.asked) == ("Paused", [])
        configure(trail, "Splunk", splunk.address)
        await stream.round()
        assert "while paused signed in" in [one["Message"] for one in splunk.splunk_events]
        configure(trail, "Splunk", splunk.address, IsEnabled=False)
        await stream.round()
        trail.tell("while off")
        await stream.round()
        assert state(trail).state == "Off"
        configure(trail, "Splunk", splunk.address)
        await stream.round()
        trail.tell("afterwards")
        await stream.round()
    messages = [one["Message"] for one in splunk.splunk_events]
    assert "while off signed in" not in messages
    assert messages[-1] == "afterwards signed in"


async def test_events_that_went_to_the_archive_meanwhile_are_sent_from_there(trail: Trail, splunk: Collector) -> None:
    configure(trail, "Splunk", splunk.address)
    async with streaming(trail) as stream:
        place(trail, 2)
        trail.clock.moment += timedelta(days=200)
        await trail.archive_meanwhile()
        await stream.round()
    numbers = [int(one["Id"].removeprefix("Events-")) for one in splunk.splunk_events]
    assert numbers == list(range(3, trail.head.seq + 1))
    assert splunk.splunk_events[0]["ChangeDetails"] is not None
    assert told(trail, "AuditStreamSkipped") == []


async def test_what_is_gone_is_left_out_and_told(trail: Trail, splunk: Collector) -> None:
    """A file that was deleted in order, one that is missing, and events that somebody removed."""
    configure(trail, "Splunk", splunk.address)
    trail.database.write_now(lambda session: forget_archive(session, CHAIN, OLD))
    (trail.folder / "events" / NEXT).unlink()
    async with streaming(trail) as stream:
        place(trail, 1)
        trail.change(lambda db: db.execute(sa.delete(event).where(event.c.seq == 10)))
        await stream.round()
        await stream.round()
    deleted = trail.clock.now().isoformat(timespec="milliseconds")
    assert told(trail, "AuditStreamSkipped") == [
        f"The audit stream left out Events-2 to Events-4: {OLD} was deleted at {deleted} by system",
        f"The audit stream left out Events-5 to Events-6: {NEXT} is not in the archive any more",
        "The audit stream left out Events-10: they are not in the trail any more",
    ]
    numbers = [int(one["Id"].removeprefix("Events-")) for one in splunk.splunk_events]
    assert numbers == [*range(7, 10), *range(11, trail.head.seq + 1)]


async def test_only_one_node_sends_and_another_takes_over_from_a_dead_one(trail: Trail, splunk: Collector) -> None:
    configure(trail, "Splunk", splunk.address)
    async with streaming(trail) as stream:
        trail.tell("g")
        await stream.round()
        other = sa.update(audit_stream).values(holder="another", held_until="2026-04-12T09:01:00.000+00:00")
        trail.change(lambda db: db.execute(other))
        trail.tell("h")
        await stream.round()
        assert "h signed in" not in [one["Message"] for one in splunk.splunk_events]
        trail.clock.moment += timedelta(minutes=2)
        await stream.round()
        assert "h signed in" in [one["Message"] for one in splunk.splunk_events]


async def test_batches_are_bounded_and_halved_where_they_are_too_large(trail: Trail, splunk: Collector) -> None:
    configure(trail, "Splunk", splunk.address)
    splunk.most = 60_000
    async with streaming(trail) as stream:
        await trail.database.write(_tell_many)
        await stream.round()
    assert state(trail).unsent == 0
    assert all(len(one.body) <= 60_000 for one in splunk.taken)
    messages = [one["Message"] for one in splunk.splunk_events]
    assert [one for one in messages if one.startswith("Attempt")] == [f"Attempt {n} {'x' * 500}" for n in range(250)]


def _tell_many(session: Session) -> None:
    for number in range(250):
        session.happened(_event(number))


def _event(number: int) -> Happening:
    return Happening("LoginFailed", f"Attempt {number} {'x' * 500}", None, "Users")


async def test_an_event_that_is_too_large_goes_without_its_details(trail: Trail, splunk: Collector) -> None:
    configure(trail, "Splunk", splunk.address)
    async with streaming(trail) as stream:
        large = ProjectGroup(name="g", slug="g", space_id="Spaces-1", description="x" * 600_000)
        await trail.database.write(lambda session: session.insert(PROJECT_GROUPS, large))
        await trail.database.write(lambda session: session.happened(_event(1)))
        await stream.round()
    sent, after = splunk.splunk_events[-2:]
    assert (sent["Message"], sent["ChangeDetails"], sent["IsTruncated"]) == ("Project group g was created", None, True)
    assert after["Message"].startswith("Attempt 1")


async def test_what_a_collector_rejects_for_good_is_told_and_not_sent_again(trail: Trail) -> None:
    async with collector() as otlp:
        configure(trail, "OpenTelemetry", f"{otlp.address}/v1/logs")
        otlp.answers = [(200, '{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}', "")]
        async with streaming(trail) as stream:
            trail.tell("g")
            await stream.round()
            await stream.round()
    [sentence] = told(trail, "AuditStreamSkipped")
    assert sentence.startswith("OpenTelemetry rejected 2 events for good: ")
    assert "too old" in sentence
    with trail.database.read() as session:
        assert head_of(session) is not None
    assert state(trail).unsent == 0


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"stream_type": "Splunk", "endpoint_url": "https://splunk.example"}, "Token must be the token of Splunk"),
        ({"stream_type": "Splunk", "token": "x"}, "EndpointUrl must be the address of Splunk."),
        ({"stream_type": "SumoLogic"}, "SumoLogicEndpointUrl must be"),
        ({"stream_type": "OpenTelemetry"}, "EndpointUrl must be the address of OpenTelemetry."),
        ({"endpoint_url": "file:///etc/passwd"}, "file:///etc/passwd"),
        ({"endpoint_url": "https://x.example", "header_name": "X-A\r\nHost"}, "HeaderName must be the name"),
        ({"endpoint_url": "https://x.example", "header_name": "Content-Length"}, "HeaderName must be the name"),
        ({"endpoint_url": "https://x.example", "token": "a\r\nb"}, "Token must be of printable"),
    ],
)
def test_a_stream_that_cannot_work_is_refused(values: dict[str, Any], sentence: str) -> None:
    if "token" in values:
        values = {**values, "token": SensitiveValue(has_value=True, new_value=values["token"])}
    with pytest.raises(Invalid) as refused:
        AUDIT_STREAM.settle(AuditStreamConfiguration(is_enabled=True, **values))
    assert sentence in refused.value.message
