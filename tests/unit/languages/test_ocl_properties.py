"""What holds for every document and every text."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from polpo.languages.ocl import Attribute, Block, Document, Heredoc, OclSyntaxError, from_plain, parse, to_plain, write

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of the code."""
TEXTS = st.text(
    st.one_of(st.sampled_from('ab \t\r\n"\\}{=<-E.'), st.characters(exclude_categories=["Cs"])), max_size=12
)
LINES = st.lists(st.sampled_from(["", " ", "EOT", "  EOT ", "a", "  b", "\tc", "}", "\r"]), max_size=6).map("\n".join)
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}", fullmatch=True)
INTEGERS = st.integers(-(2**31), 2**31 - 1)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9)
LITERALS = st.one_of(
    st.none(),
    st.booleans(),
    INTEGERS,
    DECIMALS,
    TEXTS,
    LINES,
    st.builds(Heredoc, LINES, st.sampled_from(["EOT", "X", "!"]), st.booleans()),
    st.lists(TEXTS, max_size=3),
    st.lists(INTEGERS, max_size=3),
    st.lists(DECIMALS, max_size=3),
)
KEYS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6) | st.sampled_from(
    ["}", "=", "a b", "}a", '"']
)
ATTRIBUTES = st.builds(Attribute, NAMES, LITERALS | st.dictionaries(KEYS, LITERALS, max_size=4))
ELEMENTS = st.recursive(
    ATTRIBUTES,
    lambda inner: st.builds(Block, NAMES, st.lists(TEXTS, max_size=2), st.lists(inner, max_size=4)),
    max_leaves=12,
)
DOCUMENTS = st.builds(Document, st.lists(ELEMENTS, max_size=5))
FRAGMENTS = [
    "a",
    "_",
    "1",
    "-",
    ".",
    "=",
    " ",
    "\t",
    "\n",
    "\r\n",
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    "<<",
    "<<-",
    "E",
]
FRAGMENTS += ["null", "true", "\n E\n", ' = "x"', "b {\n", "k = ", "\u00a0", "\ufeff", "٣", "é", "\U0001d49c"]
SOUP = st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join)


def meaning(value: object) -> object:
    """How a text is written does not matter, and what a heredoc cannot hold is written as a quoted text."""
    if isinstance(value, Heredoc):
        return value.text
    if isinstance(value, dict):
        return {key: meaning(item) for key, item in value.items()}
    return value


def meanings(body: list[Attribute | Block]) -> list[object]:
    return [
        (element.name, meaning(element.value))
        if isinstance(element, Attribute)
        else (element.name, element.labels, meanings(element.body))
        for element in body
    ]


@given(DOCUMENTS, st.sampled_from(["\n", "\r\n"]))
@CALM
def test_document_reads_back_as_it_was_written(document: Document, line_break: str) -> None:
    assert meanings(parse(write(document, line_break=line_break)).body) == meanings(document.body)


@given(DOCUMENTS)
@CALM
def test_written_text_stays_as_it_is(document: Document) -> None:
    text = write(document)
    assert write(parse(text)) == text


def read(text: str) -> Document | OclSyntaxError:
    try:
        return parse(text)
    except OclSyntaxError as error:
        return error


@given(SOUP)
@settings(CALM, max_examples=600)
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    outcome = read(text)
    if isinstance(outcome, Document):
        assert write(parse(write(outcome))) == write(outcome)
    else:
        assert outcome.line is not None
        assert 1 <= outcome.line <= text.count("\n") + 1


@given(DOCUMENTS)
@CALM
def test_plain_form_says_all_but_the_kind_of_numbers(document: Document) -> None:
    plain = to_plain(document)
    assert to_plain(from_plain(plain)) == plain
    if not any(isinstance(element, Block) or isinstance(element.value, Decimal | dict | list) for element in document):
        assert from_plain(plain) == document


LONG = 100_000
HOSTILE = {
    "open blocks": "a {\n" * (LONG // 4),
    "braces": "{" * LONG,
    "open lists": "a = " + "[" * LONG,
    "open text": 'a = "' + "x" * LONG,
    "escapes": 'a = "' + "\\\\" * (LONG // 2),
    "heredocs with a tag each": "".join(f"a = <<T{number}\n x\nT{number}\n" for number in range(LONG // 20)),
    "heredoc of blank lines": "a = <<-E\n" + " \n" * (LONG // 2),
    "almost closing tags": "a = <<E\n" + "E E\n" * (LONG // 4),
    "blanks": "a = <<E\n" + " " * LONG + "\n" + "\t" * LONG,
    "blanks before nothing": "a" + " " * LONG,
    "digits": "a = " + "9" * LONG,
    "decimals": "a = " + "9" * LONG + "." + "9" * LONG,
    "empty dictionaries": "a = {}\n" * (LONG // 7),
    "dictionaries in a row": "a = {}b = {}" * (LONG // 12),
    "keys that close": "a = {\n" + "".join(f"}}k{number} = 1\n" for number in range(LONG // 12)),
    "labels": "a " + '"x" ' * (LONG // 4),
    "names": "a" * LONG,
    "letters beyond ASCII": "é" * LONG,
    "attributes on one line": "a = 1 " * (LONG // 6),
    "commas": "a = [" + "1," * (LONG // 2),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_long_text_is_read_or_refused_in_few_words(kind: str) -> None:
    """With a step that takes the square of the length, these would not end in a sensible time."""
    outcome = read(HOSTILE[kind])
    assert isinstance(outcome, Document) or len(outcome.message) < 500
