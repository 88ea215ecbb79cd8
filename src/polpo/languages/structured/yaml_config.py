"""YAML: values replaced in the document, which is then written anew in its own styles, order and comments."""

from __future__ import annotations

import re
from typing import Dict, List, Optional

from polpo.languages.structured.results import Messages, NotReadable
from polpo.languages.structured.texts import common_break
from polpo.languages.structured.yaml_comments import bind_comments, comments_between
from polpo.languages.structured.yaml_indentation import common_indent
from polpo.languages.structured.yaml_nodes import Comment, Node, Placed, placed_nodes
from polpo.languages.structured.yaml_reading import read_documents, read_nodes
from polpo.languages.structured.yaml_writing import YamlWriter
from polpo.languages.substitution import VariableDictionary
from polpo.languages.substitution.tokens import fold

_RESERVED = re.compile("octopus([^:]|$)", re.IGNORECASE)
_LONG_TAG = re.compile(r"!<tag:yaml\.org,2002:([a-z]+)>")


def replace_in_yaml(text: str, variables: VariableDictionary, messages: Messages) -> str:
    """With one kind of line break, and one at the end. Raises `NotReadable` with line and column."""
    line_break = common_break(text)
    text = re.sub("\r\n?", "\n", text)
    documents = read_documents(text)
    writer = YamlWriter(common_indent(text, documents))
    names = {fold(name): name for name in variables.names() if not _RESERVED.match(name)}
    end = 0
    for document in documents:
        bind_comments(document, text)
        _replace(document.root, text, names, variables, messages)
        writer.document(document)
        end = document.stop
    writer.comments(comments_between(text, end, len(text)))
    messages.finish()
    return writer.text().replace("\n", line_break)


def _replace(root: Node, text: str, names: Dict[str, str], variables: VariableDictionary, messages: Messages) -> None:
    walk = placed_nodes(root)
    placed = next(walk, None)
    while placed is not None:
        for node in (placed.key, placed.node):
            if node is not None and node.tag:
                node.tag = _LONG_TAG.sub(r"!!\1", node.tag)
        name = names.get(fold(placed.path)) if placed.path and placed.node.kind != "alias" else None
        if name is not None:
            messages.found(name)
            _change(placed, text, variables.get(name))
        try:
            placed = walk.send(name is not None)
        except StopIteration:
            return


def _change(placed: Placed, text: str, value: Optional[str]) -> None:
    node = placed.node
    if node.kind == "scalar":
        node.value = "null" if value is None else value
        if value is None:
            node.style, node.tag = "", None
        elif not value:
            node.style = node.style or "'"
        return
    new = _fragment(value, node.anchor)
    kept = _kept_comments(node, placed.key, text)
    inside, node.comments.tail, node.comments.inside = node.comments.inside, [], []
    for name in ("kind", "value", "style", "flow", "anchor", "tag", "children"):
        setattr(node, name, getattr(new, name))
    if node.in_lines:
        node.comments.inside, node.comments.tail = inside, kept
    else:
        node.comments.after = [*node.comments.before, *inside, *node.comments.after, *kept]
        node.comments.before = []


def _kept_comments(node: Node, key: Optional[Node], text: str) -> List[Comment]:
    """Those behind a collection that stand no deeper than its key, so that they do not speak of its content."""
    owner = (key or node).start
    column = owner - text.rfind("\n", 0, owner) - 1
    found: List[Comment] = []
    while node.in_lines:
        found = [*node.comments.tail, *found]
        node = node.children[-1]
    return [comment for comment in found if not comment.inline and comment.column <= column]


def _fragment(value: Optional[str], anchor: Optional[str]) -> Node:
    """A value as YAML; what is no YAML, or nothing, is a text in double quotes that has the anchor of the old node."""
    try:
        roots = read_nodes(value.replace("\r\n", "\n")) if value is not None else []
    except NotReadable:
        roots = []
    found = [root for root in roots if root.kind != "scalar" or root.value or root.style]
    if found:
        return found[0]
    node = Node("scalar", 0, "null" if value is None else value)
    node.style = "" if value is None else '"'
    node.anchor = anchor
    return node
