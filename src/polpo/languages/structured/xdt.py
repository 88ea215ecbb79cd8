"""XML document transforms: one file that says how another is to be changed."""

from __future__ import annotations

import re
from typing import List, NamedTuple, Tuple

from polpo.languages.structured.results import NotReadable
from polpo.languages.structured.texts import common_break, read_text, write_text
from polpo.languages.structured.xdt_changes import TRANSFORMS, Step, TransformFailed, instruction, names_in, same_name
from polpo.languages.structured.xml_config import declared_encoding, with_declared_encoding
from polpo.languages.structured.xml_nodes import Document, Element, Node, parse_document
from polpo.languages.structured.xml_writing import write_document
from polpo.languages.structured.xpath import InvalidXPath, compile_xpath

__all__ = ["TransformFailed", "Transformed", "apply_transform"]

_CALL = re.compile(r"\s*(\w+)\s*(?:\((.*)\))?\s*", re.DOTALL)


class Transformed(NamedTuple):
    """The new bytes of the target, and what is to be warned of: transforms that matched nothing."""

    content: bytes
    warnings: List[str]


def apply_transform(target: bytes, transform: bytes, *, target_name: str, transform_name: str) -> Transformed:
    """Raises `TransformFailed`. Whether warnings fail the step is for the caller to decide."""
    text, encoding = read_text(target, declared_encoding(target))
    document = _parsed(text, target_name)
    instructions = _parsed(read_text(transform, declared_encoding(transform))[0], transform_name)
    run = _Run(document, transform_name)
    run.apply(instructions)
    line_break = common_break(text)
    changed = write_document(document, line_break, indent=False) + text[len(text.rstrip()) :]
    written = write_text(changed, encoding)
    if written.changed_encoding:
        return Transformed(with_declared_encoding(changed, "utf-8").encode("utf-8"), run.warnings)
    return Transformed(written.content, run.warnings)


def _parsed(text: str, name: str) -> Document:
    try:
        return parse_document(text, keep_blanks=True)
    except NotReadable as problem:
        raise TransformFailed(
            f"The configuration transform fails: {name} is not well-formed XML ({problem.message})."
        ) from problem


class _Run:
    """One transform of one document."""

    def __init__(self, document: Document, name: str) -> None:
        self.warnings: List[str] = []
        self._document = document
        self._name = name

    def apply(self, instructions: Document) -> None:
        root = instructions.root
        located = [self._document.root] if same_name(root, self._document.root) else []
        self._element(root, [self._document], located, f"/{root.name}")

    def _element(self, element: Element, parents: List[Element], located: List[Element], path: str) -> None:
        call = instruction(element, "Transform")
        if call is not None:
            name, argument = self._call(call)
            if name not in TRANSFORMS:
                raise TransformFailed(f"{self._name} asks for the transform '{name}' at {path}, which does not exist.")
            TRANSFORMS[name](Step(self._name, element, parents, located, argument, path, self.warnings, self._selected))
            located = [one for one in located if one.parent is not None]
        for child in element.elements():
            child_path = f"{path}/{child.name}"
            self._element(child, located, self._located(child, located, child_path), child_path)

    def _call(self, text: str) -> Tuple[str, str]:
        match = _CALL.fullmatch(text)
        if match is None:
            raise TransformFailed(f"{self._name} has '{text}' where a name belongs, with its arguments in brackets.")
        return match.group(1), match.group(2) or ""

    def _located(self, element: Element, parents: List[Element], path: str) -> List[Element]:
        locator = instruction(element, "Locator")
        candidates = [child for parent in parents for child in parent.elements() if same_name(element, child)]
        if locator is None:
            return candidates
        name, argument = self._call(locator)
        if name == "Match":
            keys = names_in(argument)
            return [one for one in candidates if all(one.value_of(key) == element.value_of(key) for key in keys)]
        if name == "Condition":
            return [one for one in candidates if self._select(f"self::node()[{argument}]", one, element)]
        if name == "XPath":
            return self._selected(argument, parents, element)
        raise TransformFailed(f"{self._name} asks for the locator '{name}' at {path}, which does not exist.")

    def _selected(self, xpath: str, parents: List[Element], context: Element) -> List[Element]:
        """Elements by an XPath from the top, or from each parent."""
        starts = [self._document] if xpath.startswith("/") else parents
        found = [node for start in starts for node in self._select(xpath, start, context)]
        return [node for node in found if isinstance(node, Element)]

    def _select(self, xpath: str, node: Element, context: Element) -> List[Node]:
        try:
            return compile_xpath(xpath, context.namespaces()).select(node)
        except InvalidXPath as problem:
            raise TransformFailed(f"{self._name} cannot be applied: {problem.message}") from problem
