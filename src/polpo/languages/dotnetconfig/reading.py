"""XML files as trees that can be written again without a loss.

The parser is expat, so what it refuses is not well-formed; the file's own text is cut out by the places it tells.
"""

from __future__ import annotations

import re
from typing import Dict, List, Optional
from xml.parsers import expat

from polpo.languages.dotnetconfig.written import WrittenAttribute, WrittenData, WrittenDocument, WrittenElement
from polpo.languages.structured.results import NotReadable
from polpo.languages.structured.texts import common_break
from polpo.languages.structured.xml_nodes import XML_NAMESPACE, XMLNS_NAMESPACE

#: Far below what recursion in the interpreter allows.
_MAX_DEPTH = 300
_DECLARATION = re.compile("\ufeff?(?:<\\?xml[ \t\r\n].*?\\?>)?", re.DOTALL)
_ATTRIBUTE = re.compile(rb"""([ \t\r\n]+)[^\s=/>]+(\s*=\s*)(?:"([^"]*)"|'([^']*)')""")
_TAIL = re.compile(rb"([ \t\r\n]*)(/?)>")
_NAME = re.compile(rb"<[^\s/>]+")
_OPENINGS = {"comment": len("<!--"), "instruction": len("<?"), "cdata": 0}


def read(text: str) -> WrittenDocument:
    """The whole of it, blanks included. Raises `NotReadable` with line and column.

    Declarations of entities are refused: expanding them is how small files become endless ones, or read other files,
    and no configuration file needs them.
    """
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        found = _DECLARATION.match(text)
        prologue = found.group() if found else ""
        self._document = WrittenDocument(prologue, common_break(text))
        marks = text.startswith("\ufeff")
        self._bytes = text[marks:].encode("utf-8", "surrogatepass")
        #: How far the source has become nodes.
        self._at = len(prologue[marks:].encode("utf-8", "surrogatepass"))
        self._open: List[WrittenElement] = []
        self._scopes: List[Dict[str, str]] = [{"xml": XML_NAMESPACE, "xmlns": XMLNS_NAMESPACE, "": ""}]
        self._data: List[str] = []
        self._parser = expat.ParserCreate("utf-8")

    def read(self) -> WrittenDocument:
        parser = self._parser
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.specified_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data.append
        parser.StartCdataSectionHandler = self._blanks
        parser.EndCdataSectionHandler = lambda: self._marked("cdata", "".join(self._data), b"]]>")
        parser.CommentHandler = lambda data: self._marked("comment", data, b"-->")
        parser.ProcessingInstructionHandler = lambda target, data: self._marked("instruction", data, b"?>", target)
        parser.StartDoctypeDeclHandler = self._start_doctype
        parser.EndDoctypeDeclHandler = self._end_doctype
        parser.EntityDeclHandler = self._refuse_entity
        parser.SkippedEntityHandler = self._refuse_reference
        try:
            parser.Parse(self._bytes, True)
        except expat.ExpatError as problem:
            raise NotReadable(f"{problem}") from problem
        self._cut("text", len(self._bytes))
        return self._document

    # -- the file's own text

    def _blanks(self) -> None:
        """All characters up to the markup that begins here."""
        self._cut("text", self._parser.CurrentByteIndex)

    def _cut(self, kind: str, end: int, data: Optional[str] = None, target: str = "") -> None:
        if end <= self._at:
            return
        written = self._bytes[self._at : end].decode("utf-8", "surrogatepass")
        self._at = end
        # Outside the root there is nothing but blanks, which the parser does not tell.
        read = "".join(self._data) if self._open else written
        self._data.clear()
        self._add(WrittenData(kind, read if data is None else data, target, written))

    def _add(self, node: WrittenData) -> None:
        (self._open[-1] if self._open else self._document).append(node)

    def _marked(self, kind: str, data: str, closing: bytes, target: str = "") -> None:
        if self._in_doctype:
            return
        start = self._parser.CurrentByteIndex + _OPENINGS[kind]
        if kind != "cdata":
            self._blanks()
        self._data.clear()
        self._cut(kind, self._bytes.index(closing, start) + len(closing), data, target)

    # -- elements

    def _start(self, name: str, listed: List[str]) -> None:
        self._blanks()
        if len(self._open) >= _MAX_DEPTH:
            raise NotReadable(f"elements are nested more than {_MAX_DEPTH} deep{self._place()}")
        pairs = [(listed[place], listed[place + 1]) for place in range(0, len(listed), 2)]
        declared = {key[len("xmlns:") :]: uri for key, uri in pairs if key == "xmlns" or key.startswith("xmlns:")}
        scope = {**self._scopes[-1], **declared} if declared else self._scopes[-1]
        element = WrittenElement(name, self._uri(name, scope))
        for key, value in pairs:
            uri = XMLNS_NAMESPACE if key == "xmlns" else self._uri(key, scope) if ":" in key else ""
            attribute = WrittenAttribute(key, uri, value)
            attribute.parent = element
            element.attributes.append(attribute)
        self._read_tag(element)
        (self._open[-1] if self._open else self._document).append(element)
        self._open.append(element)
        self._scopes.append(scope)

    def _read_tag(self, element: WrittenElement) -> None:
        """How attributes and the end of the tag are written."""
        name = _NAME.match(self._bytes, self._at)
        at = name.end() if name else self._at
        for attribute in element.attributes:
            found = _ATTRIBUTE.match(self._bytes, at)
            if found is None or not isinstance(attribute, WrittenAttribute):
                raise NotReadable(f"the tag <{element.name}> cannot be taken apart{self._place()}")
            attribute.before, attribute.equals = found.group(1).decode(), found.group(2).decode()
            attribute.quote = '"' if found.group(3) is not None else "'"
            attribute.written = (found.group(3) or found.group(4) or b"").decode("utf-8", "surrogatepass")
            at = found.end()
        tail = _TAIL.match(self._bytes, at)
        if tail is None:
            raise NotReadable(f"the tag <{element.name}> cannot be taken apart{self._place()}")
        element.tail, element.closed = tail.group(1).decode(), bool(tail.group(2))
        self._at = tail.end()

    def _uri(self, name: str, scope: Dict[str, str]) -> str:
        prefix = name.rpartition(":")[0]
        if prefix not in scope:
            raise NotReadable(f"the prefix '{prefix}' is not declared{self._place()}")
        return scope[prefix]

    def _end(self, _name: str) -> None:
        element = self._open[-1]
        if not element.closed:
            self._blanks()
            end = self._bytes.index(b">", self._at) + 1
            element.ending = self._bytes[self._at : end].decode("utf-8", "surrogatepass")
            self._at = end
        self._open.pop()
        self._scopes.pop()

    # -- document types

    _in_doctype = False

    def _start_doctype(self, *_: object) -> None:
        start = self._bytes.rfind(b"<!DOCTYPE", 0, self._parser.CurrentByteIndex + len(b"<!DOCTYPE"))
        self._cut("text", start)
        self._in_doctype = True

    def _end_doctype(self) -> None:
        self._in_doctype = False
        end = self._bytes.index(b">", self._parser.CurrentByteIndex) + 1
        self._cut("doctype", end, self._bytes[self._at : end].decode("utf-8", "surrogatepass"))

    def _refuse_entity(self, name: str, *_: object) -> None:
        raise NotReadable(f"it declares the entity '{name}', which is not allowed{self._place()}")

    def _refuse_reference(self, name: str, _is_parameter: object) -> None:
        raise NotReadable(f"the entity '{name}' is not declared{self._place()}")

    def _place(self) -> str:
        return f": line {self._parser.CurrentLineNumber}, column {self._parser.CurrentColumnNumber}"
