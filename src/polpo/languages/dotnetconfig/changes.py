"""What a transform can do to the elements that it locates."""

from __future__ import annotations

from typing import Callable, Dict, List, NamedTuple, Tuple

from polpo.languages.dotnetconfig import layout
from polpo.languages.dotnetconfig.copying import attribute_in, copy_for, set_attribute
from polpo.languages.dotnetconfig.locators import NAMESPACE, Call, Place, Refused
from polpo.languages.structured.xml_nodes import XMLNS_NAMESPACE, Attribute, Document, Element


class Change(NamedTuple):
    """One element of a transform that says what is to be done. `tell` gets what was asked for in vain."""

    element: Element
    place: Place
    call: Call
    tell: Callable[[str], None]

    def apply(self) -> None:
        """Raises `Refused`."""
        if self.call.name not in _CHANGES:
            raise Refused(f"There is no transform '{self.call.name}'; there are {', '.join(_CHANGES)}.")
        _CHANGES[self.call.name](self)

    def warn(self, sentence: str) -> None:
        self.tell(f"{self.call.name} at {self.place.path()}: {sentence}")

    def targets(self) -> List[Element]:
        found = self.place.located()
        if not found:
            self.warn(f"nothing in the file is at {self.place.missing(parents=False)}.")
        return found

    def single(self) -> List[Element]:
        """The first of the targets; none where there are none."""
        found = self.targets()
        if len(found) > 1:
            self.warn(f"of {len(found)} elements there only the first is taken.")
        return found[:1]

    def parent(self) -> Element:
        found = self.place.parents()
        if not found:
            raise Refused(f"Nothing in the file is at {self.place.missing(parents=True)}, to insert into.")
        return found[0]

    def without_arguments(self) -> None:
        if self.call.argument:
            self.warn("it takes no arguments; those in brackets do not count.")


def _insert(change: Change) -> None:
    change.without_arguments()
    parent = change.parent()
    if isinstance(parent, Document):
        raise Refused("A file has one element at its top; nothing can be inserted beside it.")
    layout.append(parent, copy_for(change.element, parent))


def _insert_if_missing(change: Change) -> None:
    change.parent()
    if not change.place.located():
        _insert(change)
    else:
        change.without_arguments()


def _insert_before(change: Change) -> None:
    sibling, new = _beside(change)
    layout.insert_before(sibling, new)


def _insert_after(change: Change) -> None:
    sibling, new = _beside(change)
    layout.insert_after(sibling, new)


def _beside(change: Change) -> Tuple[Element, Element]:
    if not change.call.argument:
        raise Refused(f"{change.call.name} needs an XPath of the element to stand beside.")
    found = change.place.select(change.call.argument, change.parent())
    if not found:
        raise Refused(f"Nothing in the file is at {change.call.argument}, to stand beside.")
    parent = found[0].parent
    if parent is None or isinstance(parent, Document):
        raise Refused("A file has one element at its top; nothing can be inserted beside it.")
    return found[0], copy_for(change.element, parent)


def _replace(change: Change) -> None:
    change.without_arguments()
    for target in change.single():
        layout.replace(target, copy_for(change.element, target.parent))


def _remove(change: Change) -> None:
    change.without_arguments()
    for target in change.single():
        layout.remove(target)


def _remove_all(change: Change) -> None:
    change.without_arguments()
    for target in change.targets():
        if _is_in_the_document(target):
            layout.remove(target)


def _is_in_the_document(element: Element) -> bool:
    """Not gone with an element that stood around it."""
    at = element
    while at.parent is not None:
        at = at.parent
    return isinstance(at, Document)


def _set_attributes(change: Change) -> None:
    targets = change.targets()
    wanted = _chosen(change, change.element) if targets else []
    if targets and not wanted:
        change.warn("there are no attributes to set.")
    for target in targets:
        for attribute in wanted:
            set_attribute(target, attribute)


def _remove_attributes(change: Change) -> None:
    for target in change.targets():
        gone = _chosen(change, target)
        if not gone:
            change.warn("there are no attributes to remove.")
        target.attributes = [one for one in target.attributes if not any(one is other for other in gone)]


def _chosen(change: Change, holder: Element) -> List[Attribute]:
    """Those of the arguments, or all; declarations of namespaces and what steers the transform are none."""
    names = change.call.arguments
    own = [one for one in holder.attributes if one.uri not in (NAMESPACE, XMLNS_NAMESPACE)]
    if not names:
        return own
    chosen: List[Attribute] = []
    for name in names:
        found = attribute_in(own, name, change.element)
        if found is None:
            change.warn(f"there is no attribute '{name}'.")
        else:
            chosen.append(found)
    return chosen


_CHANGES: Dict[str, Callable[[Change], None]] = {
    "Insert": _insert,
    "InsertAfter": _insert_after,
    "InsertBefore": _insert_before,
    "InsertIfMissing": _insert_if_missing,
    "Remove": _remove,
    "RemoveAll": _remove_all,
    "RemoveAttributes": _remove_attributes,
    "Replace": _replace,
    "SetAttributes": _set_attributes,
}
