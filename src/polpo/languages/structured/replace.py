"""One file of any format: which formats are tried, and what comes out."""

from __future__ import annotations

from typing import Callable, Dict, List, NamedTuple, Tuple

from polpo.languages.structured.json_config import replace_in_json
from polpo.languages.structured.properties import replace_in_properties
from polpo.languages.structured.results import Message, Messages, NotReadable, ReplacementFailed
from polpo.languages.structured.texts import UTF_8, read_text, write_text
from polpo.languages.structured.xml_config import declared_encoding, replace_in_xml, with_declared_encoding
from polpo.languages.structured.yaml_config import replace_in_yaml
from polpo.languages.substitution import VariableDictionary

Replace = Callable[[str, VariableDictionary, Messages], str]

_FORMATS: Dict[str, Replace] = {
    "Json": replace_in_json,
    "Xml": replace_in_xml,
    "Yaml": replace_in_yaml,
    "Properties": replace_in_properties,
}
_EXTENSIONS = {".json": "Json", ".xml": "Xml", ".yaml": "Yaml", ".yml": "Yaml", ".properties": "Properties"}


class Replaced(NamedTuple):
    """The new bytes of a file, the format it turned out to be (`Json`, `Xml`, `Yaml`, `Properties`), and the log."""

    content: bytes
    format: str
    messages: List[Message]


def formats_for(file_name: str, *, json_only: bool = False) -> List[str]:
    """Which formats are tried, in order: JSON always first."""
    if json_only:
        return ["Json"]
    known = next((found for end, found in _EXTENSIONS.items() if file_name.lower().endswith(end)), None)
    if known is None:
        return list(_FORMATS)
    return ["Json"] if known == "Json" else ["Json", known]


def replace_variables(
    file_name: str, content: bytes, variables: VariableDictionary, *, json_only: bool = False
) -> Replaced:
    """Raises `ReplacementFailed` when no format that is tried can read the file; the last one's reason is told."""
    told: List[Message] = []
    candidates = formats_for(file_name, json_only=json_only)
    for name in candidates[:-1]:
        try:
            return _replaced(file_name, name, content, variables, told)
        except NotReadable as problem:
            told.append(Message("verbose", f"The file at {file_name} couldn't be parsed as {name}: {problem}"))
    last = candidates[-1]
    try:
        return _replaced(file_name, last, content, variables, told)
    except NotReadable as problem:
        raise ReplacementFailed(
            f"Structured variable replacement failed on file {file_name}. The file could not be parsed as {last}: "
            f"{problem} See verbose logs for more details."
        ) from problem


def _replaced(
    file_name: str, name: str, content: bytes, variables: VariableDictionary, told: List[Message]
) -> Replaced:
    attempt = f"Attempting structured variable replacement on file {file_name} with format {name}"
    told.append(Message("verbose", attempt))
    messages = Messages()
    changed, warnings = replace_in_format(name, content, variables, messages)
    success = Message("info", f"Structured variable replacement succeeded on file {file_name} with format {name}")
    return Replaced(changed, name, [*told, *messages.told, *(Message("warning", text) for text in warnings), success])


def replace_in_format(
    name: str, content: bytes, variables: VariableDictionary, messages: Messages
) -> Tuple[bytes, List[str]]:
    """The file's new bytes in one format, and what is to be warned of. Raises `NotReadable`."""
    text, encoding = read_text(content, declared_encoding(content) if name == "Xml" else None)
    changed = _FORMATS[name](text, variables, messages)
    written = write_text(changed, encoding)
    if not written.changed_encoding:
        return written.content, []
    if name == "Xml":
        written = write_text(with_declared_encoding(changed, "utf-8"), UTF_8)
    return written.content, [f"The file has characters now that {encoding.name} has not; it is written as UTF-8."]
