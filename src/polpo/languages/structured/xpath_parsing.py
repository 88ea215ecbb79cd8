"""Reading XPath expressions."""

from __future__ import annotations

import re
from typing import List, Mapping, Optional, Tuple

from polpo.kernel.errors import Invalid
from polpo.languages.structured import xpath_steps as steps
from polpo.languages.structured.xpath_evaluation import AXES, Test, named, of_kind
from polpo.languages.structured.xpath_functions import KNOWN, call
from polpo.languages.structured.xpath_run import Constant, Evaluate, top

_NAME = r"[^\W\d][\w.\-]*"
_TOKEN = re.compile(
    rf"""\s*(?:(?P<literal>"(?:[^"]|"")*"|'(?:[^']|'')*')|(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)"""
    rf"""|(?P<wild>\*:{_NAME}|{_NAME}:\*)|(?P<name>{_NAME}(?::(?!:){_NAME})?)"""
    rf"""|(?P<sign>\.\.|::|//|!=|<=|>=|<<|>>|[()\[\].@,/|+\-=<>*$]))"""
)
_BLANK = re.compile(r"\s*")
_KINDS = ("node", "text", "comment", "processing-instruction", "element", "attribute", "document-node")
_WORDS = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_BINARY: Tuple[Tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("=", "!=", "<", "<=", ">", ">=", *_WORDS),
    ("+", "-"),
    ("*", "div", "mod", "idiv"),
    ("|", "union"),
    ("intersect", "except"),
)
_MAX_DEPTH = 60


class InvalidXPath(Invalid):
    """The text is no XPath expression, or one that is not known here."""


def parse_xpath(text: str, prefixes: Mapping[str, str]) -> Evaluate:
    """Raises `InvalidXPath`."""
    reader = _Reader(text, prefixes)
    evaluate = reader.expression()
    if reader.kind != "end":
        raise reader.refused("an operator")
    return evaluate


class _Reader:
    """One token ahead: `kind` and `token`."""

    def __init__(self, text: str, prefixes: Mapping[str, str]) -> None:
        self._text = text
        self._prefixes = prefixes
        self._at = 0
        self._depth = 0
        self.kind = self.token = ""
        self._advance()

    def refused(self, wanted: str) -> InvalidXPath:
        found = f"'{self.token}'" if self.kind != "end" else "its end"
        return InvalidXPath(f"'{self._text[:200]}' is no XPath: {wanted} is expected instead of {found}.")

    def _advance(self) -> str:
        token = self.token
        match = _TOKEN.match(self._text, self._at)
        if match is None:
            blank = _BLANK.match(self._text, self._at)
            rest = self._text[blank.end() if blank else self._at :]
            self.kind, self.token = ("end", "") if not rest else ("unknown", rest[:1])
            return token
        self._at = match.end()
        self.kind = match.lastgroup or ""
        self.token = match.group(self.kind)
        return token

    def _take(self, token: str) -> bool:
        if self.kind in ("sign", "name") and self.token == token:
            self._advance()
            return True
        return False

    def _need(self, token: str) -> None:
        if not self._take(token):
            raise self.refused(f"'{token}'")

    def _opens_call(self) -> bool:
        blank = _BLANK.match(self._text, self._at)
        return self._text.startswith("(", blank.end() if blank else self._at)

    # -- expressions

    def expression(self) -> Evaluate:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise InvalidXPath(f"'{self._text[:200]}' is nested too deeply.")
        parts = [self._single()]
        while self._take(","):
            parts.append(self._single())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else steps.joined(parts)

    def _single(self) -> Evaluate:
        if self.kind == "name" and self.token == "if" and self._opens_call():  # noqa: S105 - a word of the language
            self._advance()
            self._need("(")
            test = self.expression()
            self._need(")")
            self._need("then")
            then = self._single()
            self._need("else")
            return steps.choice(test, then, self._single())
        return self._binary(0)

    def _binary(self, level: int) -> Evaluate:
        if level == len(_BINARY):
            return self._unary()
        left = self._binary(level + 1)
        while self.kind in ("sign", "name") and self.token in _BINARY[level]:
            operator = self._advance()
            left = steps.operation(left, _WORDS.get(operator, operator), self._binary(level + 1))
        return left

    def _unary(self) -> Evaluate:
        signs = ""
        while self.kind == "sign" and self.token in ("-", "+"):
            signs += self._advance()
        path = self._path()
        return path if not signs else steps.negated(path) if signs.count("-") % 2 else steps.number(path)

    # -- paths

    def _path(self) -> Evaluate:
        if self._take("//"):
            return self._relative(steps.descend(top))
        if self._take("/"):
            return self._relative(top) if self._starts_step() else top
        return self._relative(None)

    def _starts_step(self) -> bool:
        return self.kind in ("name", "wild") or (self.kind == "sign" and self.token in (".", "..", "@", "*"))

    def _relative(self, base: Optional[Evaluate]) -> Evaluate:
        found = self._step(base)
        while self.kind == "sign" and self.token in ("/", "//"):
            found = self._step(steps.descend(found) if self._advance() == "//" else found)
        return found

    def _step(self, base: Optional[Evaluate]) -> Evaluate:
        if self._is_primary():
            primary = self._primary()
            filtered = steps.filtered(primary, self._predicates())
            return filtered if base is None else steps.mapped(base, filtered)
        base = base or steps.here
        if self._take("."):
            return steps.walked(base, "self", of_kind("node"), self._predicates())
        if self._take(".."):
            return steps.walked(base, "parent", of_kind("node"), self._predicates())
        axis = "attribute" if self._take("@") else "child"
        blank = _BLANK.match(self._text, self._at)
        if axis == "child" and self.kind == "name" and self._text.startswith("::", blank.end() if blank else self._at):
            axis = self._advance()
            self._need("::")
            if axis not in AXES:
                raise InvalidXPath(f"'{self._text[:200]}' is no XPath: there is no axis '{axis}'.")
        return steps.walked(base, axis, self._node_test(axis), self._predicates())

    def _is_primary(self) -> bool:
        if self.kind in ("literal", "number") or (self.kind == "sign" and self.token == "("):  # noqa: S105 - a bracket
            return True
        return self.kind == "name" and self._opens_call() and self.token not in _KINDS

    def _primary(self) -> Evaluate:
        if self.kind == "literal":
            raw = self._advance()
            return Constant(raw[1:-1].replace(raw[0] * 2, raw[0]))
        if self.kind == "number":
            return Constant(float(self._advance()))
        if self._take("("):
            if self._take(")"):
                return steps.joined([])
            inner = self.expression()
            self._need(")")
            return inner
        name = self._advance()
        local = re.sub("^fn:", "", name)
        self._need("(")
        if local not in KNOWN:
            raise InvalidXPath(f"'{self._text[:200]}' is no XPath: there is no function '{name}'.")
        return call(local, self._arguments())

    def _arguments(self) -> List[Evaluate]:
        arguments: List[Evaluate] = []
        while not self._take(")"):
            arguments.append(self._single())
            if not self._take(",") and self.token != ")":  # noqa: S105 - a bracket
                raise self.refused("')'")
        return arguments

    def _predicates(self) -> List[Evaluate]:
        found: List[Evaluate] = []
        while self._take("["):
            found.append(self.expression())
            self._need("]")
        return found

    def _node_test(self, axis: str) -> Test:
        attribute = axis == "attribute"
        if self._take("*"):
            return named("*", "", any_uri=True, attribute=attribute)
        if self.kind == "wild":
            prefix, _, local = self._advance().partition(":")
            if prefix == "*":
                return named(local, "", any_uri=True, attribute=attribute)
            return named("*", self._uri(prefix), any_uri=False, attribute=attribute)
        if self.kind != "name":
            raise self.refused("a name")
        name = self._advance()
        if name in _KINDS and self._take("("):
            target = self._advance().strip("\"'") if self.kind in ("literal", "name") else ""
            self._need(")")
            return of_kind(name, target)
        prefix, _, local = name.rpartition(":")
        return named(local, self._uri(prefix) if prefix else "", any_uri=False, attribute=attribute)

    def _uri(self, prefix: str) -> str:
        if prefix not in self._prefixes:
            raise InvalidXPath(f"'{self._text[:200]}' is no XPath here: the prefix '{prefix}' is not declared.")
        return self._prefixes[prefix]
