"""The language of `#{…}`: text with tokens, evaluated over variables.

Pure, of the standard library only, in the syntax of Python 3.8: it also runs on targets.
"""

from __future__ import annotations

from polpo.languages.substitution.dictionary import Evaluation, VariableDictionary, argument_names
from polpo.languages.substitution.errors import (
    FilterFailed,
    SelfReference,
    SubstitutionError,
    SubstitutionFailed,
    TooDeep,
    summary,
)
from polpo.languages.substitution.evaluation import is_truthy

__all__ = [
    "Evaluation",
    "FilterFailed",
    "SelfReference",
    "SubstitutionError",
    "SubstitutionFailed",
    "TooDeep",
    "VariableDictionary",
    "argument_names",
    "is_truthy",
    "summary",
]
