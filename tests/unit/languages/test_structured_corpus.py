"""Files that Octopus rewrites in its public tests, where the collection is at hand: it is not part of the project."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from polpo.languages.structured.properties import pairs, replace_values
from polpo.languages.structured.replace import replace_in_format, replace_variables
from polpo.languages.structured.results import Messages, NotReadable, ReplacementFailed
from polpo.languages.structured.texts import read_text
from polpo.languages.structured.yaml_nodes import placed_nodes
from polpo.languages.structured.yaml_reading import read_nodes
from polpo.languages.substitution import VariableDictionary

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "conformance" / "structured_config.json"
NAMES = {"json": "Json", "yaml": "Yaml", "xml": "Xml", "properties": "Properties"}
NO_BREAKS_NO_MARK = {"\r\n": "\n", "\ufeff": ""}

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the collection of public cases is not beside the project")


def cases() -> list[dict[str, Any]]:
    return json.loads(CORPUS.read_text("utf-8")) if CORPUS.exists() else []  # type: ignore[no-any-return]


def plain(text: str) -> str:
    """Line breaks, marks and the end of the file are not compared in the original's tests either."""
    for old, new in NO_BREAKS_NO_MARK.items():
        text = text.replace(old, new)
    return text.rstrip("\n")


def outcome(case: dict[str, Any]) -> tuple[object, object]:
    """What is and what should be."""
    content = base64.b64decode(case["input_b64"]) if "input_b64" in case else case["input_text"].encode()
    variables = VariableDictionary(case.get("variables", {}).items())
    kind = case["kind"]
    if kind == "yaml_paths":
        found = [
            [one.path, one.node.value]
            for root in read_nodes(case["input_text"])
            for one in placed_nodes(root)
            if one.node.kind == "scalar"
        ]
        return found, case["expected"]
    if kind == "properties_pairs":
        return properties_outcome(content.decode(), case)
    if kind == "properties_replace_exact_keys":
        return plain(replace_values(content.decode(), case["variables"].get)), plain(case["expected_text"])
    messages = Messages()
    try:
        if kind == "dispatch":
            replaced = replace_variables(
                case["file_name"], content, variables, json_only=bool(case.get("json_only_fallback"))
            )
            new, told = replaced.content, [message.text for message in replaced.messages]
        else:
            new, _ = replace_in_format(NAMES[case["format"]], content, variables, messages)
            told = [message.text for message in messages.told]
    except (NotReadable, ReplacementFailed) as problem:
        return failure_outcome(str(problem), case)
    return content_outcome(new, told, case)


def properties_outcome(text: str, case: dict[str, Any]) -> tuple[object, object]:
    wanted = [tuple(pair) for pair in case["expected"]]
    left_out = "\r" if case.get("strip_cr") else "\0"
    found = [(key.replace(left_out, ""), value.replace(left_out, "")) for key, value in pairs(text)]
    if case.get("subset"):
        return [pair for pair in wanted if pair not in found], []
    return found, wanted


def failure_outcome(problem: str, case: dict[str, Any]) -> tuple[object, object]:
    patterns = case.get("message_regex", [])
    missing = [pattern for pattern in patterns if not re.search(pattern, problem)]
    contained = case.get("message_contains", "") in problem
    return (True, missing, contained), (case.get("expected_error", False), [], True)


def content_outcome(new: bytes, told: list[str], case: dict[str, Any]) -> tuple[object, object]:
    if case.get("expected_error"):
        return "no error", "an error"
    if case.get("compare") == "message":
        return case["expected_message"] in told, True
    if case.get("compare") == "bytes":
        wanted = base64.b64decode(case["expected_b64"])
        return new.rstrip(b"\r\n\0"), wanted.rstrip(b"\r\n\0")
    return plain(read_text(new)[0]), plain(case["expected_text"])


def test_public_cases_come_out_as_in_octopus() -> None:
    wrong = []
    for case in cases():
        found, wanted = outcome(case)
        if found != wanted:
            wrong.append((case["id"], found, wanted))
    assert wrong == []
    assert len(cases()) > 180
