"""Tenants, each connected to some projects and tagged by its region."""

from __future__ import annotations

from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.tagsets.resource import TAG_SETS, Tag, TagSet
from polpo.features.tenants.resource import TENANTS, Tenant
from polpo.server.generation.making import Making, stamped
from polpo.server.generation.projects import Made
from polpo.store.session import Session

_REGIONS = ("North", "East", "South", "West")
_CONNECTED = 4  # projects of each tenant, at most


def make_tenants(making: Making, projects: list[Made], environments: list[str]) -> None:
    if making.amounts.tenants:
        making.in_batches([0], lambda session, _: _make_regions(session, making))
    for_tenants: set[str] = set()

    def store(session: Session, number: int) -> None:
        chance = making.random
        chosen = chance.sample(projects, min(_CONNECTED, len(projects)))
        for one in chosen:
            if one.project_id not in for_tenants:
                _open(session, session.get(PROJECTS, one.project_id))
                for_tenants.add(one.project_id)
        tenant = Tenant(
            space_id=making.space_id,
            name=f"Customer {number:04}",
            slug=f"customer-{number:04}",
            tenant_tags=[f"Region/{chance.choice(_REGIONS)}"],
            project_environments={one.project_id: environments for one in chosen},
        )
        session.insert(TENANTS, stamped(tenant, making.moment(chance.random())))

    making.in_batches(range(1, making.amounts.tenants + 1), store)


def _make_regions(session: Session, making: Making) -> None:
    identity, _ = session.new_id(TAG_SETS.name)
    tags = [
        Tag(
            id=f"{identity}/Tags-{place}",
            name=region,
            canonical_tag_name=f"Region/{region}",
            color="#333333",
            sort_order=place,
        )
        for place, region in enumerate(_REGIONS)
    ]
    region = TagSet(id=identity, space_id=making.space_id, name="Region", tags=tags)
    session.insert(TAG_SETS, stamped(region, making.moment(0)))


def _open(session: Session, project: Project) -> None:
    project.tenanted_deployment_mode = "TenantedOrUntenanted"
    session.update(PROJECTS, project)
