"""A YAML text as a tree of nodes that know where they stand in it."""

from __future__ import annotations

from typing import Generator, Iterator, List, NamedTuple, Optional, Tuple


class Comment(NamedTuple):
    """`text` is without the `#`; `inline` says whether something stands in front of it on its line."""

    text: str
    inline: bool
    position: int
    column: int


class Comments:
    """The comments around a node: in front of it, between it and its first child, behind the last child, behind it."""

    __slots__ = ("after", "before", "inside", "tail")

    def __init__(self) -> None:
        self.before: List[Comment] = []
        self.inside: List[Comment] = []
        self.tail: List[Comment] = []
        self.after: List[Comment] = []


class Document(NamedTuple):
    """`directives` are lines as written; `opened` and `ended` tell whether `---` and `...` are there. All of its text,
    comments included, is between `start` and `stop`."""

    root: Node
    directives: List[str]
    opened: bool
    ended: bool
    start: int
    stop: int


class Node:
    """`start` includes the anchor and tag, `content` does not; `end` is behind the last character that belongs to it.

    `kind` is `scalar`, `alias`, `mapping` or `sequence`; the children of a mapping are its keys and values in turn.
    `behind` is where the next token after a collection in lines starts.
    """

    __slots__ = (
        "anchor",
        "behind",
        "children",
        "comments",
        "content",
        "end",
        "flow",
        "kind",
        "start",
        "style",
        "tag",
        "value",
    )

    def __init__(self, kind: str, start: int, value: str = "") -> None:
        self.kind = kind
        self.start = self.content = self.end = self.behind = start
        self.value = value
        self.style = ""
        self.flow = False
        self.anchor: Optional[str] = None
        self.tag: Optional[str] = None
        self.children: List[Node] = []
        self.comments = Comments()

    @property
    def in_lines(self) -> bool:
        """Whether it is a collection whose children stand on lines of their own."""
        return self.kind in ("mapping", "sequence") and not self.flow and bool(self.children)

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
