"""What a console makes of output: lines, levels, values, and messages that arrive in pieces."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from polpo.engine import Masker
from polpo.halibut.contracts import ProcessOutput, ProcessOutputSource
from polpo.steps.console import Console, ConsoleState, OutputValue

AT = datetime(2026, 1, 1, tzinfo=UTC)


class Node:
    def line(self, category: str, text: str, _occurred: datetime | None = None) -> tuple[str, str]:
        return category, text


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def console() -> Console:
    node: Any = Node()
    return Console(node, Masker())


def said(*texts: str, source: ProcessOutputSource = ProcessOutputSource.STDOUT) -> list[ProcessOutput]:
    return [ProcessOutput(source, AT, text) for text in texts]


SET = f"##octopus[setVariable name='{b64('Url')}' value='{b64('http://web-1/')}' sensitive='{b64('True')}']"


@pytest.mark.parametrize("cut", [SET.index("value='") + 9, SET.index(" value"), SET.index("]"), SET.index("sens")])
def test_message_that_arrives_in_pieces_is_obeyed(cut: int) -> None:
    """A long value comes in several lines; printed as text it would show a secret in base64."""
    reader = console()
    lines = reader.read(said("before", SET[:cut], SET[cut:].lstrip(), "after"), 4)
    assert lines == [("Info", "before"), ("Verbose", "The output variable Url was set."), ("Info", "after")]
    assert reader.state.outputs == {"Url": OutputValue("http://web-1/", is_sensitive=True)}


def test_piece_of_a_message_is_kept_with_the_position() -> None:
    """A server that dies between the pieces goes on with the second one."""
    first, second = console(), console()
    assert first.read(said(SET[:60]), 1) == []
    second.restore(msgspec.json.decode(msgspec.json.encode(first.state), type=ConsoleState))
    second.read(said(SET[60:]), 2)
    assert second.state.outputs["Url"].value == "http://web-1/"
    assert second.finish() == []


def test_what_only_looks_like_a_message_is_printed_line_by_line() -> None:
    reader = console()
    texts = ["##octopus[note text='abc", "it's no message", "##octopus[note text='abc"]
    lines = [*reader.read(said(*texts), 3), *reader.finish()]
    assert [text for _, text in lines] == texts
    assert reader.finish() == []


def test_streams_do_not_mix_in_a_message() -> None:
    reader = console()
    outputs = [*said(SET[:60]), *said("oh no", source=ProcessOutputSource.STDERR), *said(SET[60:])]
    assert [text for _, text in reader.read(outputs, 3)] == ["oh no", "The output variable Url was set."]


def test_message_without_end_does_not_grow_for_ever() -> None:
    reader = console()
    lines = reader.read(said("##octopus[note text='abc", *["x" * 10] * 400), 401)
    assert len(lines) == 401
    assert reader.state.held == {}
