"""Which value of a variable holds where: one rule for the run, the preview and the explanation.

A value holds when every dimension it is scoped on takes in the context (any value of the dimension will do). Of the
values that hold, the most specific wins: dimensions are compared in a fixed order, the first that only one of two
values is scoped on decides, and how many values a dimension lists never counts.
"""

from __future__ import annotations

from polpo.languages.scoping.candidates import Candidate, Context, Dimension, Origin
from polpo.languages.scoping.explanation import Considered, Outcome, Resolution
from polpo.languages.scoping.resolution import VariableIndex, holding_somewhere, resolve

__all__ = [
    "Candidate",
    "Considered",
    "Context",
    "Dimension",
    "Origin",
    "Outcome",
    "Resolution",
    "VariableIndex",
    "holding_somewhere",
    "resolve",
]
