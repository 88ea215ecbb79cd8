"""YAML from nodes: the order, the styles and the comments of the input in one uniform indentation.

Blanks, indentation and quotes follow what YamlDotNet gives for the same document, since that is what files that Octopus
has rewritten look like. It differs where that would change what a file means: an empty value stays empty, a comment
never ends up in front of a text, nothing inside `[…]` or `{…}` is lost.
"""

from __future__ import annotations

from typing import Iterable, List

from polpo.languages.structured.yaml_nodes import Comment, Document, Node
from polpo.languages.structured.yaml_scalars import scalar, takes_lines

_LONGEST_KEY = 1024


class YamlWriter:
    """Writes documents one after the other; `indent` is the number of blanks per level."""

    def __init__(self, indent: int) -> None:
        self._step = indent
        self._parts: List[str] = []
        self._column = 0
        self._indent = -1
        self._blank = True  # whether the next text needs no blank in front of it
        self._fresh = True  # whether only indentation and `-`, `?`, `:` stand on the line
        self._first = True

    def text(self) -> str:
        return "".join(self._parts)

    def document(self, document: Document) -> None:
        root = document.root
        for directive in document.directives:
            self._line()
            self._mark(directive)
            self._line()
        nothing = root.kind == "scalar" and not (root.value or root.style or root.anchor or root.tag)
        if document.opened or not self._first or nothing:
            self._line()
            self._mark("---")
        self._first = False
        self.comments(root.comments.before)
        self._node(root, in_mapping=False)
        self._after(root)
        self._line()
        if document.ended:
            self._mark("...")
            self._line()

    # -- characters

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._column += len(text)

    def _break(self) -> None:
        self._parts.append("\n")
        self._column = 0

    def _line(self) -> None:
        """To the column of the indentation, on this line if nothing stands there yet."""
        margin = max(self._indent, 0)
        if not self._fresh or self._column > margin or (self._column == margin and not self._blank):
            self._break()
        if self._column < margin:
            self._write(" " * (margin - self._column))
        self._blank = self._fresh = True

    def _mark(self, text: str, *, spaced: bool = True, blank: bool = False, fresh: bool = False) -> None:
        if spaced and not self._blank:
            self._write(" ")
        self._write(text)
        self._blank = blank
        self._fresh = self._fresh and fresh

    def _deeper(self, *, of_text: bool = False) -> int:
        """Answers the indentation to come back to."""
        outer = self._indent
        self._indent = (self._step if of_text else 0) if outer < 0 else outer + self._step
        return outer

    # -- comments

    def comments(self, comments: Iterable[Comment]) -> None:
        for comment in comments:
            text = _comment_text(comment)
            if comment.inline and self._column:
                self._write(f" {text}")
            else:
                self._line()
                self._write(text)
                self._break()
            self._fresh = True

    def _after(self, node: Node) -> None:
        comments = node.comments.after
        if node.kind == "scalar" and node.style and node.style in "|>":
            comments = [comment for comment in comments if not comment.inline]
        self.comments(comments)

    # -- nodes

    def _node(self, node: Node, *, in_mapping: bool, as_key: bool = False) -> None:
        if node.kind == "alias":
            self._mark(f"*{node.anchor}")
            return
        if node.anchor:
            self._mark(f"&{node.anchor}")
        if node.tag:
            self._mark(node.tag)
        if node.kind == "scalar":
            self._scalar(node, as_key=as_key)
        elif not node.in_lines:
            self._mark(in_flow(node, properties=False))
        elif node.kind == "sequence":
            self._sequence(node, in_mapping=in_mapping)
        else:
            self._mapping(node)

    def _scalar(self, node: Node, *, as_key: bool) -> None:
        if not node.value and not node.style:
            return
        outer = self._deeper(of_text=True)
        style = '"' if as_key and node.style and node.style in "|>" else node.style
        written = scalar(node.value, style, margin=self._indent, flow=False, step=self._step)
        self._indent = outer
        header, line_break, body = written.partition("\n")
        self._mark(header)
        if header[0] in "|>":
            self.comments(comment for comment in node.comments.after if comment.inline)
        elif node.style and node.style in "|>":
            node.style = header[0]
        if line_break:
            self._write(line_break + body)
            self._column = len(body.rpartition("\n")[2])
        self._blank = self._fresh = False

    def _sequence(self, node: Node, *, in_mapping: bool) -> None:
        self.comments(node.comments.inside)
        outer = self._indent
        if not in_mapping or self._fresh:
            self._deeper()
        for child in node.children:
            self.comments(child.comments.before)
            self._line()
            self._mark("-", fresh=True)
            self._node(child, in_mapping=False)
            self._after(child)
        self.comments(node.comments.tail)
        self._indent = outer

    def _mapping(self, node: Node) -> None:
        self.comments(comment for comment in node.comments.inside if comment.inline)
        outer = self._deeper()
        self.comments(comment for comment in node.comments.inside if not comment.inline)
        for key, value in node.pairs():
            self.comments(key.comments.before)
            self._line()
            self._key(key)
            self.comments(value.comments.before)
            self._node(value, in_mapping=True)
            self._after(value)
        self.comments(node.comments.tail)
        self._indent = outer

    def _key(self, key: Node) -> None:
        if _is_simple(key):
            self._node(key, in_mapping=True, as_key=True)
            self._mark(":", spaced=key.kind == "alias" or (key.kind == "scalar" and not key.value and not key.style))
            self.comments(key.comments.after)
            return
        self._mark("?", fresh=True)
        self._node(key, in_mapping=True)
        self._after(key)
        self._line()
        self._mark(":", fresh=True)


def _is_simple(key: Node) -> bool:
    """Whether it can stand in front of `:` on one line."""
    if key.kind == "scalar":
        nothing = not (key.value or key.style or key.tag or key.anchor)
        return not nothing and not takes_lines(key.value) and len(key.value) <= _LONGEST_KEY
    return key.kind == "alias" or not key.children


def _comment_text(comment: Comment) -> str:
    """With a blank behind `#`; what programs look for at the very start of a file stays as it is."""
    if comment.position == 0 or comment.text.startswith(" "):
        return f"#{comment.text}"
    return f"# {comment.text}"


def in_flow(node: Node, *, properties: bool = True) -> str:
    """On one line."""
    if node.kind == "alias":
        return f"*{node.anchor}"
    before = _properties(node) if properties else ""
    if node.kind == "scalar":
        empty = not node.value and not node.style
        return before + ("" if empty else scalar(node.value, node.style, margin=0, flow=True))
    if node.kind == "sequence":
        return f"{before}[{', '.join(in_flow(child) for child in node.children)}]"
    return f"{before}{{{', '.join(_flow_pair(key, value) for key, value in node.pairs())}}}"


def _flow_pair(key: Node, value: Node) -> str:
    written = in_flow(key)
    simple = key.kind == "alias" or (key.kind == "scalar" and written and not takes_lines(key.value))
    colon = " :" if key.kind == "alias" or not simple else ":"
    return f"{'' if simple else '? '}{written}{colon} {in_flow(value)}"


def _properties(node: Node) -> str:
    return "".join([f"&{node.anchor} " if node.anchor else "", f"{node.tag} " if node.tag else ""])
