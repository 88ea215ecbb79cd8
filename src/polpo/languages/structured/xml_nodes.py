"""XML documents as trees that keep what editing needs: prefixes, CDATA, comments, the form of empty elements."""

from __future__ import annotations

import re
from itertools import chain
from typing import Dict, Iterator, List, Optional, Tuple, Union
from xml.parsers import expat

from polpo.languages.structured.results import NotReadable

XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
XMLNS_NAMESPACE = "http://www.w3.org/2000/xmlns/"
_MAX_DEPTH = 400
_DECLARATION = re.compile(r"<\?xml\s+(.*?)\?>", re.DOTALL)
_TAG = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_PSEUDO_ATTRIBUTE = re.compile(r"""([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class Node:
    __slots__ = ("parent",)

    def __init__(self) -> None:
        self.parent: Optional[Element] = None

    def text(self) -> str:
        """The string value, as XPath understands it."""
        return ""


class Data(Node):
    """Text, CDATA, a comment, or the content of a processing instruction (then `target` is its name)."""

    __slots__ = ("data", "kind", "target")

    def __init__(self, kind: str, data: str, target: str = "") -> None:
        super().__init__()
        self.kind = kind
        self.data = data
        self.target = target

    def text(self) -> str:
        return self.data


class Attribute(Node):
    __slots__ = ("local", "name", "uri", "value")

    def __init__(self, name: str, uri: str, value: str) -> None:
        super().__init__()
        self.name = name
        self.local = name.rpartition(":")[2]
        self.uri = uri
        self.value = value

    def text(self) -> str:
        return self.value


class Element(Node):
    """`closed` says that an element without content is written `<a />`."""

    __slots__ = ("_hint", "attributes", "children", "closed", "local", "name", "uri")

    def __init__(self, name: str, uri: str = "") -> None:
        super().__init__()
        self.name = name
        self.local = name.rpartition(":")[2]
        self.uri = uri
        self.attributes: List[Attribute] = []
        self.children: List[Node] = []
        self.closed = False
        self._hint = 0

    def append(self, child: Node) -> None:
        child.parent = self
        self.children.append(child)

    def insert(self, place: int, child: Node) -> None:
        child.parent = self
        self.children.insert(place, child)

    def elements(self) -> List[Element]:
        return [child for child in self.children if isinstance(child, Element)]

    def get(self, name: str) -> Optional[Attribute]:
        """The attribute by the name it is written with."""
        return next((attribute for attribute in self.attributes if attribute.name == name), None)

    def value_of(self, name: str) -> Optional[str]:
        found = self.get(name)
        return found.value if found is not None else None

    def place_of(self, child: Node) -> int:
        """Where a child stands. The search goes on from where it last ended, since questions come in order."""
        hint = self._hint
        for number in chain(range(hint, len(self.children)), range(min(hint, len(self.children)))):
            if self.children[number] is child:
                self._hint = number
                return number
        raise ValueError("the node is no child of this element")

    def set(self, name: str, value: str, uri: str = "") -> None:
        found = self.get(name)
        if found is None:
            found = self.add(Attribute(name, uri, value))
        found.value = value

    def add(self, attribute: Attribute) -> Attribute:
        """One that the element does not have yet."""
        attribute.parent = self
        self.attributes.append(attribute)
        return attribute

    def set_text(self, text: str) -> None:
        """Makes the text the whole content."""
        self.children = []
        self.append(Data("text", text))

    def text(self) -> str:
        return "".join(node.data for node in self.walk() if isinstance(node, Data) and node.kind in ("text", "cdata"))

    def walk(self) -> Iterator[Node]:
        """Everything below, in the order of the document."""
        waiting = list(reversed(self.children))
        while waiting:
            node = waiting.pop()
            yield node
            if isinstance(node, Element):
                waiting += reversed(node.children)

    def namespaces(self) -> Dict[str, str]:
        """The prefixes in scope."""
        found: Dict[str, str] = {"xml": XML_NAMESPACE}
        line: List[Element] = []
        element: Optional[Element] = self
        while element is not None:
            line.append(element)
            element = element.parent
        for one in reversed(line):
            found.update(_declared((attribute.name, attribute.value) for attribute in one.attributes))
        return found


class Document(Element):
    """The whole. `declaration` are the pseudo-attributes of `<?xml …?>` in order; None: there was none."""

    __slots__ = ("declaration",)

    def __init__(self) -> None:
        super().__init__("#document")
        self.declaration: Optional[List[Tuple[str, str]]] = None

    @property
    def root(self) -> Element:
        return self.elements()[0]


def _declared(attributes: Iterator[Tuple[str, str]]) -> Dict[str, str]:
    found: Dict[str, str] = {}
    for name, value in attributes:
        if name == "xmlns":
            found[""] = value
        elif name.startswith("xmlns:"):
            found[name[len("xmlns:") :]] = value
    return found


def parse_document(text: str, *, keep_blanks: bool = False) -> Document:
    """Blank text between elements is dropped unless `keep_blanks` or `xml:space` says to keep it.

    Raises `NotReadable`.
    """
    reader = _Reader(text, keep_blanks)
    reader.read()
    document = reader.document
    declaration = _DECLARATION.match(text)
    if declaration is not None:
        found = _PSEUDO_ATTRIBUTE.findall(declaration.group(1))
        document.declaration = [(name, double or single) for name, double, single in found]
    return document


def parse_fragment(text: str, context: Element) -> List[Node]:
    """Markup that may use the prefixes in scope at the element. Raises `NotReadable`."""
    declarations = "".join(
        f" xmlns{':' + prefix if prefix else ''}={_quoted(uri)}"
        for prefix, uri in context.namespaces().items()
        if prefix != "xml"
    )
    wrapped = parse_document(f"<fragment{declarations}>{text}</fragment>", keep_blanks=False).root
    return list(wrapped.children)


def _quoted(value: str) -> str:
    return '"' + value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") + '"'


class _Reader:
    def __init__(self, text: str, keep_blanks: bool) -> None:
        self.document = Document()
        self._bytes = text.encode("utf-8", "surrogatepass")
        self._keep_blanks = keep_blanks
        self._open: List[Element] = [self.document]
        self._scopes: List[Dict[str, str]] = [{"xml": XML_NAMESPACE, "xmlns": XMLNS_NAMESPACE, "": ""}]
        self._preserve = [keep_blanks]
        self._text: List[str] = []
        self._in_cdata = False
        self._doctype_start = -1

    def read(self) -> None:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartCdataSectionHandler = self._start_cdata
        parser.EndCdataSectionHandler = self._end_cdata
        parser.CommentHandler = lambda data: self._add(Data("comment", data))
        parser.ProcessingInstructionHandler = lambda target, data: self._add(Data("instruction", data, target))
        parser.StartDoctypeDeclHandler = self._start_doctype
        parser.EndDoctypeDeclHandler = self._end_doctype
        self._parser = parser
        try:
            parser.Parse(self._bytes, True)
        except expat.ExpatError as problem:
            raise NotReadable(f"{problem}") from problem

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if text and len(self._open) > 1 and (self._preserve[-1] or not _is_blank(text)):
            self._open[-1].append(Data("text", text))

    def _add(self, node: Union[Element, Data]) -> None:
        if self._doctype_start >= 0:
            return
        self._flush()
        self._open[-1].append(node)

    def _start(self, name: str, listed: List[str]) -> None:
        if len(self._open) > _MAX_DEPTH:
            raise NotReadable("elements are nested too deeply")
        pairs = [(listed[place], listed[place + 1]) for place in range(0, len(listed), 2)]
        declared = _declared(iter(pairs))
        scope = {**self._scopes[-1], **declared} if declared else self._scopes[-1]
        element = Element(name, self._uri(name, scope, ""))
        for key, value in pairs:
            uri = XMLNS_NAMESPACE if key == "xmlns" else self._uri(key, scope, None)
            element.add(Attribute(key, uri, value))
        tag = _TAG.match(self._bytes, self._parser.CurrentByteIndex)
        element.closed = tag is not None and tag.group().endswith(b"/>")
        self._add(element)
        space = dict(pairs).get("xml:space")
        self._preserve.append(self._preserve[-1] if space is None else space == "preserve" or self._keep_blanks)
        self._open.append(element)
        self._scopes.append(scope)

    def _uri(self, name: str, scope: Dict[str, str], default: Optional[str]) -> str:
        prefix, colon, _ = name.rpartition(":")
        if not colon:
            return scope[""] if default is not None else ""
        if prefix not in scope:
            raise NotReadable(f"'{prefix}' is an undeclared prefix, at line {self._parser.CurrentLineNumber}")
        return scope[prefix]

    def _end(self, _name: str) -> None:
        self._flush()
        self._open.pop()
        self._scopes.pop()
        self._preserve.pop()

    def _start_cdata(self) -> None:
        self._flush()
        self._in_cdata = True

    def _end_cdata(self) -> None:
        self._open[-1].append(Data("cdata", "".join(self._text)))
        self._text.clear()
        self._in_cdata = False

    def _start_doctype(self, *_: object) -> None:
        self._doctype_start = self._bytes.rfind(b"<!DOCTYPE", 0, self._parser.CurrentByteIndex + len(b"<!DOCTYPE"))

    def _end_doctype(self) -> None:
        end = self._bytes.find(b">", self._parser.CurrentByteIndex) + 1
        raw = self._bytes[self._doctype_start : end].decode("utf-8", "surrogatepass")
        self._doctype_start = -1
        self._open[-1].append(Data("doctype", raw))


def _is_blank(text: str) -> bool:
    return not text.strip(" \t\r\n")
