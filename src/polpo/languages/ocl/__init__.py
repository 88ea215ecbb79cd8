"""OCL, the language of version-controlled projects: text to document and back."""

from __future__ import annotations

from polpo.languages.ocl.elements import (
    MAX_DEPTH,
    Attribute,
    Block,
    Document,
    Element,
    Heredoc,
    Position,
    QuotedText,
    Value,
)
from polpo.languages.ocl.errors import OclError, OclMappingError, OclSyntaxError, OclWriteError
from polpo.languages.ocl.parser import parse
from polpo.languages.ocl.plain import from_plain, to_plain
from polpo.languages.ocl.writer import write

__all__ = [
    "MAX_DEPTH",
    "Attribute",
    "Block",
    "Document",
    "Element",
    "Heredoc",
    "OclError",
    "OclMappingError",
    "OclSyntaxError",
    "OclWriteError",
    "Position",
    "QuotedText",
    "Value",
    "from_plain",
    "parse",
    "to_plain",
    "write",
]
