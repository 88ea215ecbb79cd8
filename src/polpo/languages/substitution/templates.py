"""Reading whole templates: text, tokens, and the bodies between tags.

Each place where a token may start is read once, from the right to the left, so that a token finds everything behind it
already known. That keeps reading linear and without recursion whatever the nesting, and bodies are only gathered when
they are evaluated.
"""

from __future__ import annotations

import bisect
import re
from functools import lru_cache
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union

from polpo.languages.substitution import tokens as t
from polpo.languages.substitution.characters import BLANKS, is_blank, name_end, skip_blanks
from polpo.languages.substitution.heads import HeadReader

_RUN = re.compile(r"#+\{")
_CONDITIONAL = re.compile(rf"#\{{[{BLANKS}]*([iI][fF]|[uU][nN][lL][eE][sS][sS])[{BLANKS}]+")
_CALCULATION = re.compile(rf"#\{{[{BLANKS}]*[cC][aA][lL][cC][{BLANKS}]+")
_REPETITION = re.compile(rf"#\{{[{BLANKS}]*[eE][aA][cC][hH][{BLANKS}]+")
_IN = re.compile(rf"[{BLANKS}]+[iI][nN](?=[{BLANKS}])")
_ELSE = "#{else}"
_ELSEIF = "#{elseif"
_PLAIN, _IF, _UNLESS = range(3)

Found = Tuple[int, Optional[t.Token]]


class ParseError(NamedTuple):
    """Where reading stopped: `position` counts from 0, line and column from 1."""

    message: str
    position: int
    line: int
    column: int


class Template(t.Body):
    """A template that was read, to be evaluated any number of times. Immutable."""

    __slots__ = ("placed",)

    def __init__(self, placed: Sequence[Tuple[int, t.Token]]) -> None:
        self.placed = tuple(placed)

    @property
    def tokens(self) -> Sequence[t.Token]:
        return [token for _, token in self.placed]


class _Nested(t.Body):
    """A body whose tokens are gathered when they are first asked for."""

    __slots__ = ("_found", "_mode", "_reader", "_start")

    def __init__(self, reader: TemplateReader, start: int, mode: int) -> None:
        self._reader = reader
        self._start = start
        self._mode = mode
        self._found: Optional[Tuple[t.Token, ...]] = None

    @property
    def tokens(self) -> Sequence[t.Token]:
        if self._found is None:
            self._found = tuple(token for _, token in self._reader.gather(self._start, self._mode))
        return self._found


class _Given(t.Body):
    __slots__ = ("_tokens",)

    def __init__(self, *given: t.Token) -> None:
        self._tokens = given

    @property
    def tokens(self) -> Sequence[t.Token]:
        return self._tokens


class TemplateReader(HeadReader):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._known: Dict[int, Found] = {}
        self._stops: Tuple[Dict[int, int], ...] = ({}, {}, {})
        runs = [(match.start(), match.end() - 2) for match in _RUN.finditer(text)]
        self._starts = [start for start, _ in runs]
        self._braces = [brace for _, brace in runs]
        self._next_token = self._find_tokens()
        for _, brace in reversed(runs):
            self._known[brace] = self._read_token(brace)

    def _find_tokens(self) -> List[int]:
        """For each run of hash signs before a brace: the number of the first run from it on that opens a token."""
        following = [len(self._braces)] * (len(self._braces) + 1)
        for number in range(len(self._braces) - 1, -1, -1):
            odd = (self._braces[number] - self._starts[number]) % 2 == 0
            following[number] = number if odd else following[number + 1]
        return following

    def next_token(self, position: int) -> int:
        """Where the next token opens, or the end of the text."""
        number = bisect.bisect_left(self._braces, position)
        if number < len(self._braces) and self._starts[number] < position:
            if (self._braces[number] - position) % 2 == 0:
                return self._braces[number]
            number += 1
        number = self._next_token[number]
        return self._braces[number] if number < len(self._braces) else len(self.text)

    def token_at(self, position: int) -> Found:
        return self._known[position]

    # -- tokens

    def _read_token(self, position: int) -> Found:
        if self.text.startswith("/", position + 2):
            return position + 1, None
        furthest = position + 1
        for read in (self._conditional, self._calculation, self._repetition, self._substitution):
            end, token = read(position)
            if token is not None:
                return end, token
            furthest = max(furthest, end)
        return furthest, None

    def _substitution(self, position: int) -> Found:
        end, expression = self.expression(position + 2)
        if expression is None:
            return end, None
        end = skip_blanks(self.text, end)
        return (end + 1, t.Substitution(expression)) if self.text.startswith("}", end) else (end, None)

    def _calculation(self, position: int) -> Found:
        match = _CALCULATION.match(self.text, position)
        if match is None:
            return position, None
        end, operand = self.calculation(match.end())
        if operand is None:
            return end, None
        end = skip_blanks(self.text, end)
        return (end + 1, t.Calculation(operand)) if self.text.startswith("}", end) else (end, None)

    def _repetition(self, position: int) -> Found:
        match = _REPETITION.match(self.text, position)
        if match is None:
            return position, None
        start = match.end()
        end = name_end(self.text, start)
        if end is None:
            return start, None
        keyword = _IN.search(self.text, start, end)
        item_end = keyword.start() if keyword else end
        at = skip_blanks(self.text, item_end)
        if self.text[at : at + 2].lower() != "in":
            return at, None
        end, collection = self.path(skip_blanks(self.text, at + 2))
        end = skip_blanks(self.text, end)
        if collection is None or not self.text.startswith("}", end):
            return end, None
        closing, body = self._closed(end + 1, _PLAIN, "#{/each}")
        if body is None:
            return closing, None
        return closing, t.Repetition(self.text[start:item_end].strip(), collection, body)

    def _closed(self, start: int, mode: int, tag: str) -> Tuple[int, Optional[t.Body]]:
        stop = self._stop(start, mode)
        if self.text.startswith(tag, stop):
            return stop + len(tag), _Nested(self, start, mode)
        return self._mismatch(stop, tag), None

    def _mismatch(self, position: int, tag: str) -> int:
        while tag and self.text.startswith(tag[0], position):
            position, tag = position + 1, tag[1:]
        return position

    def _conditional(self, position: int) -> Found:
        match = _CONDITIONAL.match(self.text, position)
        if match is None:
            return position, None
        keyword = match.group(1).lower()
        mode = _IF if keyword == "if" else _UNLESS
        body, condition = self._opening(match.end())
        if condition is None:
            return body, None
        end, alternatives = self._elseifs(self._stop(body, mode)) if mode == _IF else (self._stop(body, mode), [])
        tag = "#{/" + keyword + "}"
        other: t.Body = t.Body()
        if self.text.startswith(_ELSE, end):
            start = end + len(_ELSE)
            stop = self._stop(start, _PLAIN)
            if not self.text.startswith(tag, stop):
                return self._mismatch(stop, tag), None
            other, end = _Nested(self, start, _PLAIN), stop
        elif not self.text.startswith(tag, end):
            return self._mismatch(end, tag), None
        for start, test in reversed(alternatives):
            other = _Given(t.Conditional(test, _Nested(self, start, _IF), other))
        truthy: t.Body = _Nested(self, body, mode)
        if mode == _UNLESS:
            truthy, other = other, truthy
        return end + len(tag), t.Conditional(condition, truthy, other)

    def _opening(self, position: int) -> Tuple[int, Optional[t.Condition]]:
        """A test and the closing brace; answers where the body starts."""
        end, condition = self.condition(position)
        if condition is None:
            return end, None
        end = skip_blanks(self.text, end)
        return (end + 1, condition) if self.text.startswith("}", end) else (end, None)

    def _elseifs(self, position: int) -> Tuple[int, List[Tuple[int, t.Condition]]]:
        found: List[Tuple[int, t.Condition]] = []
        while self._is_elseif(position):
            body, condition = self._opening(position + len(_ELSEIF) + 1)
            if condition is None:
                break
            found.append((body, condition))
            position = self._stop(body, _IF)
        return position, found

    def _is_elseif(self, position: int) -> bool:
        return self.text.startswith(_ELSEIF, position) and is_blank(self.text, position + len(_ELSEIF))

    # -- bodies

    def _stop(self, start: int, mode: int) -> int:
        """Where a body that starts here ends: at a token that cannot be read or that belongs to the tags around it."""
        known = self._stops[mode]
        passed: List[int] = []
        position = self.next_token(start)
        while position not in known:
            if position == len(self.text) or self._ends(position, mode):
                known[position] = position
                break
            passed.append(position)
            position = self.next_token(self._known[position][0])
        stop = known[position]
        for place in passed:
            known[place] = stop
        return stop

    def _ends(self, position: int, mode: int) -> bool:
        if mode != _PLAIN and self.text.startswith(_ELSE, position):
            return True
        return self._known[position][1] is None or (mode == _IF and self._is_elseif(position))

    def gather(self, start: int, mode: int) -> Iterator[Tuple[int, t.Token]]:
        """The tokens of a body, each with its position."""
        stop = self._stop(start, mode)
        while True:
            opening = min(self.next_token(start), stop)
            if start < opening:
                yield start, t.Text(self._plain(start, opening))
            if opening == stop:
                return
            start, token = self._known[opening]
            if token is not None:
                yield opening, token

    def _plain(self, start: int, end: int) -> str:
        r"""Text with its escapes undone: `##{` is `#{`, `##` before a token is `#`, longer runs keep their pairs."""
        text = self.text[start:end]
        if "#" not in text:
            return text
        text = re.sub(r"(#+)#\{", lambda match: match.group(1) + "{", text)
        hashes = len(text) - len(text.rstrip("#"))
        return text[:-1] if hashes and end + len("#{") < len(self.text) else text

    def lenient(self) -> Iterator[Tuple[int, t.Token]]:
        """All tokens, where what cannot be read is text up to the furthest point that reading reached."""
        start = 0
        while start < len(self.text):
            yield from self.gather(start, _PLAIN)
            stop = self._stop(start, _PLAIN)
            if stop == len(self.text):
                return
            start = self._known[stop][0]
            yield stop, t.Text(self.text[stop:start])

    def strict(self) -> Union[List[Tuple[int, t.Token]], ParseError]:
        stop = self._stop(0, _PLAIN)
        if stop == len(self.text):
            return list(self.gather(0, _PLAIN))
        return self._error(self._known[stop][0])

    def _error(self, position: int) -> ParseError:
        line = self.text.count("\n", 0, position) + 1
        column = position - self.text.rfind("\n", 0, position)
        found = f"unexpected {self.text[position]!r}" if position < len(self.text) else "unexpected end of the text"
        return ParseError(
            f"The template cannot be read: {found} at line {line}, column {column}", position, line, column
        )


def read_template(text: str, halt: bool = True) -> Union[Template, ParseError]:
    """With `halt`, one bad token spoils the template; without, there is no error and bad tokens are text."""
    reader = TemplateReader(text)
    if not halt:
        return Template(list(reader.lenient()))
    placed = reader.strict()
    return placed if isinstance(placed, ParseError) else Template(placed)


@lru_cache(maxsize=8192)
def path_of(name: str) -> Optional[t.Path]:
    """The path that a variable's name stands for: its readable beginning. None: not reachable from a template."""
    return TemplateReader(name).path(0)[1]
