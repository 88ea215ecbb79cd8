"""Which elements of a document an element of a transform speaks of."""

from __future__ import annotations

import re
from typing import List, NamedTuple, Optional

from polpo.kernel.errors import Invalid
from polpo.languages.structured.xml_nodes import Attribute, Document, Element
from polpo.languages.structured.xpath import InvalidXPath, compile_xpath

NAMESPACE = "http://schemas.microsoft.com/XML-Document-Transform"
#: How an XPath names the namespace that elements without a prefix are in.
_DEFAULT = "_defaultNamespace"
#: And here, the namespace of the element itself.
_OWN = "_ownNamespace"
_CALL = re.compile(r"\s*(\w+)\s*(?:\((.*)\))?\s*", re.DOTALL)
_PARTS = re.compile(r"""[^,()"']+|"[^"]*"|'[^']*'|.""", re.DOTALL)


class Refused(Invalid):
    """An instruction of a transform that cannot be followed."""


class Call(NamedTuple):
    """`name(argument, …)` as it stands in an attribute; the argument as one text, empty without brackets."""

    name: str
    argument: str

    @property
    def arguments(self) -> List[str]:
        return split(self.argument)


def split(argument: str) -> List[str]:
    """At commas outside of brackets and quotes; trimmed."""
    parts: List[str] = [""]
    depth = 0
    for piece in _PARTS.findall(argument):
        depth += (piece == "(") - (piece == ")")
        if piece == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts] if argument.strip() else []


def instruction(element: Element, name: str) -> Optional[str]:
    """The value of `xdt:Transform`, `xdt:Locator`, whatever the prefix."""
    return next((one.value for one in element.attributes if one.uri == NAMESPACE and one.local == name), None)


def call_in(element: Element, name: str) -> Optional[Call]:
    text = instruction(element, name)
    if text is None:
        return None
    match = _CALL.fullmatch(text)
    if match is None:
        raise Refused(f'{name}="{text}" is not of the form Name or Name(arguments).')
    return Call(match.group(1), (match.group(2) or "").strip())


class Place:
    """One element of a transform; `above` is the place of its parent there.

    Elements are looked for whenever they are asked for, so that a later instruction sees what earlier ones did.
    """

    def __init__(self, element: Element, above: Optional[Place], document: Document) -> None:
        self.element = element
        self.above = above
        self._document = document

    def located(self) -> List[Element]:
        """The elements of the document that it speaks of. Raises `Refused`."""
        locator = call_in(self.element, "Locator")
        if locator is None:
            return self._named(self._holders())
        find = {"Condition": self._condition, "Match": self._match, "XPath": self._xpath}.get(locator.name)
        if find is None:
            raise Refused(f"There is no locator '{locator.name}'; there are Condition, Match and XPath.")
        return find(locator)

    def parents(self) -> List[Element]:
        """The elements that something is to be inserted into: where an XPath locates, what it locates."""
        locator = call_in(self.element, "Locator")
        return self.located() if locator is not None and locator.name == "XPath" else self._holders()

    def select(self, xpath: str, start: Element) -> List[Element]:
        """Elements by an XPath with the prefixes of the transform. Raises `Refused`."""
        prefixes = {prefix or _DEFAULT: uri for prefix, uri in self.element.namespaces().items()}
        prefixes[_OWN] = self.element.uri
        try:
            found = compile_xpath(xpath, prefixes).select(start)
        except InvalidXPath as problem:
            raise Refused(problem.message) from None
        return [node for node in found if isinstance(node, Element)]

    def path(self) -> str:
        """For people: the way from the root, with locators."""
        above = self.above.path() if self.above is not None else ""
        locator = instruction(self.element, "Locator")
        return f"{above}/{self.element.name}" + (f"[{locator}]" if locator else "")

    def missing(self, *, parents: bool) -> str:
        """The path of the topmost place at which nothing is."""
        place = self.above if parents and self.above is not None else self
        while place.above is not None and not place.above.located():
            place = place.above
        return place.path()

    def _holders(self) -> List[Element]:
        return [self._document] if self.above is None else self.above.located()

    def _named(self, parents: List[Element]) -> List[Element]:
        local, uri = self.element.local, self.element.uri
        return [
            child
            for one in parents
            for child in one.children
            if isinstance(child, Element) and child.local == local and child.uri == uri
        ]

    def _match(self, locator: Call) -> List[Element]:
        wanted: List[Attribute] = []
        for name in locator.arguments:
            own = self.element.get(name)
            if own is None:
                raise Refused(f"Match({locator.argument}) needs the attribute '{name}', which the element has not.")
            wanted.append(own)
        if not wanted:
            raise Refused("Match needs the names of attributes, as in Match(key).")
        found = self._named(self._holders())
        return [one for one in found if all(_has(one, attribute) for attribute in wanted)]

    def _condition(self, locator: Call) -> List[Element]:
        """The predicate sees the position among the elements of the name, as in `name[…]`."""
        if not locator.argument:
            raise Refused("Condition needs an XPath, as in Condition(@name='a').")
        argument = locator.argument
        predicate = argument if argument.startswith("[") and argument.endswith("]") else f"[{argument}]"
        parents = self._holders()
        return [one for parent in parents for one in self.select(f"{self._step()}{predicate}", parent)]

    def _xpath(self, locator: Call) -> List[Element]:
        if not locator.argument:
            raise Refused("XPath needs an XPath, as in XPath(/configuration/appSettings).")
        if locator.argument.startswith("/"):
            return self.select(locator.argument, self._document)
        return [one for own in self._named(self._holders()) for one in self.select(locator.argument, own)]

    def _step(self) -> str:
        """The name of the element as a step of an XPath."""
        return f"{_OWN}:{self.element.local}" if self.element.uri else self.element.local


def _has(element: Element, wanted: Attribute) -> bool:
    value, local, uri = wanted.value, wanted.local, wanted.uri
    for one in element.attributes:  # noqa: SIM110 - asked of every element for every instruction
        if one.value == value and one.local == local and one.uri == uri:
            return True
    return False
