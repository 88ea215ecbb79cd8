"""How deep a YAML text indents: the most common step between a block and the one around it."""

from __future__ import annotations

from typing import Dict, Iterator, List, NamedTuple

from polpo.languages.structured.yaml_comments import comments_between
from polpo.languages.structured.yaml_nodes import Document, Node

_STEPS = range(2, 10)
_DEFAULT = 2


class _Place(NamedTuple):
    column: int
    starts_block: bool


def common_indent(text: str, documents: List[Document]) -> int:
    """From 2 to 9; the first of equals."""
    counts: Dict[int, int] = {}
    outer = 0
    for document in documents:
        for place in _Columns(text, document).places():
            if place.starts_block:
                step = place.column - outer
                if step in _STEPS:
                    counts[step] = counts.get(step, 0) + 1
                outer = place.column
            else:
                outer = min(outer, place.column)
    return max(counts, key=lambda step: counts[step]) if counts else _DEFAULT


class _Columns:
    """The columns of everything in a document, comments included, in the order it stands there."""

    def __init__(self, text: str, document: Document) -> None:
        self._text = text
        self._document = document
        self._last = document.start

    def places(self) -> Iterator[_Place]:
        yield _Place(0, starts_block=False)
        yield from self._node(self._document.root)
        yield from self._comments(self._document.stop)

    def _node(self, node: Node) -> Iterator[_Place]:
        yield from self._comments(node.content)
        yield _Place(self._column(node.start), starts_block=node.in_lines)
        if not node.in_lines:
            self._last = max(self._last, node.end)
            return
        for child in node.children:
            yield from self._node(child)
        yield from self._comments(node.behind)
        yield _Place(self._column(node.behind), starts_block=False)

    def _comments(self, end: int) -> Iterator[_Place]:
        for comment in comments_between(self._text, self._last, end):
            yield _Place(comment.column, starts_block=False)
        self._last = max(self._last, end)

    def _column(self, position: int) -> int:
        return position - self._text.rfind("\n", 0, position) - 1
