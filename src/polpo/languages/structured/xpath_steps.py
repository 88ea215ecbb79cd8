"""The pieces that XPath expressions are put together from."""

from __future__ import annotations

import math
from typing import Callable, Dict, List

from polpo.languages.structured.xml_nodes import Node
from polpo.languages.structured.xpath_evaluation import (
    Test,
    XPathFailed,
    axis,
    compare,
    number_of,
    of_kind,
    truth_of,
)
from polpo.languages.structured.xpath_run import Constant, Context, Evaluate, Sequence, fixed

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


def here(context: Context) -> Sequence:
    return [context.node]


def joined(parts: List[Evaluate]) -> Evaluate:
    return fixed(lambda context: [item for part in parts for item in part(context)], *parts)


def choice(test: Evaluate, then: Evaluate, otherwise: Evaluate) -> Evaluate:
    return fixed(lambda context: (then if truth_of(test(context)) else otherwise)(context), test, then, otherwise)


def number(value: Evaluate) -> Evaluate:
    return fixed(lambda context: [_number(value(context), context)], value)


def negated(value: Evaluate) -> Evaluate:
    return fixed(lambda context: [-_number(value(context), context)], value)


def _number(items: Sequence, context: Context) -> float:
    context.run.spend_for_text(items[:1])
    return number_of(items)


def _nodes(items: Sequence) -> List[Node]:
    nodes = [item for item in items if isinstance(item, Node)]
    if len(nodes) < len(items):
        raise XPathFailed("a step goes on from something that is no node")
    return nodes


def walked(base: Evaluate, along: str, test: Test, predicates: List[Evaluate]) -> Evaluate:
    """From every node of the base along an axis; positions in predicates count from the node outwards."""

    def evaluate(context: Context) -> Sequence:
        found: List[Node] = []
        for node in _nodes(base(context)):
            along_axis = axis(along, node)
            context.run.spend(1 + len(along_axis))
            found += _nodes(_kept([one for one in along_axis if test(one)], predicates, context))
        return [*context.run.in_order(found)]

    return fixed(evaluate, base)


def descend(base: Evaluate) -> Evaluate:
    return walked(base, "descendant-or-self", of_kind("node"), [])


def mapped(base: Evaluate, step: Evaluate) -> Evaluate:
    def evaluate(context: Context) -> Sequence:
        nodes = _nodes(base(context))
        return [
            item for place, node in enumerate(nodes, 1) for item in step(Context(node, place, len(nodes), context.run))
        ]

    return fixed(evaluate, base)


def filtered(value: Evaluate, predicates: List[Evaluate]) -> Evaluate:
    return value if not predicates else lambda context: _kept(value(context), predicates, context)


def _kept(items: Sequence, predicates: List[Evaluate], context: Context) -> Sequence:
    for predicate in predicates:
        if isinstance(predicate, Constant) and isinstance(predicate.value, float):
            place = predicate.value
            items = items[int(place) - 1 : int(place)] if place == int(place) and place >= 1 else []
            continue
        size = len(items)
        context.run.spend(4 * size)
        kept: Sequence = []
        for place, item in enumerate(items, 1):
            node = item if isinstance(item, Node) else context.node
            answer = predicate(Context(node, place, size, context.run))
            single = answer[0] if len(answer) == 1 else None
            position = isinstance(single, float) and not isinstance(single, bool)
            if (single == place) if position else truth_of(answer):
                kept.append(item)
        items = kept
    return items


def operation(left: Evaluate, operator: str, right: Evaluate) -> Evaluate:
    return fixed(_operation(left, operator, right), left, right)


def _operation(left: Evaluate, operator: str, right: Evaluate) -> Evaluate:
    if operator == "or":
        return lambda context: [truth_of(left(context)) or truth_of(right(context))]
    if operator == "and":
        return lambda context: [truth_of(left(context)) and truth_of(right(context))]
    if operator in _COMPARISONS:
        return lambda context: [compare(left(context), operator, right(context), context.run)]
    if operator in _SETS:
        return lambda context: [*context.run.in_order(_SETS[operator](_nodes(left(context)), _nodes(right(context))))]
    apply = _ARITHMETIC[operator]
    return lambda context: [apply(_number(left(context), context), _number(right(context), context))]


def _divided(left: float, right: float) -> float:
    if right:
        return left / right
    return math.copysign(math.inf, left) if left else math.nan


_ARITHMETIC: Dict[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "div": _divided,
    "idiv": lambda left, right: float(math.trunc(_divided(left, right))) if right else math.nan,
    "mod": lambda left, right: math.fmod(left, right) if right else math.nan,
}


def _among(left: List[Node], right: List[Node], *, wanted: bool) -> List[Node]:
    others = {id(node) for node in right}
    return [node for node in left if (id(node) in others) is wanted]


_SETS: Dict[str, Callable[[List[Node], List[Node]], List[Node]]] = {
    "|": lambda left, right: [*left, *right],
    "union": lambda left, right: [*left, *right],
    "intersect": lambda left, right: _among(left, right, wanted=True),
    "except": lambda left, right: _among(left, right, wanted=False),
}
