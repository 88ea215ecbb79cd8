"""Reading what stands inside one pair of braces: paths, filters, tests and calculations.

Every reader takes a position and answers `(end, thing)`; without a thing, `end` is where reading came to a stop. How
far it came matters: lenient mode copies a token that cannot be read up to exactly that point.
"""

from __future__ import annotations

import re
from typing import List, Optional, Tuple, Union

from polpo.languages.substitution import tokens as t
from polpo.languages.substitution.characters import name_end, skip_blanks, word_end

_DIGITS = re.compile("[0-9]+")
_QUOTED = re.compile('"([^"#]*)"')
_UNQUOTED = re.compile('"[^"#]*')
_NO_INDEX = -1
_MAX_BRACKETS = 100

ReadExpression = Tuple[int, Optional[t.Expression]]
ReadOperand = Tuple[int, Optional[t.Operand]]


class HeadReader:
    """Over one text. `token_at` is supplied by the reader of whole templates: an option may be a token itself."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._closing: Optional[List[int]] = None

    def token_at(self, position: int) -> Tuple[int, Optional[t.Token]]:
        raise NotImplementedError

    # -- paths

    def path(self, position: int) -> Tuple[int, Optional[t.Path]]:
        end = name_end(self.text, position)
        if end is None:
            return position, None
        steps: List[t.Step] = [t.Name(self.text[position:end].strip(), position)]
        while True:
            start = end
            if self.text.startswith(".", start):
                found = name_end(self.text, start + 1)
                if found is None:
                    break
                steps.append(t.Name(self.text[start + 1 : found].strip(), start + 1))
                end = found
            elif self.text.startswith("[", start):
                end, index = self._index(start)
                if index is None:
                    end = start
                    break
                steps.append(index)
            else:
                break
        return end, t.Path(steps)

    def _index(self, start: int) -> Tuple[int, Optional[t.Index]]:
        inside = skip_blanks(self.text, start + 1)
        if self.text.startswith("#{", inside):
            end, token = self.token_at(inside)
            if isinstance(token, t.Substitution) and isinstance(token.expression, t.Path):
                end = skip_blanks(self.text, end)
                if self.text.startswith("]", end):
                    return end + 1, t.Index(None, start, token.expression)
        closing = self._closing_bracket(start)
        if closing == _NO_INDEX:
            return start, None
        return closing + 1, t.Index(self._index_text(start + 1, closing), start)

    def _index_text(self, start: int, end: int) -> str:
        """The text between brackets; blanks after an opening bracket are dropped, inner ones as well as the first."""
        text = self.text[skip_blanks(self.text, start) : end]
        return re.sub(r"\[\s+", "[", text) if "[" in text else text

    def _closing_bracket(self, opening: int) -> int:
        """All pairs of the text are found in one pass, so that unclosed brackets cost nothing more each."""
        if self._closing is None:
            self._closing = [_NO_INDEX] * len(self.text)
            waiting: List[int] = []
            for match in re.finditer(r"[\[\]]", self.text):
                if match.group() == "[":
                    waiting.append(match.start())
                elif waiting:
                    self._closing[waiting.pop()] = match.start()
        return self._closing[opening]

    # -- expressions

    def expression(self, position: int) -> ReadExpression:
        """A path, or an optional path and a chain of filters. Blanks in front are skipped, blanks behind are not."""
        start = skip_blanks(self.text, position)
        end, path = self.path(start)
        after = skip_blanks(self.text, end)
        chain: t.Expression = path or t.Path(())
        filtered = False
        while self.text.startswith("|", after):
            begin = skip_blanks(self.text, after + 1)
            stop = word_end(self.text, begin)
            if stop is None:
                break
            name = self.text[begin:stop]
            end, options = self._options(skip_blanks(self.text, stop))
            chain = t.FilterCall(chain, name, options)
            filtered = True
            after = end
        if filtered or path is not None:
            return end, chain
        return (skip_blanks(self.text, after + 1) if self.text.startswith("|", after) else after), None

    def _options(self, position: int) -> Tuple[int, List[t.Token]]:
        options: List[t.Token] = []
        while True:
            if self.text.startswith("#{", position):
                end, token = self.token_at(position)
                if token is None:
                    return position, options
                options.append(token)
                position = end
                continue
            start = skip_blanks(self.text, position)
            stop = word_end(self.text, start)
            if stop is not None:
                options.append(t.Text(self.text[start:stop]))
            else:
                stop, literal = self.literal(start)
                if literal is None:
                    return position, options
                options.append(t.Text(literal))
            position = skip_blanks(self.text, stop)

    def literal(self, position: int) -> Tuple[int, Optional[str]]:
        r"""`"text"`, or `\"text\"` whose text may hold quotes and hash signs."""
        match = _QUOTED.match(self.text, position)
        if match is not None:
            return match.end(), match.group(1)
        if self.text.startswith('\\"', position):
            closing = self.text.find('\\"', position + 2)
            return (len(self.text), None) if closing < 0 else (closing + 2, self.text[position + 2 : closing])
        unfinished = _UNQUOTED.match(self.text, position)
        if unfinished is not None:
            return unfinished.end(), None
        return position + self.text.startswith("\\", position), None

    # -- tests

    def condition(self, position: int) -> Tuple[int, Optional[t.Condition]]:
        start = skip_blanks(self.text, position)
        end, left = self.expression(start)
        if left is None:
            return self._literal_first(start, end)
        operator_at = skip_blanks(self.text, end)
        operator = self._operator(operator_at)
        if operator:
            begin = skip_blanks(self.text, operator_at + 2)
            right: Union[t.Expression, str, None]
            stop, right = self.expression(begin)
            if right is None:
                stop, right = self.literal(begin)
            if right is not None:
                return stop, t.Condition(left, operator, right)
        return end, t.Condition(left)

    def _literal_first(self, start: int, reached: int) -> Tuple[int, Optional[t.Condition]]:
        end, literal = self.literal(start)
        if literal is None:
            return max(end, reached), None
        end = skip_blanks(self.text, end)
        operator = self._operator(end)
        if not operator:
            return max(end, reached), None
        stop, expression = self.expression(end + 2)
        if expression is None:
            return max(stop, reached), None
        return stop, t.Condition(expression, operator, literal)

    def _operator(self, position: int) -> str:
        return next((operator for operator in ("==", "!=") if self.text.startswith(operator, position)), "")

    # -- calculations

    def calculation(self, position: int, depth: int = 0) -> ReadOperand:
        return self._chain(position, "+-", depth)

    def _chain(self, position: int, operators: str, depth: int) -> ReadOperand:
        end, left = self._operand(position, operators, depth)
        while left is not None:
            at = skip_blanks(self.text, end)
            operator = self.text[at : at + 1]
            if not operator or operator not in operators:
                break
            stop, right = self._operand(skip_blanks(self.text, at + 1), operators, depth)
            if right is None:
                break
            left, end = t.Operation(left, operator, right), stop
        return end, left

    def _operand(self, position: int, operators: str, depth: int) -> ReadOperand:
        return self._chain(position, "*/", depth) if operators == "+-" else self._factor(position, depth)

    def _factor(self, position: int, depth: int) -> ReadOperand:
        if self.text.startswith("(", position):
            if depth >= _MAX_BRACKETS:
                return position + 1, None
            end, inner = self.calculation(position + 1, depth + 1)
            if inner is None or self.text.startswith(")", end):
                return end + (inner is not None), inner
            return end, None
        digits = _DIGITS.match(self.text, position)
        if digits is not None or self.text.startswith(".", position):
            return self._number(position, digits.end() if digits else position)
        if self.text.startswith("{", position):
            end, path = self.path(skip_blanks(self.text, position + 1))
            end = skip_blanks(self.text, end)
            if path is None or not self.text.startswith("}", end):
                return end, None
            return end + 1, path
        end, path = self.path(skip_blanks(self.text, position))
        return (skip_blanks(self.text, end) if path else end), path

    def _number(self, start: int, end: int) -> ReadOperand:
        if self.text.startswith(".", end):
            fraction = _DIGITS.match(self.text, end + 1)
            if fraction is None:
                return end + 1, None
            end = fraction.end()
        return end, float(self.text[start:end])
