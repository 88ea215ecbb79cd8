"""One evaluation of an XPath on a document: what it has found out already, and how much work it may still do.

Work is counted in nodes visited, so that the same expression on the same document always has the same outcome. An
expression may look at every node a number of times, however large the document is; what grows with the square of the
document fails.
"""

from __future__ import annotations

from typing import Callable, Dict, Iterable, List, NamedTuple, Optional, Union

from polpo.languages.structured.xml_nodes import Data, Element, Node

Item = Union[Node, str, float, bool]
Sequence = List[Item]

_ALLOWED = 300_000
_ALLOWED_FOR_NODE = 20
_CHARACTERS_FOR_NODE = 50


class TooCostly(Exception):
    """The expression would take too long on this document."""


class Run:
    def __init__(self, top: Element) -> None:
        self.top = top
        self.known: Dict[int, Sequence] = {}
        self._left = _ALLOWED
        self._extended = False
        self._places: Optional[Dict[int, int]] = None
        self._weights: Optional[Dict[int, int]] = None

    def spend(self, visits: int) -> None:
        """Raises `TooCostly`."""
        self._left -= visits
        if self._left >= 0:
            return
        if not self._extended:
            self._extended = True
            self._left += _ALLOWED_FOR_NODE * sum(1 for _ in self.top.walk())
        if self._left < 0:
            raise TooCostly

    def spend_for_text(self, items: Sequence) -> None:
        """For the string values of elements, which are put together from everything below them."""
        for item in items:
            if isinstance(item, Element):
                self.spend(self._weight(item))

    def in_order(self, nodes: Iterable[Node]) -> List[Node]:
        """Each node once, in the order of the document."""
        unique = list({id(node): node for node in nodes}.values())
        if len(unique) < 2:
            return unique
        places = self._places = self._places or _places(self.top)
        self.spend(len(unique))
        return sorted(unique, key=lambda node: places.get(id(node), 0))

    def _weight(self, element: Element) -> int:
        weights = self._weights = self._weights or _weights(self.top)
        return weights.get(id(element), 0)


class Context(NamedTuple):
    node: Node
    position: int
    size: int
    run: Run


Evaluate = Callable[[Context], Sequence]


def _places(top: Element) -> Dict[int, int]:
    places: Dict[int, int] = {id(top): 0}
    for node in top.walk():
        places[id(node)] = len(places)
        if isinstance(node, Element):
            for attribute in node.attributes:
                places[id(attribute)] = len(places)
    return places


def _weights(top: Element) -> Dict[int, int]:
    weights: Dict[int, int] = {}
    for node in reversed(list(top.walk())):
        own = 1 + (len(node.data) // _CHARACTERS_FOR_NODE if isinstance(node, Data) else 0)
        weights[id(node)] = weights.get(id(node), 0) + own
        if node.parent is not None:
            weights[id(node.parent)] = weights.get(id(node.parent), 0) + weights[id(node)]
    return weights


class Constant:
    """A literal. As a predicate, a number picks its place without asking every item."""

    def __init__(self, value: Item) -> None:
        self.value = value

    def __call__(self, _: Context) -> Sequence:
        return [self.value]


class Fixed:
    """What depends on the document only, not on the node that it is asked at: found out once in a run."""

    def __init__(self, evaluate: Evaluate) -> None:
        self._evaluate = evaluate

    def __call__(self, context: Context) -> Sequence:
        known = context.run.known.get(id(self))
        if known is None:
            known = context.run.known[id(self)] = self._evaluate(context)
        return known


def top(context: Context) -> Sequence:
    return [context.run.top]


def fixed(evaluate: Evaluate, *parts: Evaluate) -> Evaluate:
    """The evaluation, kept once it is done if all the parts that it is made of are fixed."""
    if all(isinstance(part, (Constant, Fixed)) or part is top for part in parts):
        return Fixed(evaluate)
    return evaluate
