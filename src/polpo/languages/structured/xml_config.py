"""XML: nodes selected by XPath, their content replaced."""

from __future__ import annotations

import re
from typing import Dict, Optional

from polpo.languages.structured.results import Messages, NotReadable
from polpo.languages.structured.texts import Encoding, common_break, encoding_named
from polpo.languages.structured.xml_nodes import (
    Attribute,
    Data,
    Document,
    Element,
    Node,
    parse_document,
    parse_fragment,
)
from polpo.languages.structured.xml_writing import write_document
from polpo.languages.structured.xpath import CostlyXPath, InvalidXPath, compile_xpath
from polpo.languages.substitution import VariableDictionary

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._\-]+)["']""")


def declared_encoding(content: bytes) -> Optional[Encoding]:
    """What the XML declaration names; None without one, or for a name that is not known."""
    match = _DECLARED.match(content[:1000])
    return encoding_named(match.group(1).decode("ascii")) if match else None


def with_declared_encoding(text: str, name: str) -> str:
    """The declaration, if there is one, says this encoding."""
    return re.sub(r"""^(<\?xml[^>]*?encoding=)(["'])[^"']*\2""", rf"\g<1>\g<2>{name}\g<2>", text)


def replace_in_xml(text: str, variables: VariableDictionary, messages: Messages) -> str:
    """Indented by two. Raises `NotReadable`."""
    document = parse_document(text)
    prefixes = _prefixes(document, messages)
    for name in variables.names():
        if "/" in name or ":" in name:
            _apply(document, name, prefixes, variables, messages)
    messages.finish()
    return write_document(document, common_break(text))


def _prefixes(document: Document, messages: Messages) -> Dict[str, str]:
    """All that are declared anywhere; of a prefix with two addresses the first counts."""
    prefixes: Dict[str, str] = {}
    for node in document.walk():
        for attribute in node.attributes if isinstance(node, Element) else ():
            if not attribute.name.startswith("xmlns:"):
                continue
            known = prefixes.setdefault(attribute.local, attribute.value)
            if known != attribute.value:
                messages.warning(
                    f"The namespace '{attribute.value}' could not be mapped to the '{attribute.local}' prefix, as "
                    f"another namespace '{known}' is already mapped to that prefix. XPath selectors using this prefix "
                    "may not return the expected nodes. You can avoid this by ensuring all namespaces in your document "
                    "have unique prefixes."
                )
    return prefixes


def _apply(
    document: Document, name: str, prefixes: Dict[str, str], variables: VariableDictionary, messages: Messages
) -> None:
    try:
        selected = compile_xpath(name, prefixes).select(document)
    except CostlyXPath as problem:
        messages.warning(f"{problem} Skipping replacement of what it selects.")
        return
    except InvalidXPath:
        return
    for node in selected:
        messages.found(name)
        _set_content(node, name, variables.get(name) or "", messages)


def _set_content(node: Node, name: str, value: str, messages: Messages) -> None:
    if isinstance(node, Attribute):
        node.value = value
    elif isinstance(node, Data):
        node.data = value
    elif isinstance(node, Document) or not isinstance(node, Element):
        messages.warning(f"The XPath '{name}' selects the document itself, which is not supported.")
    elif len(node.children) == 1 and isinstance(node.children[0], Data) and node.children[0].kind == "cdata":
        node.children[0].data = value
    elif node.elements():
        _set_markup(node, name, value, messages)
    else:
        node.set_text(value)


def _set_markup(element: Element, name: str, value: str, messages: Messages) -> None:
    try:
        nodes = parse_fragment(value, element)
    except NotReadable:
        messages.warning(
            f"Could not set the value of the XML element at XPath '{name}' to '{value}'. Expected a valid XML "
            "fragment. Skipping replacement of this element."
        )
        return
    element.children = []
    for node in nodes:
        element.append(node)
