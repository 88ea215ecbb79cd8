"""The order in which an installation is made up."""

from __future__ import annotations

from collections.abc import Callable

from polpo.features.events.chain import Chain
from polpo.features.projects.resource import PROJECTS
from polpo.kernel.errors import Conflict
from polpo.server.datalock import DataLock
from polpo.server.generation.amounts import Amounts
from polpo.server.generation.infrastructure import make_environments, make_machines
from polpo.server.generation.making import Making
from polpo.server.generation.projects import make_projects
from polpo.server.generation.releases import make_releases
from polpo.server.generation.tenants import make_tenants
from polpo.server.generation.trail import make_events
from polpo.server.opening import open_data
from polpo.server.settings import Settings


def generate(settings: Settings, amounts: Amounts, say: Callable[[str], None]) -> None:
    """Fills the data folder. Conflict when its default space has projects; Invalid when a server works with it."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = DataLock(settings.data)
    try:
        database, installation, _ = open_data(settings)
        try:
            _fill(Making(database, amounts, say, Chain(installation.audit_key)))
        finally:
            database.close()
    finally:
        lock.release()


def _fill(making: Making) -> None:
    with making.database.read() as session:
        if session.count(PROJECTS, PROJECTS.table.c.space_id == making.space_id):
            raise Conflict(
                "The default space has projects already; made-up data does not go among real ones.",
                help_text="Name an empty folder with --data-dir.",
            )
    amounts = making.amounts
    environments = make_environments(making)
    making.say(f"{amounts.machines:,} machines in {len(environments)} environments")
    make_machines(making, environments)
    making.say(f"{amounts.projects:,} projects")
    projects = make_projects(making, environments)
    making.say(f"{amounts.tenants:,} tenants")
    make_tenants(making, projects, environments)
    making.say(f"{amounts.releases:,} releases and their deployments")
    if projects:
        make_releases(making, projects, environments)
    making.say(f"{amounts.events:,} events")
    make_events(making, projects, environments)
