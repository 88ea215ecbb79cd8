"""Values in .NET configuration files: `appSettings`, `connectionStrings`, `applicationSettings`."""

from __future__ import annotations

from typing import Iterator, List

from polpo.languages.structured.results import NotReadable, ReplacementFailed
from polpo.languages.structured.texts import common_break, read_text, write_text
from polpo.languages.structured.xml_config import declared_encoding, with_declared_encoding
from polpo.languages.structured.xml_nodes import Document, Element, parse_document
from polpo.languages.structured.xml_writing import write_document
from polpo.languages.substitution import VariableDictionary


def replace_dotnet_values(
    file_name: str, content: bytes, variables: VariableDictionary, *, ignore_errors: bool = False
) -> bytes:
    """Namespaces do not matter, names compare without case, a null value is an empty text.

    Everything else keeps its text but for the way attributes are spaced. Raises `ReplacementFailed` for a file that
    is not well-formed; with `ignore_errors` it is left as it is.
    """
    text, encoding = read_text(content, declared_encoding(content))
    try:
        document = parse_document(text, keep_blanks=True)
    except NotReadable as problem:
        if ignore_errors:
            return content
        raise ReplacementFailed(
            f"The variables cannot be put into {file_name}: it is not well-formed XML ({problem.message}). Correct the "
            "file, or set Octopus.Action.Package.IgnoreVariableReplacementErrors to True to leave it as it is."
        ) from problem
    if not _changed(document, variables):
        return content
    changed = write_document(document, common_break(text), indent=False) + text[len(text.rstrip()) :]
    written = write_text(changed, encoding)
    return written.content if not written.changed_encoding else with_declared_encoding(changed, "utf-8").encode("utf-8")


def _changed(document: Document, variables: VariableDictionary) -> bool:
    found = False
    for section in [node for node in document.walk() if isinstance(node, Element)]:
        if section.local in _SECTIONS:
            key, value, everywhere = _SECTIONS[section.local]
            for entry in _entries(section, everywhere):
                found = _set(entry, key, value, variables) or found
    return found


_SECTIONS = {
    "appSettings": ("key", "value", False),
    "connectionStrings": ("name", "connectionString", False),
    "applicationSettings": ("name", "", True),
}


def _entries(section: Element, everywhere: bool) -> Iterator[Element]:
    if everywhere:
        yield from [node for node in section.walk() if isinstance(node, Element) and node.local == "setting"]
    else:
        yield from [child for child in section.elements() if child.local == "add"]


def _set(entry: Element, key: str, value: str, variables: VariableDictionary) -> bool:
    name = entry.get(key)
    if name is None or name.value not in variables:
        return False
    new = variables.get(name.value) or ""
    if value:
        entry.set(value, new)
        return True
    children: List[Element] = [child for child in entry.elements() if child.local == "value"]
    if not children:
        prefix = entry.name.rpartition(":")[0]
        children = [Element(f"{prefix}:value" if prefix else "value", entry.uri)]
        entry.append(children[0])
    children[0].set_text(new)
    return True
