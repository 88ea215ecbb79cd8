"""XPath over the trees of `xml_nodes`: version 1.0, and of 2.0 what selects nodes in configuration files (`*:name`,
value comparisons, `if`, sequences, more functions on text)."""

from __future__ import annotations

from typing import List, Mapping

from polpo.languages.structured.xml_nodes import Document, Element, Node
from polpo.languages.structured.xpath_evaluation import Context, Sequence, XPathFailed, in_order
from polpo.languages.structured.xpath_parsing import InvalidXPath, parse_xpath

__all__ = ["InvalidXPath", "XPath", "compile_xpath"]


class XPath:
    """A compiled expression, to be used on any number of documents."""

    def __init__(self, text: str, evaluate: object) -> None:
        self.text = text
        self._evaluate = evaluate

    def select(self, node: Element) -> List[Node]:
        """The nodes it selects, in the order of the document. What is no node is left out.

        Raises `InvalidXPath` for an expression that cannot be evaluated, such as an unknown function.
        """
        top: Element = node
        while top.parent is not None:
            top = top.parent
        try:
            found: Sequence = self._evaluate(Context(node, 1, 1, top))  # type: ignore[operator]
        except XPathFailed as problem:
            raise InvalidXPath(f"'{self.text}' cannot be evaluated: {problem}") from problem
        nodes = [item for item in found if isinstance(item, Node)]
        return in_order(nodes, top if isinstance(top, Document) else node)


def compile_xpath(text: str, prefixes: Mapping[str, str]) -> XPath:
    """Raises `InvalidXPath` for a syntax error or a prefix that is not among the prefixes."""
    return XPath(text, parse_xpath(text, prefixes))
