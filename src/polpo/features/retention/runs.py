"""Which runs of runbooks go, and why the others stay. Pure, like the rules of releases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from polpo.features.retention.limits import ALL, Limit


@dataclass(frozen=True)
class HeldRun:
    id: str
    runbook_id: str
    environment_id: str
    tenant_id: str | None
    number: int
    made: datetime
    has_ended: bool = True


@dataclass(frozen=True)
class RunVerdict:
    run: HeldRun
    is_kept: bool
    reason: str


def judge_runs(runs: Sequence[HeldRun], limits: Mapping[str, Limit], now: datetime) -> list[RunVerdict]:
    """The newest first. Each runbook counts for each environment, and there for each tenant and for none.

    The newest run of a place always stays, since it is what people see of the runbook there.
    """
    seen: Counter[tuple[str, str, str | None]] = Counter()
    found = []
    for run in sorted(runs, key=lambda one: -one.number):
        place = (run.runbook_id, run.environment_id, run.tenant_id)
        limit = limits.get(run.runbook_id, ALL)
        found.append(RunVerdict(run, *_within(run, limit, seen[place], now)))
        seen[place] += 1
    return found


def _within(run: HeldRun, limit: Limit, newer: int, now: datetime) -> tuple[bool, str]:
    if not run.has_ended:
        return True, "It has not ended."
    if newer == 0:
        return True, "It is the newest there."
    if limit.items is not None:
        return newer < limit.items, f"The runbook keeps {limit}; {newer} newer ones are there."
    if limit.age is not None:
        return now - run.made < limit.age, f"The runbook keeps {limit}; it was made {(now - run.made).days} days ago."
    return True, "The runbook keeps all."
