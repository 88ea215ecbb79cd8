"""YAML: values replaced in place, so that everything around them keeps its text."""

from __future__ import annotations

import re
from typing import Dict, Iterator, List, NamedTuple, Optional

from polpo.languages.structured.results import Messages, NotReadable
from polpo.languages.structured.texts import common_break
from polpo.languages.structured.yaml_fragments import in_block, in_flow, is_block, single
from polpo.languages.structured.yaml_nodes import Node, Placed, placed_nodes
from polpo.languages.structured.yaml_reading import read_nodes
from polpo.languages.structured.yaml_scalars import scalar
from polpo.languages.substitution import VariableDictionary
from polpo.languages.substitution.tokens import fold

_RESERVED = re.compile("octopus([^:]|$)", re.IGNORECASE)
_TO_NODE = re.compile(r"(?P<colon>:)(?P<blank>[ \t]*)(?P<comment>#[^\n]*)?(?P<rest>\s*)$")
_LONG_TAG = re.compile(r"!<tag:yaml\.org,2002:([a-z]+)>")
_STEP = 2


class Edit(NamedTuple):
    start: int
    end: int
    text: str


def replace_in_yaml(text: str, variables: VariableDictionary, messages: Messages) -> str:
    """With one kind of line break, and one at the end. Raises `NotReadable` with line and column."""
    line_break = common_break(text)
    text = re.sub("\r\n?", "\n", text)
    names = {fold(name): name for name in variables.names() if not _RESERVED.match(name)}
    edits: List[Edit] = []
    for root in read_nodes(text):
        _collect(root, text, names, variables, messages, edits)
    messages.finish()
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    if text and not text.endswith("\n"):
        text += "\n"
    return text.replace("\n", line_break)


def _collect(
    root: Node,
    text: str,
    names: Dict[str, str],
    variables: VariableDictionary,
    messages: Messages,
    edits: List[Edit],
) -> None:
    walk = placed_nodes(root)
    placed = next(walk, None)
    while placed is not None:
        edits += _shorter_tags(placed, text)
        name = names.get(fold(placed.path)) if placed.path and placed.node.kind != "alias" else None
        if name is not None:
            messages.found(name)
            edits.append(_edit(placed, text, variables.get(name)))
        try:
            placed = walk.send(name is not None)
        except StopIteration:
            return


def _shorter_tags(placed: Placed, text: str) -> Iterator[Edit]:
    for node in (placed.key, placed.node):
        match = _LONG_TAG.search(text, node.start, node.content) if node is not None else None
        if match is not None:
            yield Edit(match.start(), match.end(), f"!!{match.group(1)}")


def _edit(placed: Placed, text: str, value: Optional[str]) -> Edit:
    node = placed.node
    flow = placed.parent is not None and placed.parent.flow
    if node.kind == "scalar":
        new = "null" if value is None else scalar(value, node.style, margin=_margin(placed, text), flow=flow)
        before = text[node.content - 1 : node.content]
        gap = " " if before not in (" ", "\n", "", "[", "{") else ""
        behind = (
            " "
            if node.content == node.end and text[node.end : node.end + 1] not in ("\n", "", ",", "]", "}", " ")
            else ""
        )
        return Edit(node.content, node.end, gap + new + behind)
    return _structure(placed, text, value, flow=flow)


def _margin(placed: Placed, text: str) -> int:
    """The column for further lines of a scalar: deeper than what it belongs to."""
    owner = placed.key or placed.node
    line = text.rfind("\n", 0, owner.start) + 1
    own = _column(text, owner.start) if placed.key else len(text[line:]) - len(text[line:].lstrip(" "))
    return own + _STEP


def _column(text: str, position: int) -> int:
    return position - text.rfind("\n", 0, position) - 1


def _structure(placed: Placed, text: str, value: Optional[str], *, flow: bool) -> Edit:
    new = _fragment(value)
    node, key = placed.node, placed.key
    if flow or key is None:
        column = _column(text, node.start)
        written = in_flow(new) if flow else in_block(new, column) if is_block(new) else single(new, column + _STEP)
        return Edit(node.start, node.end, written)
    gap = _TO_NODE.search(text, key.end, node.start)
    start = gap.start("blank") if gap else node.start
    comment = f" {gap.group('comment')}" if gap and gap.group("comment") else ""
    column = _column(text, key.start)
    if is_block(new):
        inner = column if new.kind == "sequence" else column + _STEP
        if not node.flow and new.kind == node.kind:
            inner = _column(text, node.start)
        return Edit(start, node.end, f"{comment}\n{' ' * inner}{in_block(new, inner)}")
    written = single(new, column + _STEP)
    first, line, rest = written.partition("\n")
    return Edit(start, node.end, f" {first}{comment}{line}{rest}")


def _fragment(value: Optional[str]) -> Node:
    """A value as YAML; what is no YAML, or nothing, is a text in double quotes."""
    try:
        roots = read_nodes(value) if value is not None else []
    except NotReadable:
        roots = []
    found = [root for root in roots if root.kind != "scalar" or root.value or root.style]
    if found:
        return found[0]
    node = Node("scalar", 0, "null" if value is None else value)
    node.style = "" if value is None else '"'
    return node
