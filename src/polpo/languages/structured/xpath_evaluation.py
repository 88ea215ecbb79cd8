"""How XPath expressions work: values are sequences (lists) of nodes, texts, numbers and truths."""

from __future__ import annotations

import math
from typing import Callable, Dict, List, Set

from polpo.languages.structured.xml_nodes import Attribute, Data, Document, Element, Node
from polpo.languages.structured.xpath_run import Item, Run, Sequence
from polpo.languages.substitution.tokens import print_number

Test = Callable[[Node], bool]


class XPathFailed(Exception):
    """The expression cannot be evaluated on this document."""


# -- conversions


def text_of(items: Sequence) -> str:
    return text_of_item(items[0]) if items else ""


def text_of_item(item: Item) -> str:
    if isinstance(item, Node):
        return item.text()
    if isinstance(item, bool):
        return "true" if item else "false"
    return print_number(item) if isinstance(item, float) else item


def number_of(items: Sequence) -> float:
    return number_of_item(items[0]) if items else float("nan")


def number_of_item(item: Item) -> float:
    if isinstance(item, (bool, float)):
        return float(item)
    try:
        return float(text_of_item(item).strip())
    except ValueError:
        return float("nan")


def truth_of(items: Sequence) -> bool:
    if not items:
        return False
    first = items[0]
    if isinstance(first, Node):
        return True
    if isinstance(first, float):
        return first == first and first != 0  # noqa: PLR0124 - not a number is false
    return bool(first)


def compare(left: Sequence, operator: str, right: Sequence, run: Run) -> bool:
    """True when any pair compares so: numbers as numbers, truths as truths, everything else as text."""
    run.spend(len(left) + len(right))
    if any(isinstance(item, bool) for item in (*left, *right)):
        return _holds(float(truth_of(left)), operator, float(truth_of(right)))
    run.spend_for_text(left)
    run.spend_for_text(right)
    if operator in ("=", "!="):
        if not any(isinstance(item, float) for item in (*left, *right)):
            return _any_pair({text_of_item(item) for item in left}, operator, {text_of_item(item) for item in right})
        run.spend(len(left) * len(right))
        return any(_compare_items(one, operator, other) for one in left for other in right)
    ones = [value for value in map(number_of_item, left) if not math.isnan(value)]
    others = [value for value in map(number_of_item, right) if not math.isnan(value)]
    if not ones or not others:
        return False
    if operator in ("<", "<="):
        return _holds(min(ones), operator, max(others))
    return _holds(max(ones), operator, min(others))


def _any_pair(left: Set[str], operator: str, right: Set[str]) -> bool:
    if operator == "=":
        return not left.isdisjoint(right)
    return bool(left) and bool(right) and len(left | right) > 1


def _compare_items(left: Item, operator: str, right: Item) -> bool:
    if not isinstance(left, float) and not isinstance(right, float):
        return (text_of_item(left) == text_of_item(right)) is (operator == "=")
    return _holds(number_of_item(left), operator, number_of_item(right))


def _holds(left: float, operator: str, right: float) -> bool:
    return {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[operator]


# -- axes


def axis(name: str, node: Node) -> List[Node]:
    """The nodes along an axis, nearest first."""
    return _AXES[name](node)


def _ancestors(node: Node) -> List[Node]:
    found: List[Node] = []
    parent = node.parent
    while parent is not None:
        found.append(parent)
        parent = parent.parent
    return found


def _siblings(node: Node, *, after: bool) -> List[Node]:
    if node.parent is None or isinstance(node, Attribute):
        return []
    siblings = node.parent.children
    place = node.parent.place_of(node)
    return siblings[place + 1 :] if after else siblings[:place][::-1]


def _descendants(node: Node) -> List[Node]:
    return list(node.walk()) if isinstance(node, Element) else []


def _following(node: Node) -> List[Node]:
    found: List[Node] = []
    for start in (node, *_ancestors(node)):
        for sibling in _siblings(start, after=True):
            found += (sibling, *_descendants(sibling))
    return found


def _preceding(node: Node) -> List[Node]:
    found: List[Node] = []
    for start in (node, *_ancestors(node)):
        for sibling in _siblings(start, after=False):
            found += (*reversed(_descendants(sibling)), sibling)
    return found


def _attributes(node: Node) -> List[Node]:
    if not isinstance(node, Element):
        return []
    return [one for one in node.attributes if one.name != "xmlns" and not one.name.startswith("xmlns:")]


_AXES: Dict[str, Callable[[Node], List[Node]]] = {
    "child": lambda node: list(node.children) if isinstance(node, Element) else [],
    "descendant": _descendants,
    "descendant-or-self": lambda node: [node, *_descendants(node)],
    "parent": lambda node: [node.parent] if node.parent is not None else [],
    "ancestor": _ancestors,
    "ancestor-or-self": lambda node: [node, *_ancestors(node)],
    "self": lambda node: [node],
    "attribute": _attributes,
    "following-sibling": lambda node: _siblings(node, after=True),
    "preceding-sibling": lambda node: _siblings(node, after=False),
    "following": _following,
    "preceding": _preceding,
}
AXES = frozenset(_AXES)


def of_kind(kind: str, target: str = "") -> Test:
    """The test of `text()`, `comment()`, `processing-instruction('x')`, `element()`, `attribute()`, `node()`."""
    if kind == "node":
        return lambda node: not (isinstance(node, Data) and node.kind == "doctype")
    if kind == "text":
        return lambda node: isinstance(node, Data) and node.kind in ("text", "cdata")
    if kind == "comment":
        return lambda node: isinstance(node, Data) and node.kind == "comment"
    if kind == "element":
        return lambda node: isinstance(node, Element) and not isinstance(node, Document)
    if kind == "attribute":
        return lambda node: isinstance(node, Attribute)
    return lambda node: isinstance(node, Data) and node.kind == "instruction" and target in ("", node.target)


def named(local: str, uri: str, *, any_uri: bool, attribute: bool) -> Test:
    """The test of a name; `local` may be `*`."""

    def test(node: Node) -> bool:
        if attribute:
            fits = isinstance(node, Attribute)
        else:
            fits = isinstance(node, Element) and not isinstance(node, Document)
        if not fits or not isinstance(node, (Attribute, Element)):
            return False
        return local in ("*", node.local) and (any_uri or node.uri == uri)

    return test
