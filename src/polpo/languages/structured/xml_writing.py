"""XML trees as text."""

from __future__ import annotations

import re
from typing import Dict, List, Tuple

from polpo.languages.structured.xml_nodes import Data, Document, Element, Node

_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_IN_ATTRIBUTE = {**_IN_TEXT, '"': "&quot;", "\n": "&#xA;", "\r": "&#xD;", "\t": "&#x9;"}
_DATA: Dict[str, Tuple[str, str]] = {"cdata": ("<![CDATA[", "]]>"), "comment": ("<!--", "-->"), "doctype": ("", "")}


def write_document(document: Document, line_break: str = "\n", *, indent: bool = True) -> str:
    """With `indent`, two blanks a level except inside mixed content; without, as the tree is."""
    writer = _Writer(line_break, indent=indent)
    if document.declaration is not None:
        pairs = "".join(f' {name}="{value}"' for name, value in document.declaration)
        writer.parts.append(f"<?xml{pairs}?>")
    for child in document.children:
        if writer.parts and not indent:
            writer.parts.append(line_break)
        writer.write(child, 0, mixed=False)
    return "".join(writer.parts)


class _Writer:
    def __init__(self, line_break: str, *, indent: bool) -> None:
        self.parts: List[str] = []
        self._break = line_break
        self._indent = indent

    def write(self, node: Node, level: int, *, mixed: bool) -> None:
        if isinstance(node, Element):
            self._new_line(level, mixed=mixed)
            self._element(node, level, mixed=mixed)
        elif isinstance(node, Data) and node.kind == "text":
            self.parts.append(self._breaks("".join(_IN_TEXT.get(character, character) for character in node.data)))
        elif isinstance(node, Data):
            if node.kind != "cdata":
                self._new_line(level, mixed=mixed)
            opening, closing = _DATA.get(node.kind, (f"<?{node.target} " if node.data else f"<?{node.target}", "?>"))
            data = node.data.replace("]]>", "]]]]><![CDATA[>") if node.kind == "cdata" else node.data
            self.parts.append(self._breaks(opening + data + closing))

    def _new_line(self, level: int, *, mixed: bool) -> None:
        if self._indent and not mixed and self.parts:
            self.parts.append(self._break + "  " * level)

    def _breaks(self, text: str) -> str:
        return re.sub("\r\n?|\n", self._break, text)

    def _element(self, element: Element, level: int, *, mixed: bool) -> None:
        attributes = "".join(f' {one.name}="{_attribute(one.value)}"' for one in element.attributes)
        if not element.children and element.closed:
            self.parts.append(f"<{element.name}{attributes} />")
            return
        self.parts.append(f"<{element.name}{attributes}>")
        for child in element.children:
            mixed = mixed or (isinstance(child, Data) and child.kind in ("text", "cdata"))
            self.write(child, level + 1, mixed=mixed)
        if element.children:
            self._new_line(level, mixed=mixed)
        self.parts.append(f"</{element.name}>")


def _attribute(value: str) -> str:
    return "".join(_IN_ATTRIBUTE.get(character, character) for character in value)
