"""A document as data: a list of elements, each an attribute (name, value) or a block (name, labels, elements).

Order is kept and names may repeat. Two elements are equal when they say the same, wherever they were read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Union

MAX_DEPTH = 200
"""Blocks in blocks. Real files have five levels; the bound lets every reader of a document recurse without care."""


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A text of lines. `indented` is the form `<<-`, whose lines stand under the attribute."""

    text: str
    tag: str = "EOT"
    indented: bool = True


class QuotedText(str):
    """A text that the writer keeps on one line, with escapes, where it would otherwise make a heredoc of it."""

    __slots__ = ()


Scalar = Union[None, bool, int, float, Decimal, str, Heredoc]
"""Numbers with a dot are read as Decimal, so that `1.50` stays as it is; a float is only ever written."""
Array = Union[list[str], list[int], list[Decimal], list[Union[int, float, Decimal]]]
Value = Union[Scalar, Array, dict[str, Union[Scalar, Array]]]


@dataclass(frozen=True, slots=True)
class Position:
    """Counted from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Attribute:
    name: str
    value: Value
    position: Position | None = field(default=None, compare=False, repr=False)


@dataclass(slots=True)
class Block:
    name: str
    labels: list[str] = field(default_factory=list)
    body: list[Element] = field(default_factory=list)
    position: Position | None = field(default=None, compare=False, repr=False)

    def __iter__(self) -> Iterator[Element]:
        return iter(self.body)


Element = Union[Attribute, Block]


@dataclass(slots=True)
class Document:
    body: list[Element] = field(default_factory=list)

    def __iter__(self) -> Iterator[Element]:
        return iter(self.body)
