"""XPath over the trees of `xml_nodes`: version 1.0, and of 2.0 what selects nodes in configuration files (`*:name`,
value comparisons, `if`, sequences, more functions on text)."""

from __future__ import annotations

from typing import List, Mapping

from polpo.languages.structured.xml_nodes import Element, Node
from polpo.languages.structured.xpath_evaluation import XPathFailed
from polpo.languages.structured.xpath_parsing import InvalidXPath, parse_xpath
from polpo.languages.structured.xpath_run import Context, Evaluate, Run, TooCostly

__all__ = ["CostlyXPath", "InvalidXPath", "XPath", "compile_xpath"]


class CostlyXPath(InvalidXPath):
    """The expression would take too long on the document."""


class XPath:
    """A compiled expression, to be used on any number of documents."""

    def __init__(self, text: str, evaluate: Evaluate) -> None:
        self.text = text
        self._evaluate = evaluate

    def select(self, node: Element) -> List[Node]:
        """The nodes it selects, in the order of the document. What is no node is left out.

        Raises `InvalidXPath` for an expression that cannot be evaluated, such as one that goes on from a text, and
        `CostlyXPath` for one whose work grows with the square of the document.
        """
        top: Element = node
        while top.parent is not None:
            top = top.parent
        run = Run(top)
        try:
            found = self._evaluate(Context(node, 1, 1, run))
            return run.in_order(item for item in found if isinstance(item, Node))
        except XPathFailed as problem:
            raise InvalidXPath(f"'{self.text}' cannot be evaluated: {problem}") from problem
        except TooCostly:
            raise CostlyXPath(
                f"The XPath '{self.text}' is too costly for this document. Name the elements on the way instead of "
                "searching all of them."
            ) from None


def compile_xpath(text: str, prefixes: Mapping[str, str]) -> XPath:
    """Raises `InvalidXPath` for a syntax error or a prefix that is not among the prefixes."""
    return XPath(text, parse_xpath(text, prefixes))
