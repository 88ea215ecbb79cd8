"""The part of reading YAML that does not go by indentation: properties, quoted texts, `[…]` and `{…}`."""

from __future__ import annotations

import bisect
import re
from typing import List, Tuple

from polpo.languages.structured.results import NotReadable
from polpo.languages.structured.yaml_nodes import Node
from polpo.languages.structured.yaml_text import plain, plain_line, quoted

_SKIP = re.compile(
    r"(?:[ \t]*(?:(?:(?<![^\s,\[\]{}])#[^\n]*)?\n|(?<![^\s,\[\]{}])#[^\n]*\Z))*[ \t]*(?:(?<![^\s,\[\]{}])#[^\n]*)?",
    re.ASCII,
)
_BLANKS = re.compile("[ \t]*")
_ANCHOR = re.compile(r"&([^\s,\[\]{}]+)", re.ASCII)
_ALIAS = re.compile(r"\*([^\s,\[\]{}]+)", re.ASCII)
_TAG = re.compile(r"!<[^\s>]*>|![^\s,\[\]{}]*", re.ASCII)
_SPACE = ("", " ", "\t", "\n")
_MAX_DEPTH = 120


class FlowReader:
    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._depth = 0

    def refused(self, position: int, reason: str) -> NotReadable:
        line = bisect.bisect_right(self._lines, position)
        return NotReadable(f"(Line: {line}, Col: {self.column(position) + 1}): {reason}")

    def enter(self, position: int) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self.refused(position, "nested too deeply")

    def leave(self) -> None:
        self._depth -= 1

    # -- places

    def column(self, position: int) -> int:
        return position - self._lines[bisect.bisect_right(self._lines, position) - 1]

    def skip(self, position: int) -> int:
        """Past blanks, comments and line breaks. A tab may not indent what follows."""
        match = _SKIP.match(self.text, position)
        end = match.end() if match else position
        line = self._lines[bisect.bisect_right(self._lines, end) - 1]
        if line > position and "\t" in self.text[line:end] and end < len(self.text) and self._depth >= 0:
            self._check_tab(line, end)
        return end

    def _check_tab(self, line: int, end: int) -> None:
        if self.text[end] not in "\n#":
            tab = self.text.index("\t", line, end)
            raise self.refused(tab, "found a tab that cannot start a value; indent with blanks")

    def next_line(self, position: int) -> int:
        """Past the rest of the line, which must be blank or a comment, to the next content."""
        end = self.skip(position)
        if end < len(self.text) and self.text.find("\n", position, end) < 0:
            raise self.refused(end, "expected the end of the line")
        return end

    def blanks(self, position: int) -> int:
        match = _BLANKS.match(self.text, position)
        return match.end() if match else position

    def indicator(self, character: str, position: int) -> bool:
        return self.text.startswith(character, position) and self.text[position + 1 : position + 2] in (
            "",
            " ",
            "\t",
            "\n",
        )

    def dash(self, position: int) -> bool:
        return self.indicator("-", position)

    def colon(self, position: int) -> bool:
        return self.indicator(":", position)

    # -- pieces

    def properties(self, start: int) -> Tuple[Node, int]:
        """An empty scalar with the anchor and tag that stand here, and where its content begins."""
        node = Node("scalar", start)
        position = start
        while True:
            if self.text.startswith("&", position) and node.anchor is None:
                match = _ANCHOR.match(self.text, position)
                node.anchor = match.group(1) if match else None
            elif self.text.startswith("!", position) and node.tag is None:
                match = _TAG.match(self.text, position)
                node.tag = match.group() if match else None
            else:
                break
            if match is None:
                raise self.refused(position, "found an anchor without a name")
            node.content = node.end = match.end()
            position = self.skip(match.end())
        if position < len(self.text) and position != start:
            node.content = position
        return node, position

    def atom(self, node: Node, start: int) -> int:
        """A quoted text, an alias or a flow collection into the node; answers where the blanks behind it end."""
        character = self.text[start]
        node.content = start
        if character == "*":
            match = _ALIAS.match(self.text, start)
            if match is None or node.anchor or node.tag:
                raise self.refused(start, "found an alias that cannot be one")
            node.kind, node.anchor, node.end = "alias", match.group(1), match.end()
        elif character in "\"'":
            found = quoted(self.text, start)
            node.style, node.value, node.end = character, found.value, found.end
        else:
            node.kind, node.flow = ("sequence" if character == "[" else "mapping"), True
            node.end = self._collection(node, start)
        return self.blanks(node.end)

    def check_plain(self, start: int) -> None:
        character = self.text[start]
        lone = self.text[start + 1 : start + 2] in _SPACE
        if character in ",[]{}#&*!|>'\"%@`" or (character in "-?:" and lone):
            raise self.refused(start, f"found the character '{character}' that cannot start a value")

    # -- flow collections

    def _collection(self, node: Node, start: int) -> int:
        """The children of `[…]` or `{…}`; answers where it ends."""
        self.enter(start)
        closing = "]" if node.kind == "sequence" else "}"
        position = self._skip_flow(start + 1)
        while not self.text.startswith(closing, position):
            if position >= len(self.text):
                raise self.refused(start, f"found a collection that is not closed by '{closing}'")
            children, position = self._entry(position, in_mapping=closing == "}")
            node.children += children
            if self.text.startswith(",", position):
                position = self._skip_flow(position + 1)
            elif not self.text.startswith(closing, position):
                raise self.refused(position, f"expected ',' or '{closing}'")
        self.leave()
        return position + 1

    def _entry(self, start: int, *, in_mapping: bool) -> Tuple[List[Node], int]:
        explicit = self.indicator("?", start)
        if self.text.startswith(",", start):
            raise self.refused(start, "found ',' without a value in front of it")
        key, position = self._flow_node(self._skip_flow(start + 1) if explicit else start)
        if self._flow_colon(key, position):
            value, position = self._flow_node(self._skip_flow(position + 1))
        elif in_mapping or explicit:
            value = Node("scalar", position)
        else:
            return [key], position
        if in_mapping:
            return [key, value], position
        pair = Node("mapping", key.start)
        pair.flow = True
        pair.children = [key, value]
        pair.end = max(key.end, value.end)
        return [pair], position

    def _flow_colon(self, key: Node, position: int) -> bool:
        """Behind a quoted text or a collection the colon may touch the value."""
        if not self.text.startswith(":", position):
            return False
        adjacent = bool(key.style) or key.kind in ("mapping", "sequence")
        return adjacent or self.text[position + 1 : position + 2] in ("", " ", "\t", "\n", ",", "[", "]", "{", "}")

    def _flow_node(self, start: int) -> Tuple[Node, int]:
        node, position = self.properties(start)
        character = self.text[position : position + 1]
        if character and character in "[{*\"'":
            return node, self._skip_flow(self.atom(node, position))
        if not character or character in ",]}" or self._flow_colon(node, position):
            return node, position
        self.check_plain(position)
        end = plain_line(self.text, position, flow=True)
        if end == position:
            raise self.refused(position, f"found the character '{character}' that cannot start a value")
        found = plain(self.text, position, end, 0, flow=True)
        node.value, node.end, node.content = found.value, found.end, position
        return node, self._skip_flow(found.end)

    def _skip_flow(self, position: int) -> int:
        match = _SKIP.match(self.text, position)
        return match.end() if match else position
