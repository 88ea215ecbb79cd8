"""Comments of a YAML text, bound to the nodes that they are written with, so that they stay in what is rewritten."""

from __future__ import annotations

import re
from typing import Iterator, List, NamedTuple, Optional

from polpo.languages.structured.yaml_nodes import Comment, Document, Node

_COMMENT = re.compile(r"(?<![^\s,\[\]{}])#([^\n]*)", re.ASCII)
_HEADER = re.compile(r"[|>][^\n#]*[ \t]#([^\n]*)")


class _Step(NamedTuple):
    """A node in reading order: it opens (a collection in lines), closes, or is met whole (anything else)."""

    kind: str
    node: Node
    role: str


def bind_comments(document: Document, text: str) -> None:
    """Every comment of the document goes to one of its nodes."""
    _Binder(text, document.start).bind(document)


def comments_between(text: str, start: int, end: int) -> List[Comment]:
    """Where there are no scalars."""
    return [_comment(text, match.start(), match.group(1)) for match in _COMMENT.finditer(text, start, end)]


def _comment(text: str, position: int, written: str) -> Comment:
    line = text.rfind("\n", 0, position) + 1
    before = text[line:position].strip(" \t")
    return Comment(written, bool(before) and before[0] != "%", position, position - line)


class _Binder:
    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._last = start
        self._closed: Optional[Node] = None
        self._met = False  # whether the last step was a node met whole

    def bind(self, document: Document) -> None:
        for step in _steps(document.root, "root"):
            if step.kind == "close":
                self._closed = self._closed or step.node
                continue
            self._in_front(step)
            self._last = step.node.content
            self._met = step.kind == "whole"
            if self._met:
                self._within(step.node)
                self._last = step.node.end
        rest = comments_between(self._text, self._last, document.stop)
        (self._closed.comments.tail if self._closed else document.root.comments.after).extend(rest)

    def _in_front(self, step: _Step) -> None:
        """What stands between the node and the one before it. Up to where collections end it belongs to the innermost
        of them."""
        found = comments_between(self._text, self._last, step.node.content)
        if self._closed is not None:
            behind = self._closed.behind
            self._closed.comments.tail += [comment for comment in found if comment.position < behind]
            found = [comment for comment in found if comment.position >= behind]
            self._last = max(self._last, behind)
        self._closed = None
        bound = step.node.comments
        if step.kind == "open":
            # The last one of an odd number goes behind the start of the collection, as in the original.
            odd = len(found) % 2
            bound.before += found[: len(found) - odd]
            bound.inside += found[len(found) - odd :]
            return
        for comment in found:
            (bound.after if self._moves_behind(comment, step.role) else bound.before).append(comment)

    def _moves_behind(self, comment: Comment, role: str) -> bool:
        """In front of a text on the line of its `:` or `-` a comment would swallow the text."""
        if role == "value":
            return True
        return comment.inline and (not self._met or "\n" in self._text[self._last : comment.position])

    def _within(self, node: Node) -> None:
        if node.kind == "scalar" and node.style and node.style in "|>":
            match = _HEADER.match(self._text, node.content)
            if match is not None:
                node.comments.after.append(_comment(self._text, match.start(1) - 1, match.group(1)))
        elif node.flow:
            self._last = node.content
            for leaf in _leaves(node):
                node.comments.after += comments_between(self._text, self._last, leaf.content)
                self._last = max(leaf.end, self._last)
            node.comments.after += comments_between(self._text, self._last, node.end)


def _steps(node: Node, role: str) -> Iterator[_Step]:
    if not node.in_lines:
        yield _Step("whole", node, role)
        return
    yield _Step("open", node, role)
    for number, child in enumerate(node.children):
        within = "item" if node.kind == "sequence" else ("value" if number % 2 else "key")
        yield from _steps(child, within)
    yield _Step("close", node, role)


def _leaves(node: Node) -> Iterator[Node]:
    if node.kind in ("scalar", "alias"):
        yield node
    for child in node.children:
        yield from _leaves(child)
