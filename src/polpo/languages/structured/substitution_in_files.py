"""Files as templates: `#{…}` in any text, its encoding kept."""

from __future__ import annotations

from typing import List, NamedTuple, Optional

from polpo.languages.structured.results import ReplacementFailed
from polpo.languages.structured.texts import encoding_named, read_text, write_text
from polpo.languages.substitution import SubstitutionError, VariableDictionary, summary


class Substituted(NamedTuple):
    """The new bytes, and the tokens that stay in the file because nothing resolves them."""

    content: bytes
    errors: List[SubstitutionError]


def substitute_in_file(
    content: bytes, variables: VariableDictionary, output_encoding: Optional[str] = None
) -> Substituted:
    """The whole file is one template; bad tokens are plain text. A named encoding that exists is written with its
    byte order mark, else the file keeps its own."""
    text, encoding = read_text(content)
    changed, errors = variables.evaluate_with_errors(text, halt=False)
    wanted = encoding_named(output_encoding) if output_encoding else None
    return Substituted(write_text(changed or "", wanted or encoding).content, errors)


def substitute_strictly(content: bytes, variables: VariableDictionary) -> bytes:
    """As above, but an unresolved token raises `ReplacementFailed`, naming all of them: for values that are known to be
    no secrets."""
    substituted = substitute_in_file(content, variables)
    if substituted.errors:
        raise ReplacementFailed(f"{summary(substituted.errors)}. This may be due to missing or sensitive variables.")
    return substituted.content


class Inputs(NamedTuple):
    text: str
    warnings: List[str]


def substitute_in_json(text: str, variables: VariableDictionary) -> Inputs:
    """JSON with expressions anywhere in it: every result is escaped for JSON where it stands.

    A variable that is missing is a warning. Raises `ReplacementFailed` for an expression that cannot be read.
    """
    changed, errors = variables.evaluate_in_json(text)
    unreadable = [error.message for error in errors if not error.token]
    if unreadable:
        raise ReplacementFailed(f"The inputs of the step cannot be used: {unreadable[0]}.")
    return Inputs(changed or "", [summary(errors)] if errors else [])
