"""Nodes of one YAML text written into another."""

from __future__ import annotations

from typing import List

from polpo.languages.structured.yaml_nodes import Node
from polpo.languages.structured.yaml_scalars import scalar

_STEP = 2


def in_flow(node: Node) -> str:
    """On one line."""
    if node.kind == "alias":
        return f"*{node.anchor}"
    if node.kind == "scalar":
        return _properties(node) + _text(node, margin=0, flow=True)
    if node.kind == "sequence":
        return _properties(node) + "[" + ", ".join(in_flow(child) for child in node.children) + "]"
    pairs = [f"{in_flow(key)}: {in_flow(value)}" for key, value in node.pairs()]
    return _properties(node) + "{" + ", ".join(pairs) + "}"


def is_block(node: Node) -> bool:
    """Whether it takes lines of its own."""
    return node.kind in ("mapping", "sequence") and not node.flow and bool(node.children)


def in_block(node: Node, column: int) -> str:
    """A mapping or sequence in lines; the first one without its indent, the others at the column."""
    lines: List[str] = []
    if node.kind == "sequence":
        lines = ["- " + _item(child, column + _STEP) for child in node.children]
    else:
        lines = [f"{in_flow(key)}:{_after_key(value, column)}" for key, value in node.pairs()]
    return ("\n" + " " * column).join(lines)


def single(node: Node, margin: int) -> str:
    """A node that does not take lines of its own; a block scalar's lines stand at the margin."""
    if node.kind == "scalar":
        return _properties(node) + _text(node, margin, flow=False)
    return in_flow(node)


def _item(node: Node, column: int) -> str:
    if not is_block(node):
        return single(node, column)
    properties = _properties(node)
    return f"{properties}\n{' ' * column}{in_block(node, column)}" if properties else in_block(node, column)


def _after_key(value: Node, column: int) -> str:
    if not is_block(value):
        text = single(value, column + _STEP)
        return f" {text}" if text else ""
    inner = column if value.kind == "sequence" else column + _STEP
    properties = _properties(value)
    return f"{' ' + properties.rstrip() if properties else ''}\n{' ' * inner}{in_block(value, inner)}"


def _properties(node: Node) -> str:
    parts: List[str] = []
    if node.anchor:
        parts.append(f"&{node.anchor} ")
    if node.tag:
        parts.append(f"{node.tag} ")
    return "".join(parts)


def _text(node: Node, margin: int, *, flow: bool) -> str:
    """An empty plain scalar stays empty; elsewhere the style is kept as far as it can be."""
    if not node.value and not node.style:
        return ""
    return scalar(node.value, node.style, margin=margin, flow=flow)
