"""Variables by name, and templates evaluated over them."""

from __future__ import annotations

import bisect
import json
import re
from datetime import datetime, timezone
from typing import Callable, Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple, TypeVar, Union

from polpo.languages.substitution import tokens as t
from polpo.languages.substitution.bindings import Node, Scope, bind
from polpo.languages.substitution.characters import BLANK_CHARACTERS
from polpo.languages.substitution.errors import SubstitutionError, SubstitutionFailed, TooDeep
from polpo.languages.substitution.evaluation import Evaluator, JsonEvaluator, Report, is_truthy
from polpo.languages.substitution.filters import Filter
from polpo.languages.substitution.filters.text import read_integer
from polpo.languages.substitution.templates import ParseError, Template, path_of, read_template

_LINE_BREAK = re.compile("\n")
_TOO_DEEP = "The template or the variables it refers to are nested too deeply to be evaluated."


Result = TypeVar("Result")


def _guarded(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except RecursionError:
        raise TooDeep(_TOO_DEEP) from None


class Evaluation(NamedTuple):
    """`text` is None when a `null` filter said so (or the template was None)."""

    text: Optional[str]
    errors: List[SubstitutionError]


class VariableDictionary:
    """Keeps the order of definition; names compare without case. Values are templates, evaluated when they are read.

    Evaluation raises `SubstitutionFailed` (a loop of references, a filter that refuses its input) and nothing else.
    """

    def __init__(
        self,
        variables: Iterable[Tuple[str, Optional[str]]] = (),
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),  # noqa: UP017 - Python 3.8
    ) -> None:
        """`now` tells the time to the filters that ask for it."""
        self._now = now
        self._filters: Optional[Dict[str, Filter]] = None
        self._values: Dict[str, Tuple[str, Optional[str]]] = {}
        self._extensions: Dict[str, Filter] = {}
        self._templates: Dict[Tuple[str, bool], Union[Template, ParseError]] = {}
        self._root: Optional[Node] = None
        for name, value in variables:
            self.set(name, value)

    # -- definitions

    def set(self, name: str, value: Optional[str]) -> None:
        """A name that is known keeps its place and its spelling."""
        folded = t.fold(name)
        known = self._values.get(folded)
        self._values[folded] = (known[0] if known else name, value)
        self._root = None

    def add_filter(self, name: str, apply: Filter) -> None:
        """A filter of the host's; one that is built in goes first where it gives something."""
        self._extensions[name.lower()] = apply

    def names(self) -> List[str]:
        return [name for name, _ in self._values.values()]

    def items(self) -> List[Tuple[str, Optional[str]]]:
        """Names with their values as they were set."""
        return list(self._values.values())

    def __contains__(self, name: str) -> bool:
        return t.fold(name) in self._values

    def __len__(self) -> int:
        return len(self._values)

    def save_as_text(self) -> str:
        return json.dumps(dict(self._values.values()), indent=2, ensure_ascii=False)

    # -- values

    def get_raw(self, name: str) -> Optional[str]:
        known = self._values.get(t.fold(name))
        return known[1] if known else None

    def get(self, name: str, default: Optional[str] = None) -> Optional[str]:
        raw = self.get_raw(name)
        return default if raw is None else self.evaluate_with_errors(raw, halt=True).text

    def require(self, name: str) -> str:
        value = self.get(name)
        if not value:
            raise SubstitutionFailed(f"The variable '{name}' is required but no value is set.")
        return value

    def get_flag(self, name: str, default: bool = False) -> bool:
        text = (self.get(name) or "").strip(BLANK_CHARACTERS + "\0").lower()
        return text == "true" if text in ("true", "false") else default

    def get_int(self, name: str) -> Optional[int]:
        value = self.get(name)
        return None if value is None else read_integer(value)

    def get_strings(self, name: str, separators: str = ",") -> List[str]:
        """The parts between any of the separating characters, trimmed, without empty ones."""
        text = self.get(name) or ""
        for separator in separators[1:]:
            text = text.replace(separator, separators[0])
        parts = text.split(separators[0]) if separators else [text]
        return [part for part in (part.strip(BLANK_CHARACTERS) for part in parts) if part]

    def get_paths(self, name: str) -> List[str]:
        """One a line."""
        return self.get_strings(name, "\r\n")

    def indexes(self, collection: str) -> List[str]:
        """The index texts below a name (or the items that its value holds), in order of definition."""
        path = path_of(collection)
        if path is None:
            raise SubstitutionFailed(f"Could not evaluate indexes for path {collection}")
        found = _guarded(lambda: Evaluator(self._invoke).items(path, self._scope(), Report()))
        return [node.item for node in found if node.item is not None]

    # -- templates

    def evaluate(self, template: str) -> str:
        """What cannot be evaluated is echoed; a template that cannot be read comes back as it is; null is empty."""
        return self.evaluate_with_errors(template, halt=True).text or ""

    def evaluate_truthy(self, template: Optional[str]) -> bool:
        """True only for a truthy text without any error."""
        text, errors = self.evaluate_with_errors(template, halt=True)
        return not errors and text is not None and is_truthy(text)

    def evaluate_with_errors(self, template: Optional[str], halt: bool = False) -> Evaluation:
        """With `halt` a template that cannot be read comes back unchanged, with one error; without (used for files),
        its bad tokens are plain text and the others still work."""
        if template is None or "#{" not in template:
            return Evaluation(template, [])
        return _guarded(lambda: self._evaluate(template, halt, Evaluator(self._invoke)))

    def evaluate_in_json(self, template: str) -> Evaluation:
        """A template that is JSON once it is evaluated: every result is escaped where it stands. Reading halts at the
        first bad token, as with `halt`."""
        return _guarded(lambda: self._evaluate(template, True, JsonEvaluator(self._invoke)))

    def _evaluate(self, template: str, halt: bool, evaluator: Evaluator) -> Evaluation:
        read = self._read(template, halt)
        if isinstance(read, ParseError):
            return Evaluation(template, [SubstitutionError("", read.position, read.line, read.column, read.message)])
        scope = self._scope()
        report = Report()
        parts: List[str] = []
        errors: List[SubstitutionError] = []
        lines: List[int] = []
        for position, token in read.placed:
            evaluator.write(token, scope, report, parts)
            if len(report.missing) > len(errors):
                lines = lines or [0, *(match.end() for match in _LINE_BREAK.finditer(template))]
                errors += [_missing(lines, position, name) for name in report.missing[len(errors) :]]
        return Evaluation(None if report.nulls else "".join(parts), errors)

    def _read(self, template: str, halt: bool) -> Union[Template, ParseError]:
        key = (template, halt)
        read = self._templates.get(key)
        if read is None:
            read = self._templates[key] = read_template(template, halt)
        return read

    def _scope(self) -> Scope:
        if self._root is None:
            self._root = bind(self._values.values())
        return Scope(self._root)

    def _invoke(self, name: str, value: Optional[str], options: Sequence[str]) -> Optional[str]:
        key = name.lower()
        built_in = self._built_in().get(key)
        result = built_in(value, options) if built_in is not None else None
        extension = self._extensions.get(key)
        return extension(value, options) if result is None and extension is not None else result

    def _built_in(self) -> Dict[str, Filter]:
        """Imported where a template needs them; see `filters`."""
        if self._filters is None:
            from polpo.languages.substitution.filters.built_in import BUILT_IN, clock_filters

            self._filters = {**BUILT_IN, **clock_filters(self._now)}
        return self._filters


def argument_names(template: str, halt: bool = True) -> List[str]:
    """Every identifier that a template refers to, once, in order; not from the bodies of loops.

    Raises `SubstitutionFailed` for a template that cannot be read.
    """
    read = read_template(template, halt)
    if isinstance(read, ParseError):
        raise SubstitutionFailed(read.message)
    return list(dict.fromkeys(name for token in read.tokens for name in token.arguments()))


def _missing(lines: Sequence[int], position: int, token: str) -> SubstitutionError:
    line = bisect.bisect_right(lines, position)
    column = position - lines[line - 1] + 1
    message = f"The token '{token}' at line {line}, column {column} could not be evaluated."
    return SubstitutionError(token, position, line, column, message)
