"""What no source of Polpo may do, found in the sources themselves."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import polpo
from polpo.languages.dotnetconfig.reading import read as read_configuration
from polpo.languages.structured.results import NotReadable
from polpo.languages.structured.xml_nodes import parse_document

SOURCES = Path(polpo.__file__).parent

#: Modules that make objects of whatever they are given, or read XML with all its traps.
MODULES = {"pickle", "_pickle", "cPickle", "marshal", "shelve", "dill", "jsonpickle", "xmlrpc", "telnetlib", "ftplib"}
#: Functions that run text, by their full names.
CALLS = {"eval", "exec", "os.system", "os.popen", "yaml.load", "yaml.unsafe_load", "tempfile.mktemp", "__import__"}
#: XML is read by expat with handlers that refuse entities.
XML = ("xml.etree", "xml.dom", "xml.sax", "lxml")

#: Only files with one of these words are looked at closely.
WORDS = re.compile(
    r"pickle|marshal|shelve|dill|xml|telnet|ftp|\beval\(|\bexec\(|os\.system|popen|yaml|mktemp|__import__|shell="
)

#: Where one of these is right, and why.
ALLOWED = {
    ("runner/journal.py", "xml.etree.ElementTree"): "the machine's own journal, which only the runner writes",
}


def uses(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
        elif isinstance(node, ast.Call):
            yield f"{ast.unparse(node.func)}()", node.lineno
            if any(word.arg == "shell" and ast.unparse(word.value) != "False" for word in node.keywords):
                yield "shell=True", node.lineno


def is_banned(use: str) -> bool:
    if use.endswith("()"):
        return use[:-2] in CALLS
    return use == "shell=True" or use.split(".", maxsplit=1)[0] in MODULES or use.startswith(XML)


def test_no_source_makes_objects_or_code_of_data() -> None:
    found, excused = [], set()
    for path in sorted(SOURCES.rglob("*.py")):
        if "portal/dist" in path.as_posix():
            continue
        place = path.relative_to(SOURCES).as_posix()
        text = path.read_text()
        for use, line in uses(ast.parse(text if WORDS.search(text) else "")):
            if not is_banned(use):
                continue
            if (place, use.removesuffix("()")) in ALLOWED:
                excused.add((place, use.removesuffix("()")))
            else:
                found.append(f"{place}:{line} uses {use}")
    assert found == []
    assert excused == ALLOWED.keys(), "an excuse that nothing needs is to be removed"


def test_every_reader_of_xml_refuses_entities() -> None:
    """expat keeps entities from growing without end; ours are refused before that, wherever a parser is made."""
    for path in sorted(SOURCES.rglob("*.py")):
        text = path.read_text() if "portal/dist" not in path.as_posix() else ""
        if "expat.ParserCreate" in text:
            assert "StartDoctypeDeclHandler" in text, path


def test_a_bomb_of_entities_does_not_go_off() -> None:
    pairs = itertools.pairwise("abcdefghij")
    entities = "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairs)
    bomb = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "laugh">{entities}]><a>&j;</a>'
    for read in (parse_document, read_configuration):
        with pytest.raises(NotReadable):
            read(bomb)
