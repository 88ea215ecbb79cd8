"""Reading YAML into nodes that know their place, in one pass over the text.

A text is read by its indentation, without look-ahead beyond a line, so that the time grows with the text alone.
"""

from __future__ import annotations

import re
from typing import Iterator, List, Optional, Tuple

from polpo.languages.structured.yaml_flow import FlowReader
from polpo.languages.structured.yaml_nodes import Document, Node
from polpo.languages.structured.yaml_text import block, plain, plain_line

_DIRECTIVE = re.compile(r"%[^\n]*")
_COMMENT = re.compile(r"[ \t]+(?:#.*)?$")
_MARKER = re.compile(r"(---|\.\.\.)(?=[ \t\n]|\Z)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def read_nodes(text: str) -> List[Node]:
    """The root of every document; line breaks are line feeds. Raises `NotReadable` with line and column."""
    return [document.root for document in read_documents(text)]


def read_documents(text: str) -> List[Document]:
    """Line breaks are line feeds. Raises `NotReadable` with line and column."""
    wrong = _CONTROL.search(text)
    reader = _BlockReader(text)
    if wrong is not None:
        raise reader.refused(wrong.start(), "control characters are not allowed")
    return list(reader.documents())


class _BlockReader(FlowReader):
    def documents(self) -> Iterator[Document]:
        first = 0
        position = self.skip(0)
        while position < len(self.text):
            if self._marker(position) == "...":
                position = self.skip(position + 3)
                continue
            directives, position, opened = self._prologue(position)
            if position == len(self.text) and not opened:
                break
            start = self.skip(position)
            if start == len(self.text) or self._marker(start):
                root, end = Node("scalar", position), position
            else:
                root, end = self.node(start, -1, same_line=opened and self._same_line(position, start))
            position = self.skip(end)
            marker = self._marker(position)
            if position < len(self.text) and not marker:
                raise self.refused(position, "expected the end of the document")
            yield Document(root, directives, opened, marker == "...", first, position)
            first = position

    def _prologue(self, position: int) -> Tuple[List[str], int, bool]:
        """Past directives and the marker that opens a document, which directives need."""
        directives: List[str] = []
        while self.text.startswith("%", position) and self.column(position) == 0:
            match = _DIRECTIVE.match(self.text, position)
            directives.append(_COMMENT.sub("", match.group() if match else ""))
            position = self.skip(match.end() if match else position)
        if self._marker(position) == "---":
            return directives, position + 3, True
        if directives:
            raise self.refused(position, "expected '---' after directives")
        return directives, position, False

    def _marker(self, position: int) -> str:
        match = _MARKER.match(self.text, position) if self.column(position) == 0 else None
        return match.group(1) if match else ""

    def _same_line(self, start: int, end: int) -> bool:
        return self.text.find("\n", start, end) < 0

    # -- nodes

    def node(self, start: int, parent: int, *, same_line: bool = False) -> Tuple[Node, int]:
        """The node that starts here, and where reading goes on. `parent` is the column of the collection around it;
        on the `same_line` as a key no collection can start in lines of its own."""
        self.enter(start)
        try:
            if not same_line:
                if self.dash(start):
                    return self._sequence(start)
                if self.indicator("?", start):
                    return self._mapping(start, None)
            node, content = self.properties(start)
            if content < len(self.text) and not self._same_line(start, content) and content != start:
                return self._under_properties(node, start, content, parent)
            node, end = self._inline(node, content, parent)
            if not same_line and self.colon(end) and self._same_line(start, end):
                return self._mapping(start, node)
            if self.colon(end):
                raise self.refused(end, "mapping values are not allowed here")
            return node, end
        finally:
            self.leave()

    def _under_properties(self, outer: Node, start: int, content: int, parent: int) -> Tuple[Node, int]:
        """An anchor or tag with its node on a later line, or with none."""
        if self.column(content) <= parent and not (self.dash(content) and self.column(content) == parent):
            outer.end = outer.content = len(self.text[:content].rstrip(" \t\n"))
            return outer, outer.end
        if self._marker(content):
            outer.end = outer.content = len(self.text[:content].rstrip(" \t\n"))
            return outer, outer.end
        node, end = self.node(content, parent)
        node.anchor, node.tag = outer.anchor or node.anchor, outer.tag or node.tag
        node.start = start
        return node, end

    def _inline(self, node: Node, start: int, parent: int) -> Tuple[Node, int]:
        character = self.text[start : start + 1]
        if character and character in "|>":
            written = block(self.text, start, parent)
            node.style, node.value, node.end = character, written.value, written.end
            return node, max(written.end, written.next - 1)
        if character and character in "[{*\"'":
            return node, self.atom(node, start)
        if start == len(self.text) or character in ("\n", "#") or self.colon(start):
            node.end = node.content
            return node, node.end
        self.check_plain(start)
        end = plain_line(self.text, start, flow=False)
        if end == start:
            raise self.refused(start, f"found the character '{character}' that cannot start a value")
        if self.colon(self.blanks(end)):
            node.value, node.end = self.text[start:end], end
            return node, self.blanks(end)
        found = plain(self.text, start, end, parent + 1, flow=False)
        node.value, node.end = found.value, found.end
        return node, self.blanks(found.end)

    # -- collections

    def _sequence(self, start: int) -> Tuple[Node, int]:
        sequence = Node("sequence", start)
        column = self.column(start)
        position = end = start
        while position < len(self.text) and self.column(position) == column and self.dash(position):
            child, end = self._under_indicator(position, column)
            sequence.children.append(child)
            sequence.end = max(child.end, position + 1)
            position = self.next_line(end)
        self._check_dedent(position, column)
        sequence.behind = position
        return sequence, end

    def _mapping(self, start: int, key: Optional[Node]) -> Tuple[Node, int]:
        """A mapping in lines; its first key is given when it is written without `?`."""
        mapping = Node("mapping", start)
        column = self.column(start)
        position = end = start
        while position < len(self.text) and self.column(position) == column and not self._marker(position):
            if key is None and self.indicator("?", position):
                key, after = self._under_indicator(position, column)
                value, end = self._explicit_value(after, column)
            else:
                if key is None:
                    if self.dash(position):
                        break
                    key = self._key(position)
                colon = self.blanks(key.end)
                value, end = self._value(colon, column)
            mapping.children += (key, value)
            mapping.end = max(mapping.end, key.end, value.end)
            key = None
            position = self.next_line(end)
        self._check_dedent(position, column)
        mapping.behind = position
        return mapping, end

    def _key(self, start: int) -> Node:
        node, content = self.properties(start)
        node, end = self._inline(node, content, self.column(start))
        if not self.colon(end) or not self._same_line(start, end):
            raise self.refused(start, "could not find expected ':'")
        return node

    def _under_indicator(self, position: int, column: int) -> Tuple[Node, int]:
        """What follows `-`, `?` or `:` on its line, or deeper on a later one; else nothing."""
        content = self.skip(position + 1)
        if content < len(self.text) and (self._same_line(position, content) or self.column(content) > column):
            return self.node(content, column)
        return Node("scalar", position + 1), position + 1

    def _explicit_value(self, after: int, column: int) -> Tuple[Node, int]:
        position = self.next_line(after)
        if position < len(self.text) and self.column(position) == column and self.colon(position):
            return self._under_indicator(position, column)
        return Node("scalar", after), after

    def _value(self, colon: int, column: int) -> Tuple[Node, int]:
        content = self.skip(colon + 1)
        if content < len(self.text) and self._same_line(colon, content):
            if self.dash(content):
                raise self.refused(content, "block sequence entries are not allowed here")
            return self.node(content, column, same_line=True)
        deeper = content < len(self.text) and not self._marker(content)
        if deeper and (self.column(content) > column or (self.column(content) == column and self.dash(content))):
            return self.node(content, column if self.column(content) > column else column - 1)
        return Node("scalar", colon + 1), colon + 1

    def _check_dedent(self, position: int, column: int) -> None:
        if position < len(self.text) and self.column(position) > column:
            raise self.refused(position, "found content that is indented too far")
