"""Variables as a tree: what a path is walked through."""

from __future__ import annotations

from typing import Dict, Iterable, Optional, Tuple

from polpo.languages.substitution.json_text import Json
from polpo.languages.substitution.templates import path_of
from polpo.languages.substitution.tokens import Index, Path


class Node:
    """A value with what lies below it by name and by index, in order of definition. Keys are folded."""

    __slots__ = ("children", "data", "indexes", "item")

    def __init__(self, item: Optional[str] = None, data: Json = None) -> None:
        self.item = item
        self.data = data
        self.children: Dict[str, Node] = {}
        self.indexes: Dict[str, Node] = {}


class Scope:
    """A tree to look names up in, and the scope around it. `looking` holds the paths that are being followed now."""

    __slots__ = ("looking", "parent", "root")

    def __init__(self, root: Node, parent: Optional[Scope] = None) -> None:
        self.root = root
        self.parent = parent
        self.looking: Dict[object, Path] = {}


def bind(variables: Iterable[Tuple[str, Optional[str]]]) -> Node:
    """Null counts as the empty text. Names that are no paths cannot be reached and are left out."""
    root = Node()
    for name, value in variables:
        path = path_of(name)
        if path is not None and not path.dynamic:
            node = root
            for step in path.steps:
                if isinstance(step, Index):
                    node = node.indexes.setdefault(step.folded, Node(step.text))
                else:
                    node = node.children.setdefault(step.folded, Node())
            node.item = value or ""
    return root
