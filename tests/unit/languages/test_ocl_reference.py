"""The examples of the reference page: they are read, written, run and refused as the page says."""

import doctest
import re
from pathlib import Path

import pytest

from polpo.languages.ocl import OclSyntaxError, parse, to_plain, write

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "ocl.md"
TEXT = PAGE.read_text("utf-8")
FENCES = re.findall(r"^```(\w+)( loose)?\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
CANONICAL = [body for language, loose, body in FENCES if language == "ocl" and not loose]
LOOSE = [body for language, loose, body in FENCES if language == "ocl" and loose]
WRONG = re.findall(r"^\| `(.+)` \| (.+\(line \d+, column \d+\)\.) \|$", TEXT, re.MULTILINE)


@pytest.mark.parametrize("example", CANONICAL)
def test_example_stands_in_the_form_that_is_written(example: str) -> None:
    assert write(parse(example)) == example.removesuffix("\n")


@pytest.mark.parametrize("example", LOOSE)
def test_loose_example_is_read_and_written_in_another_form(example: str) -> None:
    document = parse(example)
    assert document.body
    assert write(document) != example
    assert to_plain(parse(write(document))) == to_plain(document)


@pytest.mark.parametrize(("example", "answer"), WRONG)
def test_wrong_example_is_refused_in_these_words(example: str, answer: str) -> None:
    with pytest.raises(OclSyntaxError) as caught:
        parse(example)
    assert caught.value.message == answer


def test_page_has_examples_of_every_kind() -> None:
    assert len(CANONICAL) == 4
    assert len(LOOSE) == 2
    assert len(WRONG) == 7


def test_python_examples_print_what_the_page_says() -> None:
    code = "\n".join(body for language, _, body in FENCES if language == "python")
    example = doctest.DocTestParser().get_doctest(code, {}, "ocl.md", str(PAGE), 0)
    report: list[str] = []
    results = doctest.DocTestRunner().run(example, out=report.append)
    assert (results.failed, results.attempted > 5) == (0, True), "".join(report)
