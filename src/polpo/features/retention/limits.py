"""How much is kept: what lifecycles, phases, runbooks and spaces say, settled into one limit for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

from polpo.features.lifecycles.resource import Lifecycle, Phase, RetentionPeriod

Strategy = Literal["", "Default", "Forever", "Count"]
Unit = Literal["Days", "Items"]
#: Of releases on the server, or of installations on targets.
Kind = Literal["release", "tentacle"]


class Said(Protocol):
    """A retention policy as it is sent, of whichever kind."""

    @property
    def strategy(self) -> str: ...
    @property
    def quantity_to_keep(self) -> int | None: ...
    @property
    def unit(self) -> Unit | None: ...


@dataclass(frozen=True)
class Limit:
    """The last `items`, or those of the last `days`; with neither, everything."""

    items: int | None = None
    days: int | None = None

    def __str__(self) -> str:
        if self.items is not None:
            return f"the last {self.items}" if self.items != 1 else "the last one"
        if self.days is not None:
            return f"those of the last {self.days} days" if self.days != 1 else "those of the last day"
        return "all"

    @property
    def age(self) -> timedelta | None:
        return None if self.days is None else timedelta(days=self.days)


ALL = Limit()


def limit_of(said: Said | None, default: Limit) -> Limit:
    """What nobody says, or leaves to the default, is the default. A quantity below one keeps everything."""
    if said is None or said.strategy == "Default":
        return default
    quantity = said.quantity_to_keep or 0
    if said.strategy == "Forever" or quantity < 1:
        return ALL
    return Limit(days=quantity) if said.unit == "Days" else Limit(items=quantity)


@dataclass(frozen=True)
class PhaseLimit:
    """`origin` says whose words the limit is."""

    name: str
    environment_ids: frozenset[str]
    limit: Limit
    origin: str


def lifecycle_limit(lifecycle: Lifecycle, default: Limit, kind: Kind = "release") -> Limit:
    return limit_of(_said_by(lifecycle, kind), default)


def phase_limits(
    lifecycle: Lifecycle, phases: Sequence[Phase], default: Limit, kind: Kind = "release"
) -> list[PhaseLimit]:
    """A phase without words of its own takes those of the latest phase before it that has some, else the lifecycle's.

    `phases` are those in force, with their environments; `default` is the space's.
    """
    own = _said_by(lifecycle, kind)
    limit, origin = limit_of(own, default), "of the lifecycle" if _speaks(own) else "of the space"
    found = []
    for phase in phases:
        said = _said_by(phase, kind)
        shown = origin
        if said is not None:
            limit, origin = limit_of(said, default), f"of the phase {phase.name}"
            shown = "its own"
        places = frozenset([*phase.automatic_deployment_targets, *phase.optional_deployment_targets])
        found.append(PhaseLimit(phase.name, places, limit, shown))
    return found


def _said_by(one: Lifecycle | Phase, kind: Kind) -> RetentionPeriod | None:
    return one.release_retention_policy if kind == "release" else one.tentacle_retention_policy


def _speaks(said: Said | None) -> bool:
    return said is not None and said.strategy != "Default"
