"""From text to document, in one pass: the time is linear in the length of the text, whatever the text."""

from __future__ import annotations

from polpo.languages.ocl.characters import name_end
from polpo.languages.ocl.elements import MAX_DEPTH, Attribute, Block, Document, Value
from polpo.languages.ocl.literals import BLANKS, SAME_LINE, read_dictionary, read_literal, read_string, skip
from polpo.languages.ocl.source import Source


def parse(text: str) -> Document:
    """A byte-order mark at the start is passed over. The one error is OclSyntaxError."""
    return _Parser(text.removeprefix("\ufeff")).document()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._source = Source(text)

    def document(self) -> Document:
        document = Document()
        body = document.body
        open_blocks: list[Block] = []
        offset = skip(BLANKS, self._text, 0)
        while offset < len(self._text):
            if open_blocks and self._text[offset] == "}":
                open_blocks.pop()
                body = open_blocks[-1].body if open_blocks else document.body
                offset = skip(BLANKS, self._text, offset + 1)
                continue
            element, offset, has_body = self._element(offset)
            body.append(element)
            if has_body and isinstance(element, Block):
                if len(open_blocks) == MAX_DEPTH:
                    raise self._source.fault(offset, f"Blocks are nested more than {MAX_DEPTH} deep")
                open_blocks.append(element)
                body = element.body
            offset = skip(BLANKS, self._text, offset)
        if open_blocks:
            raise self._unclosed(open_blocks[-1])
        return document

    def _element(self, start: int) -> tuple[Attribute | Block, int, bool]:
        """The element, where reading goes on, and whether that is inside the block."""
        source, text = self._source, self._text
        end = name_end(text, start)
        if end == start:
            raise source.unexpected(start, "the name of an attribute or a block")
        name, position = text[start:end], source.position(start)
        offset = skip(SAME_LINE, text, end)
        if text[offset : offset + 1] == "=":
            value, offset = self._value(skip(SAME_LINE, text, offset + 1))
            return Attribute(name, value, position), offset, False
        labels: list[str] = []
        while text[offset : offset + 1] == '"':
            label, offset = read_string(source, offset)
            labels.append(label)
            offset = skip(SAME_LINE, text, offset)
        brace = skip(BLANKS, text, offset)
        if text[brace : brace + 1] != "{":
            raise source.unexpected(offset, self._expected_after(name, labels))
        offset, has_body = self._opening(brace)
        return Block(name, labels, [], position), offset, has_body

    def _expected_after(self, name: str, labels: list[str]) -> str:
        if labels:
            return f"'{{' or another label after the label of '{name[:100]}'"
        return f"'=', '{{' or a label after '{name[:100]}'"

    def _opening(self, brace: int) -> tuple[int, bool]:
        source, text = self._source, self._text
        inside = skip(BLANKS, text, brace + 1)
        if text[inside : inside + 1] == "}":
            return inside + 1, False
        line_end = skip(SAME_LINE, text, brace + 1)
        if line_end < len(text) and text[line_end] != "\n":
            raise source.unexpected(line_end, "the end of the line after '{'")
        return inside, True

    def _value(self, start: int) -> tuple[Value, int]:
        if self._text[start : start + 1] == "{":
            return read_dictionary(self._source, start)
        return read_literal(self._source, start)

    def _unclosed(self, block: Block) -> Exception:
        line = block.position.line if block.position else 0
        return self._source.unexpected(len(self._text), f"'}}' to end the block '{block.name[:100]}' of line {line}")
