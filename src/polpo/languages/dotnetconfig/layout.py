"""Where elements come and go: with line breaks and indentation as their neighbours have them."""

from __future__ import annotations

from typing import List, Optional, Tuple

from polpo.languages.structured.xml_nodes import Data, Document, Element, Node

_UNIT = "  "


def append(parent: Element, new: Element) -> None:
    """As the last child."""
    indent = _indent_below(parent)
    indent_inside(new, indent, parent)
    last = parent.children[-1] if parent.children else None
    place = len(parent.children) - 1 if last is not None and _is_blank(last) else len(parent.children)
    nodes: List[Node] = [new]
    if indent is not None:
        nodes.insert(0, _line(indent))
        if last is None:
            nodes.append(_line(_indent_of(parent) or ""))
    _insert(parent, place, nodes)


def insert_before(sibling: Element, new: Element) -> None:
    parent, place = _place_of(sibling)
    indent = _indent_of(sibling)
    indent_inside(new, indent, parent)
    _insert(parent, place, [new] if indent is None else [new, _line(indent)])


def insert_after(sibling: Element, new: Element) -> None:
    parent, place = _place_of(sibling)
    indent = _indent_of(sibling)
    indent_inside(new, indent, parent)
    _insert(parent, place + 1, [new] if indent is None else [_line(indent), new])


def replace(old: Element, new: Element) -> None:
    parent, place = _place_of(old)
    indent_inside(new, _indent_of(old), parent)
    parent.children[place : place + 1] = []
    old.parent = None
    parent.insert(place, new)


def remove(old: Element) -> None:
    """With the line that it stood on."""
    parent, place = _place_of(old)
    before = parent.children[place - 1] if place else None
    after = parent.children[place + 1] if place + 1 < len(parent.children) else None
    alone = before is not None and _breaks(before) and (after is None or _is_blank(after))
    parent.children[place - 1 if alone else place : place + 1] = []
    old.parent = None


def indent_inside(new: Element, indent: Optional[str], parent: Element) -> None:
    """Lines inside a new element follow the indentation of the place where it is put; those of texts do not."""
    if indent is None:
        return
    unit = _unit_at(parent)
    waiting = [(new, indent)]
    while waiting:
        element, own = waiting.pop()
        if _is_mixed(element) or element.value_of("xml:space") == "preserve":
            continue
        for number, child in enumerate(element.children):
            if isinstance(child, Element):
                waiting.append((child, own + unit))
            elif isinstance(child, Data) and _breaks(child):
                is_last = number == len(element.children) - 1
                child.data = "\n" * child.data.count("\n") + (own if is_last else own + unit)


def _line(indent: str) -> Data:
    return Data("text", "\n" + indent)


def _insert(parent: Element, place: int, nodes: List[Node]) -> None:
    for number, node in enumerate(nodes):
        parent.insert(place + number, node)


def _place_of(child: Element) -> Tuple[Element, int]:
    if child.parent is None:
        raise ValueError(f"<{child.name}> stands in no document.")
    return child.parent, child.parent.place_of(child)


def _is_blank(node: Node) -> bool:
    return isinstance(node, Data) and node.kind == "text" and not node.data.strip(" \t\r\n")


def _breaks(node: Node) -> bool:
    return isinstance(node, Data) and _is_blank(node) and "\n" in node.data


def _is_text(node: Node) -> bool:
    return isinstance(node, Data) and node.kind in ("text", "cdata") and not _is_blank(node)


def _is_mixed(element: Element) -> bool:
    return any(_is_text(child) for child in element.children)


def _indent_of(node: Node) -> Optional[str]:
    """The blanks that its line begins with; None where something else stands before it on the line."""
    parent = node.parent
    if parent is None or isinstance(parent, Document):
        return ""
    return _indent_at(parent, parent.place_of(node))


def _indent_at(parent: Element, place: int) -> Optional[str]:
    before = parent.children[place - 1] if place else None
    if before is None or not isinstance(before, Data) or not _breaks(before):
        return None
    return before.data.rpartition("\n")[2]


def _indent_below(parent: Element) -> Optional[str]:
    """Of the last child with a line of its own, else one unit more than the parent's own. None: all is on one line, or
    the last lines are text."""
    seen = False
    for place in range(len(parent.children) - 1, -1, -1):
        child = parent.children[place]
        if _is_blank(child):
            continue
        indent = _indent_at(parent, place)
        if indent is not None or _is_text(child):
            return indent if not _is_text(child) else None
        seen = True
    own = _indent_of(parent)
    return None if seen or own is None else own + _unit_at(parent)


def _unit_at(element: Element) -> str:
    """By how much a level is indented, here or else nearest to here."""
    at: Optional[Element] = element
    while at is not None and not isinstance(at, Document):
        found = _unit_between(at)
        if found:
            return found
        at = at.parent
    return _UNIT


def _unit_between(parent: Element) -> str:
    own = _indent_of(parent)
    for place, child in enumerate(parent.children):
        inner = None if _is_blank(child) else _indent_at(parent, place)
        if own is not None and inner is not None:
            return inner[len(own) :] if inner.startswith(own) else ""
    return ""
