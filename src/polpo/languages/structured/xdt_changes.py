"""What a transform can do to the elements it is located at."""

from __future__ import annotations

from typing import Callable, Dict, List, NamedTuple, Optional

from polpo.languages.structured.results import ReplacementFailed
from polpo.languages.structured.xml_nodes import Data, Element, Node

NAMESPACE = "http://schemas.microsoft.com/XML-Document-Transform"


class TransformFailed(ReplacementFailed):
    """The transform or its target cannot be read, or the transform asks for what does not exist."""


class Step(NamedTuple):
    """One element of the transform with where it applies: the elements it is located at, and their parents.

    `select` finds elements by XPath from the parents on.
    """

    name: str
    element: Element
    parents: List[Element]
    located: List[Element]
    argument: str
    path: str
    warnings: List[str]
    select: Callable[[str, List[Element], Element], List[Element]]

    def warn(self, text: str) -> None:
        self.warnings.append(f"{self.name}: {text}")

    def matched(self, elements: List[Element]) -> List[Element]:
        if not elements:
            locator = instruction(self.element, "Locator")
            self.warn(f"No element in the source document matches '{self.path}'{f' by {locator}' if locator else ''}.")
        return elements

    def first(self, verb: str) -> List[Element]:
        if len(self.located) > 1:
            self.warn(f"Found {len(self.located)} elements at '{self.path}'; {verb} takes only the first.")
        return self.matched(self.located)[:1]


def instruction(element: Element, name: str) -> Optional[str]:
    """The value of `xdt:Transform` or `xdt:Locator`, whatever the prefix."""
    return next((one.value for one in element.attributes if one.uri == NAMESPACE and one.local == name), None)


def same_name(one: Element, other: Element) -> bool:
    return one.local == other.local and one.uri == other.uri


def names_in(argument: str) -> List[str]:
    return [name.strip() for name in argument.split(",") if name.strip()]


def _insert(step: Step) -> None:
    for parent in step.matched(step.parents)[:1]:
        _append(parent, _clean(step.element))


def _insert_if_missing(step: Step) -> None:
    if not step.located:
        _insert(step)


def _insert_before(step: Step) -> None:
    _insert_beside(step, after=False)


def _insert_after(step: Step) -> None:
    _insert_beside(step, after=True)


def _insert_beside(step: Step, *, after: bool) -> None:
    found = step.select(step.argument, step.parents, step.element)
    parent = found[0].parent if found else None
    if parent is None:
        step.warn(f"No element in the source document matches '{step.argument}' for '{step.path}'.")
        return
    place = parent.place_of(found[0])
    blank = parent.children[place - 1] if place else None
    new: List[Node] = [_clean(step.element)]
    if isinstance(blank, Data) and not blank.data.strip():
        margin = Data("text", blank.data)
        new = [margin, *new] if after else [*new, margin]
    for number, node in enumerate(new):
        parent.insert(place + after + number, node)


def _remove(step: Step) -> None:
    for target in step.first("Remove"):
        _detach(target)


def _remove_all(step: Step) -> None:
    for target in step.matched(step.located):
        _detach(target)


def _replace(step: Step) -> None:
    for target in step.first("Replace"):
        parent = target.parent
        if parent is not None:
            place = parent.place_of(target)
            del parent.children[place]
            target.parent = None
            parent.insert(place, _clean(step.element))


def _set_attributes(step: Step) -> None:
    names = names_in(step.argument)
    wanted = [one for one in _clean(step.element).attributes if not names or one.name in names]
    for target in step.matched(step.located):
        for attribute in wanted:
            if not attribute.name.startswith("xmlns"):
                target.set(attribute.name, attribute.value, attribute.uri)


def _remove_attributes(step: Step) -> None:
    names = names_in(step.argument)
    for target in step.matched(step.located):
        target.attributes = [one for one in target.attributes if names and one.name not in names]


TRANSFORMS: Dict[str, Callable[[Step], None]] = {
    "Insert": _insert,
    "InsertIfMissing": _insert_if_missing,
    "InsertBefore": _insert_before,
    "InsertAfter": _insert_after,
    "Remove": _remove,
    "RemoveAll": _remove_all,
    "RemoveAttributes": _remove_attributes,
    "Replace": _replace,
    "SetAttributes": _set_attributes,
}


def _clean(element: Element) -> Element:
    """A copy without anything of the transform's namespace."""
    copy = Element(element.name, element.uri)
    copy.closed = element.closed
    for one in element.attributes:
        if one.uri != NAMESPACE and not (one.name.startswith("xmlns:") and one.value == NAMESPACE):
            copy.set(one.name, one.value, one.uri)
    for child in element.children:
        copy.append(_clean(child) if isinstance(child, Element) else _copied(child))
    return copy


def _copied(node: Node) -> Node:
    return Data(node.kind, node.data, node.target) if isinstance(node, Data) else node


def _append(parent: Element, new: Element) -> None:
    """As the last child, with the same blanks in front as its siblings have."""
    last = parent.children[-1] if parent.children else None
    if isinstance(last, Data) and last.kind == "text" and not last.data.strip() and len(parent.children) > 1:
        first = parent.children[0]
        margin = first.data if isinstance(first, Data) and not first.data.strip() else last.data
        parent.insert(len(parent.children) - 1, Data("text", margin))
        parent.insert(len(parent.children) - 1, new)
    else:
        parent.append(new)


def _detach(target: Element) -> None:
    """Takes the element out, and the blanks in front of it."""
    parent = target.parent
    if parent is None:
        return
    place = parent.place_of(target)
    del parent.children[place]
    target.parent = None
    before = parent.children[place - 1] if place else None
    if isinstance(before, Data) and before.kind == "text" and not before.data.strip() and len(parent.children) > 1:
        del parent.children[place - 1]
