"""Values of variables in `appSettings`, `connectionStrings` and `applicationSettings`."""

from __future__ import annotations

import re
from typing import Dict, Iterator, List, NamedTuple, Set, Tuple

from polpo.kernel.errors import TaskError
from polpo.languages.dotnetconfig.layout import append
from polpo.languages.dotnetconfig.reading import read
from polpo.languages.dotnetconfig.written import text_of
from polpo.languages.structured.xml_nodes import Data, Element
from polpo.languages.substitution import VariableDictionary


class Unwritable(TaskError):
    """A value has characters that no XML file can hold."""


class Replacement(NamedTuple):
    """The new text; the names as the file has them, in its order; and where a text took the place of elements."""

    text: str
    replaced: List[str]
    warnings: List[str]


def replace_variables(source: str, variables: VariableDictionary) -> Replacement:
    """Sections count in any namespace and at any depth, names compare without case, a null value is an empty text.

    Without a match the text is the source. Raises `NotReadable` where the source is not well-formed,
    and `Unwritable`.
    """
    document = read(source)
    replaced: List[str] = []
    warnings: List[str] = []
    for entry in list(_entries(document)):
        name = entry.element.get(entry.key)
        if name is None or name.value not in variables:
            continue
        text = variables.get(name.value) or ""
        if not _is_writable(text):
            raise Unwritable(
                f"The value of the variable '{name.value}' has control characters, which XML cannot hold. Take them "
                "out of the value, or encode it."
            )
        warnings += _put(entry, text)
        replaced.append(name.value)
    return Replacement(text_of(document) if replaced else source, replaced, warnings)


class _Entry(NamedTuple):
    """`value` names the attribute to be set; none: the text of the child `value`."""

    element: Element
    key: str
    value: str


#: Element, key and value attribute below the section; these are its children, a setting may be at any depth.
_SECTIONS: Dict[str, Tuple[str, str, str]] = {
    "appSettings": ("add", "key", "value"),
    "connectionStrings": ("add", "name", "connectionString"),
    "applicationSettings": ("setting", "name", ""),
}


def _entries(document: Element) -> Iterator[_Entry]:
    """Each once, also where sections stand inside each other."""
    seen: Set[int] = set()
    for section in document.walk():
        if not isinstance(section, Element) or section.local not in _SECTIONS:
            continue
        local, key, value = _SECTIONS[section.local]
        below = section.elements() if value else (node for node in section.walk() if isinstance(node, Element))
        for element in below:
            if element.local == local and id(element) not in seen:
                seen.add(id(element))
                yield _Entry(element, key, value)


_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _is_writable(text: str) -> bool:
    return _UNWRITABLE.search(text) is None


def _put(entry: _Entry, text: str) -> List[str]:
    """Gives what is to be warned of."""
    if entry.value:
        entry.element.set(entry.value, text)
        return []
    holder = next((child for child in entry.element.elements() if child.local == "value"), None)
    if holder is None:
        holder = _new_value(entry.element)
    had_markup = bool(holder.elements())
    holder.children = []
    if text:
        holder.append(Data("text", text))
    name = entry.element.value_of(entry.key)
    return [f"The setting '{name}' had elements in its value, which the text has replaced."] if had_markup else []


def _new_value(setting: Element) -> Element:
    """In the namespace of its setting, where a .NET program looks for it."""
    prefix = setting.name.rpartition(":")[0]
    holder = Element(f"{prefix}:value" if prefix else "value", setting.uri)
    append(setting, holder)
    return holder
