"""Walking a template over variables."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Callable, Dict, Iterable, List, Optional, Sequence, Union

from polpo.languages.substitution import tokens as t
from polpo.languages.substitution.bindings import Node, Scope
from polpo.languages.substitution.characters import BLANK_CHARACTERS
from polpo.languages.substitution.doubles import read_double
from polpo.languages.substitution.errors import SelfReference, TooDeep
from polpo.languages.substitution.json_text import Json, NotJson, plain_text, read_json
from polpo.languages.substitution.templates import ParseError, Template, read_template

Invoke = Callable[[str, Optional[str], Sequence[str]], Optional[str]]
"""Applies a filter by name to an input (None: there is none) with its options; None when it cannot do its work."""

MOST_ITEMS = 1_000_000
"""How many items all loops of one evaluation may go through."""
_INTEGER = re.compile(r"[ \t\n\v\f\r]*[+-]?[0-9]+[ \t\n\v\f\r]*")


def is_truthy(value: str) -> bool:
    """Nothing, exactly `0`, and `no` and `false` in any case between blanks are false; everything else is true."""
    return value not in ("", "0") and value.strip(BLANK_CHARACTERS).lower() not in ("no", "false")


class Report:
    """What could not be evaluated on the way, in order."""

    __slots__ = ("missing", "nulls")

    def __init__(self) -> None:
        self.missing: List[str] = []
        self.nulls = False


@lru_cache(maxsize=4096)
def _read_value(text: str) -> Union[Template, ParseError]:
    return read_template(text)


class Evaluator:
    """Of one template: `invoke` applies filters."""

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke
        self._items_left = MOST_ITEMS

    def text(self, tokens: Iterable[t.Token], scope: Scope, report: Report) -> str:
        parts: List[str] = []
        for token in tokens:
            if isinstance(token, t.Substitution) and isinstance(token.expression, t.Path):
                # The way that references nest: as few calls a level as can be, so that deep chains can be followed.
                node = self._find(token.expression, scope, report)
                if node is not None and node.item is not None:
                    parts.append(node.item)
                    continue
                report.missing.append(str(token))
                parts.append(report.missing[-1])
            else:
                self.write(token, scope, report, parts)
        return "".join(parts)

    def write(self, token: t.Token, scope: Scope, report: Report, parts: List[str]) -> None:
        if isinstance(token, t.Text):
            parts.append(token.text)
        elif isinstance(token, t.Substitution):
            self._substitution(token, scope, report, parts)
        elif isinstance(token, t.Conditional):
            self._conditional(token, scope, report, parts)
        elif isinstance(token, t.Repetition):
            self._repetition(token, scope, report, parts)
        else:
            number = self._number(token.operand, scope, report)
            parts.append(str(token) if number is None else t.print_number(number))

    # -- tokens

    def _substitution(self, token: t.Substitution, scope: Scope, report: Report, parts: List[str]) -> None:
        expression = token.expression
        value = self._value(expression, scope, report)
        if value is not None:
            parts.append(value)
            return
        parts.append(str(token))
        if isinstance(expression, t.FilterCall) and expression.name.lower() == "null":
            report.nulls = True
        else:
            report.missing.append(parts[-1])

    def _conditional(self, token: t.Conditional, scope: Scope, report: Report, parts: List[str]) -> None:
        condition = token.condition
        left = self._side(condition.left, scope, report)
        right = condition.right
        compared: Optional[str] = ""
        if condition.operator and left is not None:
            compared = right if isinstance(right, str) or right is None else self._side(right, scope, report)
        if left is None or compared is None:
            parts.append(str(token))
            report.missing.append(str(condition.left if left is None else right))
            return
        equal = left == compared
        holds = equal is (condition.operator == "==") if condition.operator else is_truthy(left)
        for inner in (token.truthy if holds else token.falsy).tokens:
            self.write(inner, scope, report, parts)

    def _side(self, expression: t.Expression, scope: Scope, report: Report) -> Optional[str]:
        """A side of a test: a path that is missing is empty, a filter that gives nothing spoils the test."""
        if isinstance(expression, t.FilterCall):
            return self._value(expression, scope, report)
        node = self._find(expression, scope, report)
        return (node.item or "") if node is not None else ""

    def _repetition(self, token: t.Repetition, scope: Scope, report: Report, parts: List[str]) -> None:
        items = self.items(token.collection, scope, report)
        self._items_left -= len(items)
        if self._items_left < 0:
            raise TooDeep(f"The loops of the template go through more than {MOST_ITEMS} items.")
        for number, item in enumerate(items):
            names = Node()
            names.children["octopus"] = _loop_names(number, len(items))
            names.children[t.fold(token.item)] = item
            within = Scope(names, scope)
            for inside in token.body.tokens:
                self.write(inside, within, report, parts)

    def items(self, collection: t.Path, scope: Scope, report: Report) -> Sequence[Node]:
        """What a collection consists of: its indexes, the parts of its JSON, or its text split at commas."""
        node = self._find(collection, scope, report)
        if node is None:
            return []
        if node.indexes:
            return list(node.indexes.values())
        if node.item is None:
            return []
        parsed = _json_of(node.item)
        if isinstance(parsed, list):
            return [_json_node(item) for item in parsed]
        if isinstance(parsed, dict):
            return [_property_node(name, value) for name, value in parsed.items()]
        return [Node(part) for part in node.item.split(",")]

    def _number(self, operand: t.Operand, scope: Scope, report: Report) -> Optional[float]:
        if isinstance(operand, float):
            return operand
        if isinstance(operand, t.Path):
            node = self._find(operand, scope, report)
            return None if node is None or node.item is None else read_double(node.item)
        left = self._number(operand.left, scope, report)
        right = None if left is None else self._number(operand.right, scope, report)
        return None if left is None or right is None else _calculate(left, operand.operator, right)

    # -- values

    def _value(self, expression: t.Expression, scope: Scope, report: Report) -> Optional[str]:
        if isinstance(expression, t.Path):
            node = self._find(expression, scope, report)
            return None if node is None else node.item
        argument = self._value(expression.argument, scope, report)
        options = [self.text((option,), scope, report) for option in expression.options]
        return self._invoke(expression.name, argument, options)

    def _find(self, path: t.Path, scope: Scope, report: Report) -> Optional[Node]:
        """The node at a path, its value evaluated; searched from the innermost scope outwards, as a whole in each.

        A null inside the value is echoed there; the template around it is not null for that.
        """
        around: Optional[Scope] = scope
        while around is not None:
            if path.key in around.looking:
                raise SelfReference(str(path), [str(followed) for followed in around.looking.values()])
            around = around.parent
        scope.looking[path.key] = path
        try:
            followed = self._with_indexes(path, scope) if path.dynamic else path
            node = None if followed is None else self._walk(followed, scope)
            if node is None:
                if followed is None or scope.parent is None:
                    return None
                return self._find(followed, scope.parent, report)
            if node.item is None:
                return node
            template = _read_value(node.item) if "#{" in node.item else None
            if template is None or isinstance(template, ParseError):
                return Node(node.item, node.data) if template is None else node
            inner = Report()
            text = self.text(template.tokens, scope, inner)
            report.missing += inner.missing
            return Node(text)
        finally:
            del scope.looking[path.key]

    def _with_indexes(self, path: t.Path, scope: Scope) -> Optional[t.Path]:
        steps: List[t.Step] = []
        for step in path.steps:
            if isinstance(step, t.Index) and step.path is not None:
                node = self._find(step.path, scope, Report())
                if node is None or node.item is None:
                    return None
                steps.append(t.Index(node.item, None))
            else:
                steps.append(step)
        return t.Path(steps)

    def _walk(self, path: t.Path, scope: Scope) -> Optional[Node]:
        node = scope.root
        for step in path.steps:
            if isinstance(step, t.Name):
                below = node.children.get(step.folded)
            elif step.text == "*" and node.indexes:
                below = next(iter(node.indexes.values()))
            else:
                below = node.indexes.get(step.folded)
            if below is None:
                below = self._part(node, step.text or "", scope)
                if below is None:
                    return None
            node = below
        return node

    def _part(self, node: Node, name: str, scope: Scope) -> Optional[Node]:
        """The property or element of a value that is JSON."""
        if not node.item or not name:
            return None
        data = node.data
        template = _read_value(node.item) if "#{" in node.item else None
        if isinstance(template, Template):
            try:
                data = _json_of(self.text(template.tokens, scope, Report()))
            except SelfReference:
                return None
        elif data is None:
            data = _json_of(node.item)
        if isinstance(data, dict):
            return _json_node(data.get(name))
        if isinstance(data, list):
            if not _INTEGER.fullmatch(name) or int(name) < 0:
                return None
            return _json_node(data[int(name)] if int(name) < len(data) else None)
        return None if data is None else Node(plain_text(data))


class JsonEvaluator(Evaluator):
    """Escapes for JSON what the template's own tokens give, once; not what stands inside values and options."""

    def __init__(self, invoke: Invoke) -> None:
        super().__init__(invoke)
        self._inside = 0

    def text(self, tokens: Iterable[t.Token], scope: Scope, report: Report) -> str:
        self._inside += 1
        try:
            return super().text(tokens, scope, report)
        finally:
            self._inside -= 1

    def _substitution(self, token: t.Substitution, scope: Scope, report: Report, parts: List[str]) -> None:
        if self._inside:
            super()._substitution(token, scope, report, parts)
        else:
            own: List[str] = []
            super()._substitution(token, scope, report, own)
            from polpo.languages.substitution.filters.escaping import json as json_escape

            parts += [json_escape(part, ()) or "" for part in own]


def _loop_names(number: int, count: int) -> Node:
    each = Node()
    states: Dict[str, str] = {"index": str(number), "first": str(number == 0), "last": str(number == count - 1)}
    each.children = {name: Node(state) for name, state in states.items()}
    template = Node()
    template.children["each"] = each
    octopus = Node()
    octopus.children["template"] = template
    return octopus


def _json_of(text: str) -> Json:
    try:
        return read_json(text)
    except NotJson:
        return None


def _json_node(value: Json) -> Node:
    return Node(plain_text(value), value if isinstance(value, (dict, list)) else None)


def _property_node(name: str, value: Json) -> Node:
    node = Node(name)
    node.children = {"key": Node(name), "value": _json_node(value)}
    return node


def _calculate(left: float, operator: str, right: float) -> float:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if right == 0:
        # Signed zeros divide as in floating point arithmetic; Python refuses to.
        if left == 0 or math.isnan(left):
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1, right)
    return left / right
