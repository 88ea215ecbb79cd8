"""The bytes on the wire, without any connection."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polpo.halibut import bson
from polpo.halibut.contracts import (
    ScriptFile,
    ScriptIsolationLevel,
    ScriptTicket,
    StartScriptCommandV2,
)
from polpo.halibut.errors import PeerFailed, ProtocolBroken, ServiceFailed, ServiceNotFound
from polpo.halibut.inbox import Inbox, pack_message, parse_document
from polpo.halibut.messages import Failure, Request, Response, from_document, to_document
from polpo.halibut.streams import DataStream
from polpo.halibut.values import format_timespan, parse_timespan

GUID = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"Message": None}, "0e 00 00 00 0a 4d 65 73 73 61 67 65 00 00"),
        ({"g": GUID}, "1d 00 00 00 05 67 00 10 00 00 00 04 33 22 11 00 55 44 77 66 88 99 aa bb cc dd ee ff 00"),
        ({"n": 1}, "0c 00 00 00 10 6e 00 01 00 00 00 00"),
        ({"n": bson.Int64(1)}, "10 00 00 00 12 6e 00 01 00 00 00 00 00 00 00 00"),
        ({"s": "hé"}, "10 00 00 00 02 73 00 04 00 00 00 68 c3 a9 00 00"),
        ({"b": True}, "09 00 00 00 08 62 00 01 00"),
    ],
)
def test_values_have_the_bytes_of_json_net(document: dict, expected: str) -> None:
    assert bson.encode(document).hex(" ") == expected
    assert bson.decode(bytes.fromhex(expected)) == document


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=20).filter(lambda text: "\0" not in text)
    | st.binary(max_size=20)
    | st.uuids(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1, max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text("abcd", min_size=1, max_size=4), values, max_size=5))
@settings(max_examples=100, deadline=None)
def test_whatever_is_written_is_read_back(document: dict) -> None:
    assert bson.decode(bson.encode(document)) == document


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_garbage_is_refused_and_never_anything_else(garbage: bytes) -> None:
    try:
        bson.decode(garbage)
    except ProtocolBroken:
        return


def test_a_bottomless_document_is_refused() -> None:
    document: dict = {}
    for _ in range(100):
        document = {"a": document}
    with pytest.raises(ProtocolBroken, match="nests"):
        bson.decode(bson.encode(document))


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=5), "00:00:05"),
        (timedelta(milliseconds=2147483647), "24.20:31:23.6470000"),
        (timedelta(hours=-1), "-01:00:00"),
        (timedelta(), "00:00:00"),
    ],
)
def test_time_spans_are_written_as_dotnet_does(span: timedelta, text: str) -> None:
    assert format_timespan(span) == text
    assert parse_timespan(text) == span


def command() -> StartScriptCommandV2:
    return StartScriptCommandV2(
        ScriptTicket("abc"),
        "echo hi",
        "ServerTasks-1",
        timedelta(seconds=5),
        ScriptIsolationLevel.FULL_ISOLATION,
        files=(ScriptFile("a.txt", DataStream.of_bytes(b"123")),),
        arguments=("x",),
    )


def test_a_request_carries_types_first_and_streams_as_places() -> None:
    document, streams = to_document(Request("1", "IScriptServiceV2", "StartScript", (command(),)))
    sent = document["Message"]["params"][0]
    assert next(iter(sent.items())) == (
        "$type",
        "Octopus.Tentacle.Contracts.ScriptServiceV2.StartScriptCommandV2, Octopus.Tentacle.Contracts",
    )
    assert sent["ScriptTicket"] == {"TaskId": "abc"}
    assert sent["DurationToWaitForScriptToFinish"] == "00:00:05"
    assert sent["Files"][0]["Contents"] == {"id": streams[0].id, "length": 3}
    received, places = from_document(bson.decode(bson.encode(document)))
    assert isinstance(received, Request)
    arrived = received.params[0]
    assert (arrived.script_body, arrived.isolation, arrived.arguments) == ("echo hi", 1, ("x",))
    assert places[0].length == 3


def test_a_type_outside_the_contract_is_refused() -> None:
    body = {"$type": "Halibut.Transport.Protocol.RequestMessage, Halibut", "id": "1", "service": "a", "method": "b"}
    with pytest.raises(ProtocolBroken, match="not part of the contract"):
        from_document({"Message": {**body, "params": [{"$type": "System.Diagnostics.Process, System"}]}})


def test_two_messages_in_one_piece_are_told_apart_at_any_cut() -> None:
    first, _ = pack_message(Response("1", "one"))
    second, _ = pack_message(None)
    everything = first + second + b"NEXT\r\n"
    for cut in range(len(everything)):
        inbox = Inbox()
        inbox.feed(everything[:cut])
        units: list = []
        for _ in range(2):
            while len(units) < 2 and (document := inbox.take_document()) is not None:
                units.append(parse_document(document)[0])
            inbox.feed(everything[cut:])
            cut = len(everything)  # noqa: PLW2901 - the rest is fed once
        assert units == [Response("1", "one"), None]
        assert inbox.take_line() == "NEXT"


_EXCEPTIONS = "Halibut.Exceptions.{}HalibutClientException"
_THREW = "System.Reflection.TargetInvocationException: Exception has been thrown by the target of an invocation."


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (Failure("x", None, _EXCEPTIONS.format("ServiceNotFound")), ServiceNotFound),
        (Failure("x", None, _EXCEPTIONS.format("MethodNotFound")), ServiceNotFound),
        (Failure("x", None, _EXCEPTIONS.format("ServiceInvocation")), ServiceFailed),
        (Failure("Service not found: x", None, _EXCEPTIONS.format("ServiceInvocation")), ServiceFailed),
        (Failure("x", None, _EXCEPTIONS.format("NoMatchingServiceOrMethod")), ServiceFailed),
        (Failure("x", None, _EXCEPTIONS.format("AmbiguousMethodMatch")), ServiceFailed),
        (Failure("x", _THREW, "Halibut.Exceptions.OfTomorrow"), ServiceFailed),
        (Failure("Service not found: INope"), ServiceNotFound),
        (Failure("Service Files::Nope not found"), ServiceNotFound),
        (Failure("x", "System.Reflection.AmbiguousMatchException: y"), ServiceFailed),
        (Failure("x", f"{_THREW} ---> System.IO.IOException"), ServiceFailed),
        (Failure("x", f"before {_THREW}"), PeerFailed),
        (Failure("The remote host closed the connection"), PeerFailed),
        (Failure.unknown_service("INope"), ServiceNotFound),
        (Failure.unknown_method("Test", "X"), ServiceNotFound),
        (Failure.unfit_arguments("Test", "X", "too many"), ServiceFailed),
        (Failure.of_service("disk full"), ServiceFailed),
    ],
)
def test_what_an_error_means(failure: Failure, error: type) -> None:
    assert type(failure.as_error()) is error


def test_what_a_service_of_ours_threw_is_told_to_newer_and_older_servers() -> None:
    told, _ = to_document(Response("1", error=Failure.of_service("disk full")))
    assert told["Message"]["error"] == {
        "message": "disk full",
        "details": f"{_THREW}\ndisk full",
        "HalibutErrorType": _EXCEPTIONS.format("ServiceInvocation"),
    }


def status(**members: object) -> dict:
    name = "Octopus.Tentacle.Contracts.ScriptServiceV2.ScriptStatusResponseV2, Octopus.Tentacle.Contracts"
    known = {"Ticket": {"TaskId": "a"}, "State": 1, "ExitCode": 0, "Logs": [], "NextLogSequence": bson.Int64(0)}
    return {"$type": name, **known, **members}


def response(result: object = None, **members: object) -> dict:
    kind = "Halibut.Transport.Protocol.ResponseMessage, Halibut"
    return {"Message": {"$type": kind, "id": "1", "error": None, "result": result, **members}}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"Message": []}, "neither a request nor a response"),
        ({"Message": {"$type": "My.ResponseMessage, Halibut"}}, "unknown type"),
        (response(id=1), "'id' of a message is no text"),
        (response(error="x"), "error is no object"),
        (response(error={"message": 1}), "'message' of a message is no text"),
        (response({"no": "type"}), "not part of the contract"),
        (response(status(State=99)), "ScriptStatusResponseV2.State is a int"),
        (response(status(State="Running")), "ScriptStatusResponseV2.State is a str"),
        (response(status(State=True)), "ScriptStatusResponseV2.State is a bool"),
        (response(status(ExitCode="0")), "ScriptStatusResponseV2.ExitCode is a str"),
        (response(status(ExitCode=0.5)), "ScriptStatusResponseV2.ExitCode is a float"),
        (response(status(Logs="lines")), "ScriptStatusResponseV2.Logs is a str"),
        (response(status(Logs={"a": 1})), "ScriptStatusResponseV2.Logs is a dict"),
        (response(status(Logs=[1])), "ScriptStatusResponseV2.Logs is a int"),
        (response(status(Logs=[{"Text": "x"}])), "A ProcessOutput lacks a member"),
        (response(status(Ticket=None)), "ScriptStatusResponseV2.Ticket is a NoneType"),
        (response({"$type": "Halibut.DataStream, Halibut", "id": GUID, "length": -1}), "a negative length"),
        (response({"$type": "Halibut.DataStream, Halibut", "id": "x", "length": 1}), "without an id"),
    ],
)
def test_what_does_not_fit_the_contract_is_refused(document: dict, said: str) -> None:
    with pytest.raises(ProtocolBroken, match=said):
        from_document(document)


def test_unknown_members_and_other_cases_do_no_harm() -> None:
    given = status(Novelty=1) | {"nextLogSequence": 7}
    received, _ = from_document(response({key: item for key, item in given.items() if key != "NextLogSequence"}))
    assert isinstance(received, Response)
    assert received.result.next_log_sequence == 7


def test_dates_keep_their_milliseconds() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    assert bson.decode(bson.encode({"d": moment})) == {"d": moment}
