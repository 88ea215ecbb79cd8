"""What a template consists of once it is read, and how each piece is printed back.

Printing rebuilds a token in its canonical form (blanks collapsed, plain options quoted): that is what the reader of a
deployment log sees for a token that could not be evaluated.
"""

from __future__ import annotations

from typing import Iterator, List, Optional, Sequence, Tuple, Union


def fold(text: str) -> str:
    """Names and steps compare by this: without case, one character at a time."""
    if text.isascii():
        return text.lower()
    return "".join(c.lower() if c.isascii() else c.upper() if len(c.upper()) == 1 else c for c in text)


class Text:
    """Plain text, its hash escapes already undone."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text.replace("#{", "##{")

    def arguments(self) -> Iterator[str]:
        return iter(())


class Name:
    """A step by identifier. `position` takes part in telling loops from repetition, as in the original."""

    __slots__ = ("folded", "position", "text")

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.folded = fold(text)
        self.position = position

    def key(self) -> object:
        return (self.text, self.position)

    def __str__(self) -> str:
        return self.text

    def arguments(self) -> Iterator[str]:
        yield self.text


class Index:
    """A step in brackets: literal text, or `path` to look the text up with. Without either it was looked up in vain."""

    __slots__ = ("folded", "path", "position", "text")

    def __init__(self, text: Optional[str], position: Optional[int], path: Optional[Path] = None) -> None:
        self.text = text
        self.folded = fold(text or "")
        self.position = position
        self.path = path

    def key(self) -> object:
        return ("[", self.text, self.position, id(self.path) if self.path is not None else None)

    def __str__(self) -> str:
        return f"[{Substitution(self.path)}]" if self.path is not None else f"[{self.text or ''}]"

    def arguments(self) -> Iterator[str]:
        if self.path is not None:
            yield from self.path.arguments()


Step = Union[Name, Index]


class Path:
    """`Db[main].Host`. A path without steps is the absent input of `#{ | NowDate}`."""

    __slots__ = ("dynamic", "key", "steps")

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps: Tuple[Step, ...] = tuple(steps)
        self.key = tuple(step.key() for step in self.steps)
        self.dynamic = any(isinstance(step, Index) and step.path is not None for step in self.steps)

    def __str__(self) -> str:
        parts: List[str] = []
        for number, step in enumerate(self.steps):
            if number and isinstance(step, Name):
                parts.append(".")
            parts.append(str(step))
        return "".join(parts)

    def arguments(self) -> Iterator[str]:
        for step in self.steps:
            yield from step.arguments()


class FilterCall:
    __slots__ = ("argument", "name", "options")

    def __init__(self, argument: Expression, name: str, options: Sequence[Token]) -> None:
        self.argument = argument
        self.name = name
        self.options = tuple(options)

    def __str__(self) -> str:
        options = [f'"{option}"' if isinstance(option, Text) else str(option) for option in self.options]
        return " ".join([f"{self.argument} | {self.name}", *options])

    def arguments(self) -> Iterator[str]:
        yield from self.argument.arguments()
        for option in self.options:
            yield from option.arguments()


Expression = Union[Path, FilterCall]


class Substitution:
    __slots__ = ("expression",)

    def __init__(self, expression: Expression) -> None:
        self.expression = expression

    def __str__(self) -> str:
        return f"#{{{self.expression}}}"

    def arguments(self) -> Iterator[str]:
        return self.expression.arguments()


class Condition:
    """The test of a conditional. `operator` is empty for plain truth; a literal always stands on the right."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, left: Expression, operator: str = "", right: Union[Expression, str, None] = None) -> None:
        self.left = left
        self.operator = operator
        self.right = right

    def __str__(self) -> str:
        if not self.operator:
            return str(self.left)
        right = f'"{self.right}"' if isinstance(self.right, str) else str(self.right)
        return f"{self.left} {self.operator} {right} "

    def arguments(self) -> Iterator[str]:
        yield from self.left.arguments()
        if isinstance(self.right, str):
            yield self.right
        elif self.right is not None:
            yield from self.right.arguments()


class Body:
    """The tokens between two tags."""

    __slots__ = ()

    @property
    def tokens(self) -> Sequence[Token]:
        return ()

    def __str__(self) -> str:
        return "".join(str(token) for token in self.tokens)

    def arguments(self) -> Iterator[str]:
        for token in self.tokens:
            yield from token.arguments()


class Conditional:
    __slots__ = ("condition", "falsy", "truthy")

    def __init__(self, condition: Condition, truthy: Body, falsy: Body) -> None:
        self.condition = condition
        self.truthy = truthy
        self.falsy = falsy

    def __str__(self) -> str:
        falsy = f"#{{else}}{self.falsy}" if self.falsy.tokens else ""
        return f"#{{if {self.condition}}}{self.truthy}{falsy}#{{/if}}"

    def arguments(self) -> Iterator[str]:
        yield from self.condition.arguments()
        yield from self.truthy.arguments()
        yield from self.falsy.arguments()


class Repetition:
    __slots__ = ("body", "collection", "item")

    def __init__(self, item: str, collection: Path, body: Body) -> None:
        self.item = item
        self.collection = collection
        self.body = body

    def __str__(self) -> str:
        return f"#{{each {self.item} in {self.collection}}}{self.body}#{{/each}}"

    def arguments(self) -> Iterator[str]:
        return self.collection.arguments()


class Operation:
    """One operation of a calculation."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, left: Operand, operator: str, right: Operand) -> None:
        self.left = left
        self.operator = operator
        self.right = right


Operand = Union[Operation, Path, float]


class Calculation:
    __slots__ = ("operand",)

    def __init__(self, operand: Operand) -> None:
        self.operand = operand

    def __str__(self) -> str:
        return f"#{{{print_operand(self.operand)}}}"

    def arguments(self) -> Iterator[str]:
        waiting: List[Operand] = [self.operand]
        while waiting:
            operand = waiting.pop()
            if isinstance(operand, Operation):
                waiting += (operand.right, operand.left)
            elif isinstance(operand, Path):
                yield from operand.arguments()


def print_operand(operand: Operand) -> str:
    """Without the braces and brackets it may have been written with: the original prints so."""
    parts: List[str] = []
    waiting: List[Union[Operand, str]] = [operand]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Operation):
            waiting += (part.right, part.operator, part.left)
        else:
            parts.append(print_number(part) if isinstance(part, float) else str(part))
    return "".join(parts)


Token = Union[Text, Substitution, Conditional, Repetition, Calculation]


def print_number(value: float) -> str:
    """The shortest text that reads back to the same number, with an exponent from 1E+15 up and below 1E-05."""
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - the only portable test for "not a number"
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"  # noqa: PLR0124
    digits, _, exponent = f"{value!r}e".partition("e")
    sign = "-" if digits.startswith("-") else ""
    whole, _, fraction = digits.lstrip("-").partition(".")
    fraction = "" if fraction == "0" else fraction
    power = int(exponent.rstrip("e") or "0") + len(whole)
    figures = (whole + fraction).lstrip("0")
    power -= len(whole + fraction) - len(figures)
    figures = figures.rstrip("0")
    if not figures:
        return f"{sign}0"
    if power > 15 or power < -3:
        mantissa = figures[0] + (f".{figures[1:]}" if len(figures) > 1 else "")
        return f"{sign}{mantissa}E{'+' if power > 0 else '-'}{abs(power - 1):02d}"
    if power <= 0:
        return f"{sign}0.{'0' * -power}{figures}"
    if len(figures) <= power:
        return sign + figures + "0" * (power - len(figures))
    return f"{sign}{figures[:power]}.{figures[power:]}"
