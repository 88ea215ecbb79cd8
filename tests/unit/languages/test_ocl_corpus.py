"""Real files of version-controlled projects, where the collection is at hand: it is not part of the project."""

import json
from pathlib import Path
from typing import Any

import pytest

from polpo.languages.ocl import from_plain, parse, to_plain, write

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "conformance" / "ocl_corpus.json"


def cases() -> list[dict[str, Any]]:
    return json.loads(CORPUS.read_text("utf-8")) if CORPUS.exists() else []  # type: ignore[no-any-return]


@pytest.mark.skipif(not CORPUS.exists(), reason="the collection of public OCL files is not beside the project")
def test_corpus_is_read_and_written_as_expected() -> None:
    wrong = [case["id"] for case in cases() if outcome(case) != case["expected"]]
    assert wrong == []
    assert len(cases()) > 90


def outcome(case: dict[str, Any]) -> object:
    if case["kind"] == "parse":
        return to_plain(parse(case["ocl"]))
    if case["kind"] == "roundtrip":
        return write(parse(case["ocl"]))
    return write(from_plain(case["structure"]))
