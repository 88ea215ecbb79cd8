"""A YAML text as a tree of nodes that know where they stand in it."""

from __future__ import annotations

from typing import Generator, Iterator, List, NamedTuple, Optional, Tuple


class Node:
    """`start` includes the anchor and tag, `content` does not; `end` is behind the last character that belongs to it.

    `kind` is `scalar`, `alias`, `mapping` or `sequence`; the children of a mapping are its keys and values in turn.
    """

    __slots__ = ("anchor", "children", "content", "end", "flow", "kind", "start", "style", "tag", "value")

    def __init__(self, kind: str, start: int, value: str = "") -> None:
        self.kind = kind
        self.start = self.content = self.end = start
        self.value = value
        self.style = ""
        self.flow = False
        self.anchor: Optional[str] = None
        self.tag: Optional[str] = None
        self.children: List[Node] = []

    def pairs(self) -> Iterator[Tuple[Node, Node]]:
        for number in range(0, len(self.children) - 1, 2):
            yield self.children[number], self.children[number + 1]


class Placed(NamedTuple):
    """A node with its path, its parent, and the key in front of it if it is the value of a mapping."""

    path: str
    node: Node
    parent: Optional[Node]
    key: Optional[Node]


def placed_nodes(root: Node) -> Generator[Placed, bool, None]:
    """Every value with its path, parents before children; keys are no values. A child of what is changed is skipped
    by sending True."""
    waiting: List[Placed] = [Placed("", root, None, None)]
    while waiting:
        placed = waiting.pop()
        skip = yield placed
        if skip:
            continue
        node = placed.node
        if node.kind == "mapping":
            below = [Placed(_join(placed.path, key.value), value, node, key) for key, value in node.pairs()]
        else:
            below = [
                Placed(_join(placed.path, str(number)), child, node, None) for number, child in enumerate(node.children)
            ]
        waiting += reversed(below)


def _join(path: str, name: str) -> str:
    return f"{path}:{name}" if path else name
