"""XML document transforms (XDT): one file that says how another is to be changed."""

from __future__ import annotations

from typing import List, NamedTuple

from polpo.languages.dotnetconfig.changes import Change
from polpo.languages.dotnetconfig.locators import NAMESPACE, Place, Refused, call_in, instruction
from polpo.languages.dotnetconfig.reading import read
from polpo.languages.dotnetconfig.written import WrittenDocument, text_of
from polpo.languages.structured.results import NotReadable
from polpo.languages.structured.xml_nodes import Document, Element


class Transformed(NamedTuple):
    """The new text; what the transform asked for in vain; what it asked for that is not possible.

    An error does not keep other instructions from being followed. Whether any of it fails a step is for the caller.
    """

    text: str
    warnings: List[str]
    errors: List[str]


def transform(source: str, transformation: str) -> Transformed:
    """What no instruction touches keeps every character.

    A text that is not well-formed is an error, and the source stays as it is; so it does without instructions.
    """
    try:
        document = read(source)
    except NotReadable as problem:
        return Transformed(source, [], [f"The file is not well-formed XML, or not safe: {problem.message}."])
    try:
        instructions = read(transformation)
    except NotReadable as problem:
        return Transformed(source, [], [f"The transform is not well-formed XML, or not safe: {problem.message}."])
    run = _Run(document)
    run.follow(instructions)
    return Transformed(text_of(document), run.warnings, run.errors)


class _Run:
    def __init__(self, document: WrittenDocument) -> None:
        self.warnings: List[str] = []
        self.errors: List[str] = []
        self._document = document

    def follow(self, instructions: Document) -> None:
        self._check_commands(instructions)
        waiting = [Place(instructions.root, None, self._document)]
        while waiting:
            place = waiting.pop()
            self._change(place)
            waiting += [Place(child, place, self._document) for child in reversed(place.element.elements())]
        if not self._document.elements():
            self.warnings.append("Nothing is left of the file: the transform removes the element at its top.")

    def _check_commands(self, instructions: Document) -> None:
        """Elements of the transform's own namespace; the one that exists loads .NET code, which cannot run here."""
        for node in instructions.walk():
            if isinstance(node, Element) and node.uri == NAMESPACE:
                reason = (
                    "it loads transforms written for .NET, which cannot run here"
                    if node.local == "Import"
                    else "there is no such command"
                )
                self.warnings.append(f"<{node.name}> is left out: {reason}.")

    def _change(self, place: Place) -> None:
        element = place.element
        told = len(self.warnings)
        try:
            call = call_in(element, "Transform")
            if call is not None:
                Change(element, place, call, self.warnings.append).apply()
        except Refused as problem:
            self.errors.append(f"{place.path()}: {problem.message}")
        # The name is misspelt in the language itself.
        if (instruction(element, "SupressWarnings") or "").strip().lower() in ("true", "1"):
            del self.warnings[told:]
