"""The algorithm: match, rank, choose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from polpo.languages.scoping.candidates import NOWHERE, Candidate, Context, Dimension
from polpo.languages.scoping.explanation import Considered, Outcome, Resolution, origin_loses
from polpo.languages.substitution.tokens import fold

_ROLES = (Dimension.ROLE, Dimension.TARGET_ROLE)
_LOCAL = frozenset((Dimension.ACTION, Dimension.MACHINE, Dimension.ROLE, Dimension.TARGET_ROLE))
_UNASKED = _LOCAL | {Dimension.PRIVATE}
_ORIGIN_BITS = 1
_KEPT_CONTEXTS = 16

Members = Sequence[frozenset[str]]


class _Row:
    """A candidate prepared for matching many contexts."""

    __slots__ = ("base", "candidate", "checks", "local", "roles")

    def __init__(self, candidate: Candidate) -> None:
        self.candidate = candidate
        self.base = int(candidate.origin)
        self.roles: frozenset[str] = NOWHERE
        self.checks: Sequence[tuple[Dimension, frozenset[str]]] = ()
        self.local = False
        if candidate.scope:
            self._take(candidate.dimensions())

    def _take(self, dimensions: dict[Dimension, frozenset[str]]) -> None:
        for dimension in _ROLES:
            self.roles |= dimensions.pop(dimension, NOWHERE)
        if dimensions.pop(Dimension.PRIVATE, None) is not None:
            self.base += _bit(Dimension.PRIVATE)
        self.checks = sorted(dimensions.items(), reverse=True) if len(dimensions) > 1 else tuple(dimensions.items())
        for dimension in dimensions:
            self.base += _bit(dimension)
        self.local = bool(self.roles) or not _LOCAL.isdisjoint(dimensions)

    def tie(self) -> tuple[str, str, list[tuple[str, list[str]]]]:
        """What the last tie goes by: it depends on the row alone."""
        scope = self.candidate.scope
        return (self.candidate.id, str(self.candidate.value), sorted((key, sorted(scope[key])) for key in scope))

    def rank(self, members: Members) -> int | None:
        """How specific the value is in a context; None where it does not hold."""
        for dimension, values in self.checks:
            if values.isdisjoint(members[dimension]):
                return None
        if not self.roles:
            return self.base
        if not self.roles.isdisjoint(members[Dimension.TARGET_ROLE]):
            return self.base + _bit(Dimension.TARGET_ROLE)
        return None if self.roles.isdisjoint(members[Dimension.ROLE]) else self.base + _bit(Dimension.ROLE)

    def failing(self, members: Members) -> Dimension:
        for dimension, values in self.checks:
            if values.isdisjoint(members[dimension]):
                return dimension
        return Dimension.ROLE if "role" in self.candidate.scope else Dimension.TARGET_ROLE


def _put_in_order(rows: list[_Row]) -> None:
    """So that the first of equals is always the same one. Ids decide where they can: they are there for it."""
    if len({row.candidate.id for row in rows}) == len(rows):
        rows.sort(key=lambda row: row.candidate.id)
    else:
        rows.sort(key=_Row.tie)


def _bit(dimension: Dimension) -> int:
    return 1 << (dimension + _ORIGIN_BITS)


class VariableIndex:
    """Candidates indexed by name once, to be resolved for many contexts. Order of the rows does not matter.

    Raises `ValueError` for a candidate with an unknown dimension.
    """

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._rows: dict[str, list[_Row]] = {}
        self._names: dict[str, str] = {}
        for candidate in candidates:
            name = fold(candidate.name)
            self._names.setdefault(name, candidate.name)
            self._rows.setdefault(name, []).append(_Row(candidate))
        for rows in self._rows.values():
            if len(rows) > 1:
                _put_in_order(rows)
        self._local = {name: rows for name, rows in self._rows.items() if any(row.local for row in rows)}
        self._shared = {name: rows for name, rows in self._rows.items() if name not in self._local}
        self._kept: dict[Context, dict[str, Candidate]] = {}

    def __iter__(self) -> Iterator[str]:
        """The names, each as it is first spelled, in order of definition."""
        return iter(self._names.values())

    def winners(self, context: Context) -> dict[str, Candidate]:
        """The value of every name that has one here, by the name as first spelled.

        Names whose values do not depend on step or target are resolved once for all targets of a deployment.
        """
        shared = self._shared_winners(context)
        found = _winners(self._local, context.members()) if self._local else {}
        return {
            spelled: found.get(name) or shared[name]
            for name, spelled in self._names.items()
            if name in found or name in shared
        }

    def outline(self, context: Context) -> dict[str, Candidate | None]:
        """As `winners`, but for every step and target at once: None stands for what depends on them."""
        shared = self._shared_winners(context)
        return {
            spelled: shared.get(name) for name, spelled in self._names.items() if name in shared or name in self._local
        }

    def local_winners(self, context: Context) -> dict[str, Candidate]:
        """The values here of the names that depend on step or target."""
        if not self._local:
            return {}
        return {self._names[name]: one for name, one in _winners(self._local, context.members()).items()}

    def _shared_winners(self, context: Context) -> dict[str, Candidate]:
        base = context.without_target()
        shared = self._kept.get(base)
        if shared is None:
            shared = _winners(self._shared, base.members())
            if len(self._kept) >= _KEPT_CONTEXTS:
                self._kept.clear()
            self._kept[base] = shared
        return shared

    def ties(self, context: Context) -> dict[str, list[Candidate]]:
        """The names for which only the rule of the last tie chooses, each with its equals, the chosen one first."""
        members = context.members()
        found: dict[str, list[Candidate]] = {}
        for name, rows in self._rows.items():
            if len(rows) > 1:
                ranks = [row.rank(members) for row in rows]
                best = max((rank for rank in ranks if rank is not None), default=None)
                equals = [row.candidate for row, rank in zip(rows, ranks, strict=True) if rank == best]
                if best is not None and len(equals) > 1:
                    found[self._names[name]] = equals
        return found

    def resolve(self, name: str, context: Context) -> Resolution:
        """The winner of one name with the whole explanation."""
        rows = self._rows.get(fold(name), [])
        members = context.members()
        ranked = [(row, row.rank(members)) for row in rows]
        holding = sorted(((row, rank) for row, rank in ranked if rank is not None), key=lambda pair: -pair[1])
        failing = [
            Considered(row.candidate, Outcome.NO_MATCH, None, row.failing(members))
            for row, rank in ranked
            if rank is None
        ]
        if not holding:
            return Resolution(name, None, tuple(failing))
        winner, best = holding[0]
        told = [Considered(winner.candidate, Outcome.WON, best)]
        told += [_loser(row, rank, winner, best) for row, rank in holding[1:]]
        return Resolution(name, winner.candidate, (*told, *failing))


def holding_somewhere(candidates: Iterable[Candidate], place: Context) -> Iterator[Candidate]:
    """Those that hold at the place for some step or some target; where in `place` these are is not asked."""
    members = place.members()
    for candidate in candidates:
        asked = ((one, values) for one, values in candidate.dimensions().items() if one not in _UNASKED)
        if not any(values.isdisjoint(members[one]) for one, values in asked):
            yield candidate


def _winners(rows_by_name: dict[str, list[_Row]], members: Members) -> dict[str, Candidate]:
    winners: dict[str, Candidate] = {}
    for name, rows in rows_by_name.items():
        best = -1
        for row in rows:
            rank = row.rank(members) if row.checks or row.roles else row.base
            if rank is not None and rank > best:
                best = rank
                winners[name] = row.candidate
    return winners


def _loser(row: _Row, rank: int, winner: _Row, best: int) -> Considered:
    if rank == best:
        return Considered(row.candidate, Outcome.TIED, rank)
    if rank >> _ORIGIN_BITS == best >> _ORIGIN_BITS and origin_loses(row.candidate, winner.candidate):
        return Considered(row.candidate, Outcome.LIBRARY, rank)
    deciding = Dimension(((rank ^ best) >> _ORIGIN_BITS).bit_length() - 1)
    return Considered(row.candidate, Outcome.LESS_SPECIFIC, rank, deciding)


def resolve(candidates: Iterable[Candidate], name: str, context: Context) -> Resolution:
    """One name among candidate rows, in one context: the winner and why. See `VariableIndex` for many."""
    folded = fold(name)
    return VariableIndex(candidate for candidate in candidates if fold(candidate.name) == folded).resolve(name, context)
