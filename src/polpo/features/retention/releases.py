"""Which releases of a project go, and why each of the others stays: pure rules, which explain what they decide.

The releases of a group are looked at from the newest on, and each phase counts what is kept in it: for each tenant by
itself, since a tenant promotes by itself. What a dashboard shows, and the release before it, stays and is not counted,
so that a limit of three keeps about five in a phase. Releases that were never deployed are counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from polpo.features.retention.limits import Limit, PhaseLimit


@dataclass(frozen=True)
class Deployed:
    """One deployment that there was. `at` is when it ended, or was made when it has not ended."""

    release_id: str
    environment_id: str
    tenant_id: str | None
    number: int
    at: datetime
    has_succeeded: bool
    has_ended: bool = True


@dataclass(frozen=True)
class Held:
    """A release; `number` grows with each one that is made."""

    id: str
    version: str
    number: int
    made: datetime
    channel_id: str = ""


@dataclass(frozen=True)
class Group:
    """Releases that are counted together: those of one lifecycle, or of one channel. `never` is for the undeployed."""

    name: str
    phases: Sequence[PhaseLimit]
    never: Limit
    releases: Sequence[Held]
    has_own_dashboard: bool = False


@dataclass(frozen=True)
class Verdict:
    release: Held
    is_kept: bool
    reasons: tuple[str, ...]
    newest_deployment: int = 0


@dataclass(frozen=True)
class Names:
    """What environments and tenants are called in reasons."""

    of: Mapping[str, str] = field(default_factory=dict)

    def place(self, environment_id: str, tenant_id: str | None) -> str:
        place = self.of.get(environment_id, environment_id)
        return f"{place} for {self.of.get(tenant_id, tenant_id)}" if tenant_id else place

    def tenant(self, tenant_id: str | None) -> str:
        return f" for {self.of.get(tenant_id, tenant_id)}" if tenant_id else ""


def judge(
    groups: Iterable[Group],
    deployments: Sequence[Deployed],
    now: datetime,
    names: Names | None = None,
    pinned: Mapping[str, str] | None = None,
) -> list[Verdict]:
    """A verdict on each release, the newest first in each group. `pinned` says why some stay whatever is counted."""
    names = names or Names()
    found: list[Verdict] = []
    shared = _guarded(deployments, names)
    for group in groups:
        ids = {release.id for release in group.releases}
        own = [one for one in deployments if one.release_id in ids]
        guarded = _guarded(own, names) if group.has_own_dashboard else shared
        found += _Counting(group, own, now, names, {**guarded, **(pinned or {})}).verdicts()
    return found


def _guarded(deployments: Sequence[Deployed], names: Names) -> dict[str, str]:
    """What dashboards show, and what was there before it, with the reason."""
    before: dict[str, str] = {}
    shown: dict[str, str] = {}
    places: dict[tuple[str, str | None], list[Deployed]] = {}
    for one in sorted(deployments, key=lambda one: -one.number):
        places.setdefault((one.environment_id, one.tenant_id), []).append(one)
    for place, there in places.items():
        name = names.place(*place)
        shown.setdefault(there[0].release_id, f"It is on the dashboard, in {name}.")
        proven = [one.release_id for one in there if one.has_succeeded]
        if proven:
            shown.setdefault(proven[0], f"It is on the dashboard, as the last one that succeeded in {name}.")
            older = next((one for one in proven if one != proven[0]), None)
            if older is not None:
                before.setdefault(older, f"It is the one before the release in {name}, to go back to.")
    unended = {one.release_id: "A deployment of it has not ended." for one in deployments if not one.has_ended}
    return {**before, **shown, **unended}


class _Counting:
    def __init__(
        self,
        group: Group,
        deployments: Sequence[Deployed],
        now: datetime,
        names: Names,
        guarded: Mapping[str, str],
    ) -> None:
        self._group = group
        self._now = now
        self._names = names
        self._guarded = guarded
        self._kept: Counter[tuple[str, str | None]] = Counter()
        self._reached: dict[str, dict[tuple[str, str | None], datetime]] = {}
        self._newest: dict[str, int] = {}
        self._limits: dict[str, Limit] = {phase.name: phase.limit for phase in group.phases}
        for one in deployments:
            self._note(one)

    def _note(self, one: Deployed) -> None:
        here = [phase.name for phase in self._group.phases if one.environment_id in phase.environment_ids]
        reached = self._reached.setdefault(one.release_id, {})
        for phase in here or [self._outside(one)]:
            reached[phase, one.tenant_id] = max(one.at, reached.get((phase, one.tenant_id), one.at))
        self._newest[one.release_id] = max(one.number, self._newest.get(one.release_id, 0))

    def _outside(self, one: Deployed) -> str:
        """An environment that no phase has any more counts as one of its own, by the lifecycle's limit."""
        name = self._names.of.get(one.environment_id, one.environment_id)
        self._limits.setdefault(name, self._group.never)
        return name

    def verdicts(self) -> list[Verdict]:
        return [self._verdict(one) for one in sorted(self._group.releases, key=lambda one: -one.number)]

    def _verdict(self, release: Held) -> Verdict:
        newest = self._newest.get(release.id, 0)
        if guard := self._guarded.get(release.id):
            return Verdict(release, is_kept=True, reasons=(guard,), newest_deployment=newest)
        reached = self._reached.get(release.id)
        places = list(reached.items()) if reached else [(("", None), release.made)]
        judged = [(place, *self._within(place, at, is_deployed=bool(reached))) for place, at in places]
        is_kept = any(within for _, within, _ in judged)
        if is_kept:
            self._kept.update(place for place, _, _ in judged)
        reasons = [reason for _, within, reason in judged if within == is_kept]
        return Verdict(release, is_kept, tuple(reasons), newest)

    def _within(self, place: tuple[str, str | None], at: datetime, *, is_deployed: bool) -> tuple[bool, str]:
        phase, tenant_id = place
        limit = self._limits[phase] if is_deployed else self._group.never
        what = f"{phase} keeps {limit}" if is_deployed else f"Of what was never deployed, {limit} are kept"
        what += self._names.tenant(tenant_id)
        if limit.age is not None:
            days = (self._now - at).days
            since = f"{days} days" if days != 1 else "one day"
            event = "deployed there" if is_deployed else "made"
            return self._now - at < limit.age, f"{what}; it was {event} {since} ago."
        if limit.items is None:
            return True, f"{what}."
        kept = self._kept[place]
        if kept < limit.items:
            return True, f"{what}; it is number {kept + 1}."
        return False, f"{what}; as many newer ones are kept."
