"""How many targets each environment has, by health and by style: the overview of an infrastructure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.machines.agentversions import SUGGESTED
from polpo.features.machines.resource import MACHINES
from polpo.features.machines.service import MACHINE_FILTERS
from polpo.rest.call import Call
from polpo.rest.collection import Where
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.store.documents import Resource
from polpo.store.kinds import reference

SUMMARY_QUERY = ("ids", "partialName", "machinePartialName", "hideEmptyEnvironments", *MACHINE_FILTERS)


class MachineCounts(Resource, kw_only=True):
    """What a deployment needs on a machine is brought along with it, so only agents are ever to be updated."""

    total_machines: int = 0
    total_disabled_machines: int = 0
    machine_health_status_summaries: dict[str, int] = {}
    machine_endpoint_summaries: dict[str, int] = {}
    machine_ids_for_calamari_upgrade: list[str] = []
    machine_ids_for_tentacle_upgrade: list[str] = []
    tentacle_upgrades_required: bool = False


class TargetCounts(MachineCounts, kw_only=True):
    """`machine_role_summaries` is of this server alone: how many targets have each tag."""

    machine_tenant_summaries: dict[str, int] = {}
    machine_tenant_tag_summaries: dict[str, int] = {}
    machine_role_summaries: dict[str, int] = {}


class EnvironmentSummary(TargetCounts, kw_only=True):
    id: str
    environment: Environment


class EnvironmentsSummary(TargetCounts, kw_only=True):
    """The counts of the whole count a target of two environments once."""

    environment_summaries: list[EnvironmentSummary]


class _Spelling(msgspec.Struct, rename="pascal"):
    """As much of a target as is needed here."""

    roles: list[str] = []
    tenant_ids: list[str] = []
    tenant_tags: list[str] = []


_decoder = msgspec.json.Decoder(_Spelling)

#: How a searched list without lines is stored.
_NONE = "\n"


@dataclass
class MachineTally:
    """Counts rows of machines; a machine that comes again is not counted again."""

    seen: set[str] = field(default_factory=set)
    disabled: int = 0
    health: Counter[str] = field(default_factory=Counter)
    styles: Counter[str] = field(default_factory=Counter)
    outdated: list[str] = field(default_factory=list)

    def add(self, machine: Any) -> None:
        if machine.id not in self.seen:
            self.seen.add(machine.id)
            self.count(machine)

    def count(self, machine: Any) -> None:
        self.disabled += machine.is_disabled
        self.health[machine.health_status] += 1
        self.styles[machine.communication_style] += 1
        if SUGGESTED in machine.doc:
            self.outdated.append(machine.id)

    def counts(self) -> dict[str, Any]:
        return {
            "total_machines": len(self.seen),
            "total_disabled_machines": self.disabled,
            "machine_health_status_summaries": dict(self.health),
            "machine_endpoint_summaries": dict(self.styles),
            "machine_ids_for_tentacle_upgrade": self.outdated,
        }


@dataclass
class _TargetTally(MachineTally):
    """`roles` are counted as the searched column has them; one target of each such list tells how they are spelled."""

    tenants: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    samples: dict[str, bytes] = field(default_factory=dict)

    def count(self, machine: Any) -> None:
        super().count(machine)
        self.roles[machine.role_lines] += 1
        self.samples.setdefault(machine.role_lines, machine.doc)
        if machine.tenant_lines != _NONE or machine.tenant_tag_lines != _NONE:
            tenanted = _decoder.decode(machine.doc)
            self.tenants.update(tenanted.tenant_ids)
            self.tags.update(tenanted.tenant_tags)

    def counts(self) -> dict[str, Any]:
        return super().counts() | {
            "machine_tenant_summaries": dict(self.tenants),
            "machine_tenant_tag_summaries": dict(self.tags),
            "machine_role_summaries": self._roles(),
        }

    def _roles(self) -> dict[str, int]:
        """Without regard to case, in the spelling that was met first."""
        spelled: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for lines, number in self.roles.items():
            for role in _decoder.decode(self.samples[lines]).roles:
                counts[spelled.setdefault(role.casefold(), role)] += number
        return dict(counts)


def summarise(call: Call, environments: Sequence[Environment]) -> EnvironmentsSummary:
    """Answered from the searched columns; targets are opened only for how their tags are spelled."""
    whole, each = _TargetTally(), {environment.id: _TargetTally() for environment in environments}
    for target in _targets(call):
        if target.environment_id in each:
            whole.add(target)
            each[target.environment_id].add(target)
    hides_empty = call.flag("hideEmptyEnvironments")
    summaries = [
        EnvironmentSummary(id=environment.id, environment=environment, **each[environment.id].counts())
        for environment in environments
        if each[environment.id].seen or not hides_empty
    ]
    return EnvironmentsSummary(environment_summaries=summaries, **whole.counts())


def _targets(call: Call) -> Iterable[Any]:
    """A row for each target in each of its environments."""
    table = MACHINES.table
    columns = (
        table.c.id,
        table.c.is_disabled,
        table.c.health_status,
        table.c.communication_style,
        table.c.role_lines,
        table.c.tenant_lines,
        table.c.tenant_tag_lines,
        table.c.doc,
        reference.c.to_id.label("environment_id"),
    )
    joined = table.join(reference, reference.c.from_id == table.c.id)
    where: list[Where] = [table.c.space_id == call.space, reference.c.to_kind == ENVIRONMENTS.name]
    where += call.narrowed(Permission.MACHINE_VIEW, protection_of(MACHINES))
    if (part := call.text("machinePartialName")) is not None:
        where.append(table.c.name_key.contains(part.casefold(), autoescape=True))
    for parameter, narrow in MACHINE_FILTERS.items():
        if given := call.texts(parameter):
            where.append(narrow(call.session, given))
    return call.session.connection.execute(sa.select(*columns).select_from(joined).where(*where)).all()
