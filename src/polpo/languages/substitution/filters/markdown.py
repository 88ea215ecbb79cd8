"""Markdown to HTML: CommonMark with pipe tables, extra emphasis and bare links."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, List, Literal, Optional, Sequence

from polpo.languages.substitution.errors import FilterFailed

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_TAGS = {"~~": "del", "~": "sub", "^": "sup", "^^": "sup", "++": "ins", "==": "mark"}
_LINK = re.compile(r"(?<![^\s*_~(])(?:https?://|ftp://|mailto:|tel:|www\.)[^\s<]+")
_OWN = 1000
"""Added to a marker, so that the pairing tells single from double ones."""
_TRAILING = "?!.,:*_~;'\""


def to_html(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    """Raises `FilterFailed` where the library for Markdown is not installed."""
    if value is None or options:
        return None
    html = _renderer().render(value.strip())
    return re.sub(r'style="text-align:(\w+)"', r'style="text-align: \1;"', html) + "\n"


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        raise FilterFailed("The Markdown filter needs the Python package markdown-it-py, which is not here.") from None
    parser = MarkdownIt("commonmark").enable("table")
    parser.inline.ruler.before("emphasis", "extra_emphasis", _scan)
    parser.inline.ruler2.before("emphasis", "extra_emphasis", _pair)
    parser.core.ruler.push("bare_links", _link)
    return parser


def _scan(state: StateInline, silent: bool) -> bool:
    """Marks runs of the extra characters as possible delimiters."""
    from markdown_it.rules_inline.state_inline import Delimiter

    marker = state.src[state.pos]
    if silent or marker not in "~^+=":
        return False
    scanned = state.scanDelims(state.pos, True)
    width = 1 if scanned.length == 1 else 2
    if marker * width not in _TAGS or (scanned.length % width and width == 2):
        width = 1
    if marker * width not in _TAGS:
        return False
    for _ in range(scanned.length // width):
        token = state.push("text", "", 0)
        token.content = marker * width
        state.delimiters.append(
            Delimiter(ord(marker) + _OWN * width, 0, len(state.tokens) - 1, -1, scanned.can_open, scanned.can_close)
        )
    state.pos += scanned.length
    return True


def _pair(state: StateInline) -> None:
    """Turns the delimiters that found their partner into tags, at this level and in all that was nested."""
    nested = [meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta]
    for delimiters in [state.delimiters, *nested]:
        for opening in delimiters:
            if opening.marker >= _OWN and opening.end >= 0:
                _make_tag(state.tokens[opening.token], nesting=1)
                _make_tag(state.tokens[delimiters[opening.end].token], nesting=-1)


def _make_tag(token: Token, nesting: Literal[1, -1]) -> None:
    token.tag = _TAGS[token.content]
    token.type = f"{token.tag}_{'open' if nesting > 0 else 'close'}"
    token.nesting = nesting
    token.content = ""


def _link(state: StateCore) -> None:
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = _linked(block.children)


def _linked(tokens: List[Token]) -> List[Token]:
    linked: List[Token] = []
    depth = 0
    for token in tokens:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        linked += _split(token) if token.type == "text" and not depth else [token]
    return linked


def _split(text: Token) -> List[Token]:
    from markdown_it.token import Token

    parts: List[Token] = []
    end = 0
    for match in _LINK.finditer(text.content):
        address = match.group().rstrip(_TRAILING)
        if address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1]
        if len(address) <= len("http://") and "." not in address[4:]:
            continue
        parts.append(Token("text", "", 0, content=text.content[end : match.start()]))
        target = f"http://{address}" if address.startswith("www.") else address
        parts.append(Token("link_open", "a", 1, attrs={"href": target}))
        parts.append(Token("text", "", 0, content=re.sub("^(?:mailto|tel):", "", address)))
        parts.append(Token("link_close", "a", -1))
        end = match.start() + len(address)
    return [*parts, Token("text", "", 0, content=text.content[end:])] if parts else [text]
