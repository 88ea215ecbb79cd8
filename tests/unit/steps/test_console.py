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


STDERR = ProcessOutputSource.STDERR
DEBUG = ProcessOutputSource.DEBUG


@pytest.mark.parametrize(
    ("message", "stdout", "stderr"),
    [
        ("", "Info", "Error"),
        ("stdout-default", "Info", "Error"),
        ("stdout-verbose", "Verbose", "Error"),
        ("stdout-warning", "Warning", "Error"),
        ("stdout-error", "Error", "Error"),
        ("stdout-highlight", "Highlight", "Error"),
        ("STDOUT-Wait", "Wait", "Error"),
        ("stdout-ignore", None, "Error"),
        ("stderr-default", "Info", "Error"),
        ("stderr-error", "Info", "Error"),
        ("stderr-progress", "Info", "Verbose"),
        ("stderr-ignore", "Info", None),
        ("stdout-purple", "Info", "Error"),
    ],
)
def test_levels_hold_for_the_lines_that_follow(message: str, stdout: str | None, stderr: str | None) -> None:
    reader = console()
    lines: Any = reader.read(said(*([f"##octopus[{message}]"] if message else []), "out"), 2)
    lines += reader.read(said("err", source=STDERR), 3)
    lines += reader.read(said("debug", source=DEBUG), 4)
    expected = [(stdout, "out"), (stderr, "err"), ("Verbose", "debug")]
    assert lines == [(category, text) for category, text in expected if category]
    assert reader.state.has_warnings is bool({stdout, stderr} & {"Warning", "Error"})


@pytest.mark.parametrize("name", ["k8s-manifest-applied", "calamari-timed-operation", "package-retention"])
def test_messages_that_nobody_reads_are_not_kept(name: str) -> None:
    """They can be large and many, and what is kept is written with every position."""
    reader = console()
    assert reader.read(said(f"##octopus[{name} manifest='{b64('x')}']"), 1) == []
    assert reader.state.found == []


@pytest.mark.parametrize(
    ("message", "hidden"),
    [
        (f"create-tokenaccount name='{b64('n')}' token='{b64('t0k3n')}'", ["t0k3n"]),
        (f"create-azureaccount azPassword='{b64('p4ss')}'", ["p4ss"]),
        (f"set-environmentstate key='{b64('k')}' value='{b64('v4lue')}' sensitive='{b64('True')}'", ["v4lue"]),
        (f"set-environmentstate key='{b64('k')}' value='{b64('v4lue')}'", []),
        (f"mask value='{b64('m4sk')}'", ["m4sk"]),
    ],
)
def test_secrets_of_messages_are_hidden_from_there_on(message: str, hidden: list[str]) -> None:
    reader = console()
    reader.read(said(f"##octopus[{message}]"), 1)
    assert reader.state.masks == hidden


@pytest.mark.parametrize(
    "line",
    [
        "##octopus[setVariable name='not base64!' value='eA==']",
        "##octopus[setVariable name=unquoted]",
        "##octopus[",
        "##octopus[]",
        "##octopus",
    ],
)
def test_broken_message_is_text(line: str) -> None:
    reader = console()
    assert [*reader.read(said(line), 1), *reader.finish()] == [("Info", line)]
    assert reader.state.outputs == {}
