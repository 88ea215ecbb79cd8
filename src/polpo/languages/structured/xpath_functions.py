"""The functions of XPath."""

from __future__ import annotations

import math
import re
from typing import Callable, Dict, List

from polpo.languages.dotnet_regex import NotSupported, translate
from polpo.languages.structured.xml_nodes import XML_NAMESPACE, Attribute, Data, Element, Node
from polpo.languages.structured.xpath_evaluation import (
    XPathFailed,
    number_of,
    number_of_item,
    text_of,
    text_of_item,
    truth_of,
)
from polpo.languages.structured.xpath_run import Context, Evaluate, Sequence, fixed

Arguments = List[Sequence]
_WITHOUT_TEXT = frozenset(("not", "boolean", "exists", "empty", "count", "reverse"))


def call(name: str, arguments: List[Evaluate]) -> Evaluate:
    """Raises `KeyError` for a function that does not exist."""
    apply = _WITH_CONTEXT.get(name)
    if apply is not None:
        return _in_context(name, apply, arguments)
    plain = _FUNCTIONS[name]

    def evaluate(context: Context) -> Sequence:
        values = [argument(context) for argument in arguments]
        for value in values:
            context.run.spend(len(value))
            if name not in _WITHOUT_TEXT:
                context.run.spend_for_text(value)
        try:
            return plain(values)
        except IndexError:
            raise XPathFailed(f"{name}() has too few arguments") from None

    return fixed(evaluate, *arguments)


def _in_context(name: str, apply: Callable[[Context, Arguments], Sequence], arguments: List[Evaluate]) -> Evaluate:
    """With an argument these ask for nothing but it, except for the language, which is the node's."""

    def evaluate(context: Context) -> Sequence:
        return apply(context, [argument(context) for argument in arguments])

    return fixed(evaluate, *arguments) if arguments and name != "lang" else evaluate


def _subject(context: Context, arguments: Arguments) -> Sequence:
    return arguments[0] if arguments else [context.node]


def _subject_text(context: Context, arguments: Arguments) -> str:
    subject = _subject(context, arguments)[:1]
    context.run.spend_for_text(subject)
    return text_of(subject)


def _local_name(context: Context, arguments: Arguments) -> Sequence:
    return [_part_of_name(_subject(context, arguments), "local")]


def _part_of_name(subject: Sequence, part: str) -> str:
    node = subject[0] if subject else None
    if isinstance(node, (Element, Attribute)):
        return str(getattr(node, part))
    return node.target if isinstance(node, Data) and part != "uri" else ""


def _lang(context: Context, arguments: Arguments) -> Sequence:
    node: Node | None = context.node
    wanted = text_of(arguments[0]).lower()
    while node is not None:
        for attribute in node.attributes if isinstance(node, Element) else ():
            if attribute.local == "lang" and attribute.uri == XML_NAMESPACE:
                found = attribute.value.lower()
                return [found == wanted or found.startswith(wanted + "-")]
        node = node.parent
    return [False]


_WITH_CONTEXT: Dict[str, Callable[[Context, Arguments], Sequence]] = {
    "position": lambda context, _: [float(context.position)],
    "last": lambda context, _: [float(context.size)],
    "string": lambda context, arguments: [_subject_text(context, arguments)],
    "number": lambda context, arguments: [number_of([_subject_text(context, arguments)])],
    "string-length": lambda context, arguments: [float(len(_subject_text(context, arguments)))],
    "normalize-space": lambda context, arguments: [" ".join(_subject_text(context, arguments).split())],
    "local-name": _local_name,
    "name": lambda context, arguments: [_part_of_name(_subject(context, arguments), "name")],
    "namespace-uri": lambda context, arguments: [_part_of_name(_subject(context, arguments), "uri")],
    "root": lambda context, _: [context.run.top],
    "lang": _lang,
}


def _substring(arguments: Arguments) -> Sequence:
    text = text_of(arguments[0])
    start = _round(number_of(arguments[1]))
    end = start + _round(number_of(arguments[2])) if len(arguments) > 2 else math.inf
    return ["".join(character for place, character in enumerate(text, 1) if start <= place < end)]


def _round(value: float) -> float:
    return float(math.floor(value + 0.5)) if math.isfinite(value) else value


def _translate(arguments: Arguments) -> Sequence:
    text, source, target = (text_of(argument) for argument in arguments[:3])
    table: Dict[str, str] = {}
    for place, character in enumerate(source):
        table.setdefault(character, target[place : place + 1])
    return ["".join(table.get(character, character) for character in text)]


def _expression(arguments: Arguments, place: int) -> re.Pattern[str]:
    flags = text_of(arguments[place]) if len(arguments) > place else ""
    try:
        return translate((f"(?{flags})" if flags else "") + text_of(arguments[1])).expression
    except (re.error, NotSupported) as problem:
        raise XPathFailed(str(problem)) from problem


def _replaced(arguments: Arguments) -> Sequence:
    replacement = re.sub(r"\$(\d)", r"\\g<\1>", text_of(arguments[2]).replace("\\", "\\\\"))
    return [_expression(arguments, 3).sub(replacement, text_of(arguments[0]))]


def _numbers(argument: Sequence) -> List[float]:
    return [number_of_item(item) for item in argument]


def _before(arguments: Arguments) -> Sequence:
    found = text_of(arguments[0]).partition(text_of(arguments[1]) or "\0")
    return [found[0] if found[1] else ""]


def _after(arguments: Arguments) -> Sequence:
    separator = text_of(arguments[1])
    return [text_of(arguments[0]).partition(separator)[2] if separator else text_of(arguments[0])]


def _distinct(arguments: Arguments) -> Sequence:
    return list(dict.fromkeys(text_of_item(item) for item in arguments[0]))


_FUNCTIONS: Dict[str, Callable[[Arguments], Sequence]] = {
    "true": lambda _: [True],
    "false": lambda _: [False],
    "not": lambda arguments: [not truth_of(arguments[0])],
    "boolean": lambda arguments: [truth_of(arguments[0])],
    "exists": lambda arguments: [bool(arguments[0])],
    "empty": lambda arguments: [not arguments[0]],
    "count": lambda arguments: [float(len(arguments[0]))],
    "sum": lambda arguments: [sum(_numbers(arguments[0]), 0.0)],
    "avg": lambda arguments: [sum(_numbers(arguments[0])) / len(arguments[0])] if arguments[0] else [],
    "min": lambda arguments: [min(_numbers(arguments[0]))] if arguments[0] else [],
    "max": lambda arguments: [max(_numbers(arguments[0]))] if arguments[0] else [],
    "floor": lambda arguments: [float(math.floor(number_of(arguments[0])))],
    "ceiling": lambda arguments: [float(math.ceil(number_of(arguments[0])))],
    "round": lambda arguments: [_round(number_of(arguments[0]))],
    "abs": lambda arguments: [abs(number_of(arguments[0]))],
    "concat": lambda arguments: ["".join(text_of(argument) for argument in arguments)],
    "string-join": lambda arguments: [
        (text_of(arguments[1]) if len(arguments) > 1 else "").join(text_of_item(item) for item in arguments[0])
    ],
    "starts-with": lambda arguments: [text_of(arguments[0]).startswith(text_of(arguments[1]))],
    "ends-with": lambda arguments: [text_of(arguments[0]).endswith(text_of(arguments[1]))],
    "contains": lambda arguments: [text_of(arguments[1]) in text_of(arguments[0])],
    "substring": _substring,
    "substring-before": _before,
    "substring-after": _after,
    "translate": _translate,
    "lower-case": lambda arguments: [text_of(arguments[0]).lower()],
    "upper-case": lambda arguments: [text_of(arguments[0]).upper()],
    "matches": lambda arguments: [_expression(arguments, 2).search(text_of(arguments[0])) is not None],
    "replace": _replaced,
    "tokenize": lambda arguments: [*_expression(arguments, 2).split(text_of(arguments[0]))],
    "distinct-values": _distinct,
    "reverse": lambda arguments: arguments[0][::-1],
}
KNOWN = frozenset((*_WITH_CONTEXT, *_FUNCTIONS))
