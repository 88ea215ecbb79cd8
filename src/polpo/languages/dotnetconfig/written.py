"""Nodes that know how they stood in the file, and trees as text again: what was not changed is written as it stood."""

from __future__ import annotations

import re
from typing import List, Optional

from polpo.languages.structured.xml_nodes import Attribute, Data, Document, Element, Node

_BREAK = re.compile("\r\n?|\n")
_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_IN_ATTRIBUTE = {**_IN_TEXT, "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}
_AROUND = {"cdata": ("<![CDATA[", "]]>"), "comment": ("<!--", "-->"), "doctype": ("", "")}


class WrittenAttribute(Attribute):
    """`before` are the blanks in front, `equals` the `=` with blanks around it, `written` the value without quotes."""

    __slots__ = ("before", "equals", "quote", "read", "written")

    def __init__(self, name: str, uri: str, value: str) -> None:
        super().__init__(name, uri, value)
        self.read = value
        self.before, self.equals, self.quote, self.written = " ", "=", '"', ""


class WrittenData(Data):
    """`written` is the whole node as it stood, marks and references included."""

    __slots__ = ("read", "written")

    def __init__(self, kind: str, data: str, target: str, written: str) -> None:
        super().__init__(kind, data, target)
        self.read = data
        self.written = written


class WrittenElement(Element):
    """`tail` are the blanks before the end of the start tag, `ending` the end tag as it stood."""

    __slots__ = ("ending", "tail")

    def __init__(self, name: str, uri: str = "") -> None:
        super().__init__(name, uri)
        self.tail = ""
        self.ending = ""


class WrittenDocument(Document):
    """`prologue` is the byte order mark and the XML declaration, as they stood; `line_break` the file's own."""

    __slots__ = ("line_break", "prologue")

    def __init__(self, prologue: str, line_break: str) -> None:
        super().__init__()
        self.prologue = prologue
        self.line_break = line_break


def text_of(document: WrittenDocument) -> str:
    parts = [document.prologue]
    for child in document.children:
        _write(child, parts, document.line_break)
    return "".join(parts)


def _write(node: Node, parts: List[str], line_break: str) -> None:
    if isinstance(node, Element):
        _write_element(node, parts, line_break)
    elif isinstance(node, WrittenData) and node.data == node.read:
        parts.append(node.written)
    elif isinstance(node, Data):
        parts.append(_BREAK.sub(line_break, _marked(node)))


def _marked(node: Data) -> str:
    if node.kind == "text":
        return "".join(_IN_TEXT.get(character, character) for character in node.data)
    if node.kind == "instruction":
        return f"<?{node.target} {node.data}?>" if node.data else f"<?{node.target}?>"
    opening, closing = _AROUND[node.kind]
    data = node.data.replace("]]>", "]]]]><![CDATA[>") if node.kind == "cdata" else node.data
    return opening + data + closing


def _write_element(element: Element, parts: List[str], line_break: str) -> None:
    parts.append(f"<{element.name}")
    margin = _margin_of_attributes(element)
    parts += [_attribute(one, margin) for one in element.attributes]
    opened_now = element.closed and bool(element.children)
    if isinstance(element, WrittenElement) and not opened_now:
        parts.append(element.tail)
    if not element.children and element.closed:
        parts.append("/>" if isinstance(element, WrittenElement) else " />")
        return
    parts.append(">")
    for child in element.children:
        _write(child, parts, line_break)
    ending = element.ending if isinstance(element, WrittenElement) else ""
    parts.append(ending or f"</{element.name}>")


def _margin_of_attributes(element: Element) -> str:
    """A new attribute gets a line of its own where the others have theirs."""
    last: Optional[WrittenAttribute] = None
    for one in element.attributes:
        last = one if isinstance(one, WrittenAttribute) else last
    return last.before if last is not None and "\n" in last.before else " "


def _attribute(attribute: Attribute, margin: str) -> str:
    if not isinstance(attribute, WrittenAttribute):
        return f'{margin}{attribute.name}="{_quotable(attribute.value, chr(34))}"'
    quote = attribute.quote
    same = attribute.value == attribute.read
    value = attribute.written if same else _quotable(attribute.value, quote)
    return f"{attribute.before}{attribute.name}{attribute.equals}{quote}{value}{quote}"


def _quotable(value: str, quote: str) -> str:
    escaped = "".join(_IN_ATTRIBUTE.get(character, character) for character in value)
    return escaped.replace(quote, "&quot;" if quote == '"' else "&apos;")
