"""What a NuGet package says about itself: the small XML file in its root."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from polpo.kernel.errors import Invalid

_MOST_BYTES = 1 << 20


@dataclass
class _Reader:
    """Collects the texts of `package/metadata/*`, whatever the namespace."""

    found: dict[str, str] = field(default_factory=dict)
    _path: list[str] = field(default_factory=list)

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        self._path.append(name.rsplit(":", 1)[-1].casefold())

    def end(self, _name: str) -> None:
        self._path.pop()

    def text(self, text: str) -> None:
        if len(self._path) == 3 and self._path[:2] == ["package", "metadata"]:
            self.found[self._path[2]] = self.found.get(self._path[2], "") + text


def read_nuspec(path: Path, file_name: str) -> Mapping[str, str]:
    """The metadata by lower-case name (`id`, `version`, `title`, `releasenotes`…); empty where the file has none."""
    with zipfile.ZipFile(path) as archive:
        names = [info for info in archive.infolist() if "/" not in info.filename and _is_nuspec(info.filename)]
        if not names:
            return {}
        if names[0].file_size > _MOST_BYTES:
            raise _unreadable(file_name, f"'{names[0].filename}' has more than {_MOST_BYTES} bytes")
        content = archive.read(names[0])
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = lambda *_: _refuse_doctype(file_name)
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise _unreadable(file_name, f"'{names[0].filename}' is not valid XML ({error})") from error
    return {name: text.strip() for name, text in reader.found.items()}


def _is_nuspec(name: str) -> bool:
    return name.casefold().endswith(".nuspec")


def _refuse_doctype(file_name: str) -> None:
    raise _unreadable(file_name, "its .nuspec file declares a document type")


def _unreadable(file_name: str, why: str) -> Invalid:
    sentence = f"The package '{file_name}' was not stored: {why}."
    return Invalid(sentence, [sentence])
