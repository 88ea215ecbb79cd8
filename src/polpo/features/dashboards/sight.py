"""What of dashboards and progressions a caller may see: projects, environments, tenants and deployments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.tenants.resource import TENANTS
from polpo.features.variables.resource import ReferenceDataItem
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import Where, protection_of


@dataclass(frozen=True)
class Sight:
    """Conditions for queries, none where everything is seen; None for the environments stands for all of them."""

    deployments: Sequence[Where] = ()
    tenants: Sequence[Where] = ()
    environment_ids: frozenset[str] | None = field(default=None)

    @classmethod
    def of(cls, call: Call) -> Sight:
        return cls(
            deployments=call.narrowed(Permission.DEPLOYMENT_VIEW, protection_of(DEPLOYMENTS)),
            tenants=call.narrowed(Permission.TENANT_VIEW, protection_of(TENANTS)),
            environment_ids=_environments(call),
        )

    def environments(self, found: Iterable[Environment]) -> list[Environment]:
        return [one for one in found if self.sees(one.id)]

    def references(self, found: Iterable[ReferenceDataItem]) -> list[ReferenceDataItem]:
        return [one for one in found if self.sees(one.id)]

    def ids(self, environment_ids: Iterable[str]) -> list[str]:
        """Asked for every project of every tenant, so who sees all of them is not held up."""
        seen = self.environment_ids
        return list(environment_ids) if seen is None else [one for one in environment_ids if one in seen]

    def sees(self, environment_id: str) -> bool:
        return self.environment_ids is None or environment_id in self.environment_ids


def _environments(call: Call) -> frozenset[str] | None:
    narrowed = call.narrowed(Permission.ENVIRONMENT_VIEW, protection_of(ENVIRONMENTS))
    if not narrowed:
        return None
    table = ENVIRONMENTS.table
    statement = sa.select(table.c.id).where(table.c.space_id == call.space, *narrowed)
    return frozenset(call.session.connection.execute(statement).scalars())


def visible_projects(call: Call, ids: Sequence[str] = ()) -> list[Project]:
    """Those that are named, or all, as far as the caller may see them."""
    table = PROJECTS.table
    where = [table.c.space_id == call.space, *([table.c.id.in_(ids)] if ids else [])]
    return call.session.all(PROJECTS, *where, *call.narrowed(Permission.PROJECT_VIEW, protection_of(PROJECTS)))
