"""Service messages in a stream of output, however it is cut into pieces."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polpo.runner.messages import Scanner, ServiceMessage, compose, parse

MESSAGE = compose("setVariable", {"name": "Url", "value": "http://x/ ]' ü\n"})


def scanned(stream: str, *chunks: bytes) -> tuple[Scanner, list[ServiceMessage]]:
    found: list[ServiceMessage] = []
    scanner = Scanner(stream, found.append)
    for chunk in chunks:
        scanner.feed(chunk)
    return scanner, found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MESSAGE, [("setvariable", {"name": "Url", "value": "http://x/ ]' ü\n"})]),
        (f"before {MESSAGE}{MESSAGE} after", [("setvariable", {"name": "Url", "value": "http://x/ ]' ü\n"})] * 2),
        ("##octopus[stdout-verbose]", [("stdout-verbose", {})]),
        ("##octopus[x A='YQ==' b=\"Yg==\"]", [("x", {"a": "a", "b": "b"})]),
        ("##octopus[x  a = 'YQ==' ]", [("x", {"a": "a"})]),
        ("##octopus[]", []),
        ("##octopus[ ]", []),
        ("##octopus[x a='no base64!']", []),
        ("##octopus[x a='//8=']", []),
        ("##octopus[x nonsense]", []),
        ("##octopus[x a='YQ=='", []),
        (f"##octopus[broken a=]{MESSAGE}", [("setvariable", {"name": "Url", "value": "http://x/ ]' ü\n"})]),
        ("##########octopus[y]", [("y", {})]),
    ],
)
def test_a_stream_gives_its_messages_and_takes_the_rest_for_text(
    text: str, expected: list[tuple[str, dict[str, str]]]
) -> None:
    whole = scanned("stdout", text.encode())[1]
    by_byte = scanned("stdout", *(bytes([byte]) for byte in text.encode()))[1]
    assert [tuple(one) for one in whole] == expected
    assert by_byte == whole


@given(
    st.lists(st.one_of(st.binary(max_size=8), st.sampled_from([MESSAGE.encode(), b"##octopus[", b"]", b"#"]))),
    st.lists(st.integers(0, 400), max_size=6),
)
def test_where_the_stream_is_cut_makes_no_difference(pieces: list[bytes], cuts: list[int]) -> None:
    data = b"".join(pieces)
    at = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    parts = [data[start:end] for start, end in pairwise(at)]
    assert scanned("stdout", *parts)[1] == scanned("stdout", data)[1]


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9]*", fullmatch=True), st.text(st.characters(codec="utf-8"))))
def test_a_composed_message_is_read_back(attributes: dict[str, str]) -> None:
    text = compose("some-message", attributes)
    assert parse(text.removeprefix("##octopus[").removesuffix("]").encode()) == ("some-message", attributes)


@pytest.mark.parametrize(
    ("text", "has_errors", "level"),
    [
        ("", False, "default"),
        ("  \n", False, "default"),
        ("trouble\n", True, "default"),
        ("##octopus[stderr-progress]\n10%\n", False, "progress"),
        ("##octopus[stderr-progress]\n10%\n##octopus[stderr-default]\n", False, "default"),
        ("##octopus[stderr-progress]\n10%\n##octopus[stderr-default]\nx", True, "default"),
        ("##octopus[stderr-ignore]x##octopus[stderr-error]", False, "error"),
        ("##octopus[stdout-verbose]\nx", True, "default"),
    ],
)
def test_a_stream_knows_its_level_and_whether_errors_were_written(text: str, has_errors: bool, level: str) -> None:
    scanner, _ = scanned("stderr", text.encode())
    assert (scanner.has_text, scanner.level) == (has_errors, level)
