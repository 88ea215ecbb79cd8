"""A small world in which rights are narrowed: two of everything, numbered alike."""

from __future__ import annotations

import httpx
from tests.api.conftest import create

DEV, PROD = "Environments-1", "Environments-2"
REGION = {"CommunicationStyle": "None"}


async def world(client: httpx.AsyncClient) -> None:
    """Environments, projects, tenants (of both projects, everywhere), and a target in each environment."""
    for name in ("Dev", "Prod"):
        await create(client, "environments", Name=name)
    for name in ("Shop", "Back"):
        settings = {"ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
        await create(client, "projects", Name=name, TenantedDeploymentMode="TenantedOrUntenanted", **settings)
    for number in (1, 2):
        places = {"Projects-1": [DEV, PROD], "Projects-2": [DEV, PROD]}
        await create(client, "tenants", Name=f"T{number}", ProjectEnvironments=places)
        place = [f"Environments-{number}"]
        await create(client, "machines", Name=f"m{number}", EnvironmentIds=place, Roles=["web"], Endpoint=REGION)
