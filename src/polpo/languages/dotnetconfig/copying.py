"""Elements and attributes of a transform, taken over into the document: their namespaces stay theirs."""

from __future__ import annotations

from typing import Dict, List, Optional

from polpo.languages.dotnetconfig.locators import NAMESPACE
from polpo.languages.dotnetconfig.written import WrittenAttribute, WrittenData
from polpo.languages.structured.xml_nodes import XMLNS_NAMESPACE, Attribute, Data, Element, Node


def copy_for(source: Element, parent: Optional[Element]) -> Element:
    """Without what steers the transform, and with each declaration of a namespace that the new place has not."""
    return _copy(source, parent.namespaces() if parent is not None else {})


def _copy(source: Element, scope: Dict[str, str]) -> Element:
    copy = Element(source.name, source.uri)
    copy.closed = source.closed
    kept = [one for one in source.attributes if one.uri != NAMESPACE and not _is_declaration(one)]
    used = {_prefix(source.name): source.uri}
    used.update((_prefix(one.name), one.uri) for one in kept if ":" in one.name)
    # A declaration may also be for texts that hold prefixed names, such as xsi:type.
    declared = {_declared(one): one.value for one in source.attributes if _is_declaration(one)}
    needed = {**{prefix: uri for prefix, uri in declared.items() if uri != NAMESPACE}, **used}
    missing = {prefix: uri for prefix, uri in needed.items() if scope.get(prefix, "") != uri}
    for prefix, uri in missing.items():
        copy.set(f"xmlns:{prefix}" if prefix else "xmlns", uri, XMLNS_NAMESPACE)
    for one in kept:
        attribute = _copied_attribute(one)
        attribute.parent = copy
        copy.attributes.append(attribute)
    inner = {**scope, **missing}
    for child in source.children:
        copy.append(_copy(child, inner) if isinstance(child, Element) else _copied(child))
    return copy


def set_attribute(target: Element, wanted: Attribute) -> None:
    """One of the same name and namespace is changed, else a new one added, with a prefix that means the same there."""
    for one in target.attributes:
        if one.local == wanted.local and one.uri == wanted.uri:
            one.value = wanted.value
            return
    name = wanted.name
    if wanted.uri:
        scope = target.namespaces()
        known = [prefix for prefix, uri in scope.items() if prefix and uri == wanted.uri]
        if _prefix(name) not in known:
            name = f"{known[0] if known else _free(_prefix(name), scope)}:{wanted.local}"
        if not known:
            target.set(f"xmlns:{_prefix(name)}", wanted.uri, XMLNS_NAMESPACE)
    target.set(name, wanted.value, wanted.uri)


def attribute_in(attributes: List[Attribute], name: str, context: Element) -> Optional[Attribute]:
    """By a name whose prefix is one of the context."""
    prefix, _, local = name.rpartition(":")
    uri = context.namespaces().get(prefix) if prefix else ""
    return next((one for one in attributes if one.local == local and one.uri == uri), None)


def _free(prefix: str, scope: Dict[str, str]) -> str:
    while prefix in scope:
        prefix += "_"
    return prefix


def _copied(node: Node) -> Node:
    if isinstance(node, WrittenData):
        copy = WrittenData(node.kind, node.data, node.target, node.written)
        # Line breaks become those of the document.
        return copy if "\n" not in node.written else Data(node.kind, node.data, node.target)
    return Data(node.kind, node.data, node.target) if isinstance(node, Data) else node


def _copied_attribute(one: Attribute) -> Attribute:
    if not isinstance(one, WrittenAttribute):
        return Attribute(one.name, one.uri, one.value)
    copy = WrittenAttribute(one.name, one.uri, one.value)
    copy.equals, copy.quote, copy.written = one.equals, one.quote, one.written
    return copy


def _is_declaration(one: Attribute) -> bool:
    return one.name == "xmlns" or one.name.startswith("xmlns:")


def _declared(one: Attribute) -> str:
    return one.name[len("xmlns:") :]


def _prefix(name: str) -> str:
    return name.rpartition(":")[0]
