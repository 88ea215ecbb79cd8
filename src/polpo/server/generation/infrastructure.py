"""Environments and machines."""

from __future__ import annotations

from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.machinepolicies.resource import MACHINE_POLICIES
from polpo.features.machines.resource import MACHINES, DeploymentTarget, Endpoint
from polpo.server.generation.making import Making, stamped
from polpo.store.session import Session

_NAMES = ("Development", "Test", "Staging", "Production", "Recovery")
_ROLES = ("web", "api", "db", "cache", "batch", "edge", "mail", "search")
_HEALTH = ("Healthy", "Healthy", "Healthy", "Healthy", "HasWarnings", "Unhealthy", "Unavailable", "Unknown")


def make_environments(making: Making) -> list[str]:
    """The ids, in order."""
    made: list[str] = []

    def store(session: Session, place: int) -> None:
        name = _NAMES[place] if place < len(_NAMES) else f"Region {place}"
        environment = Environment(space_id=making.space_id, name=name, slug=name.lower().replace(" ", "-"))
        environment.sort_order = place
        made.append(session.insert(ENVIRONMENTS, stamped(environment, making.moment(0))).id)

    making.in_batches(range(making.amounts.environments), store)
    return made


def make_machines(making: Making, environments: list[str]) -> list[str]:
    """Listening targets that nobody listens on; disabled, so that no health check looks for them."""
    made: list[str] = []
    with making.database.read() as session:
        policy = session.all(MACHINE_POLICIES, take=1)[0].id

    def store(session: Session, number: int) -> None:
        chance = making.random
        name = f"{chance.choice(_ROLES)}-{number:05}"
        machine = DeploymentTarget(
            space_id=making.space_id,
            name=name,
            slug=name,
            is_disabled=True,
            machine_policy_id=policy,
            environment_ids=[chance.choice(environments)] if environments else [],
            roles=chance.sample(_ROLES, 2),
            thumbprint=f"{number:040X}",
            uri=f"https://{name}.example:10933/",
            endpoint=Endpoint(
                communication_style="TentaclePassive",
                uri=f"https://{name}.example:10933/",
                thumbprint=f"{number:040X}",
            ),
            health_status=chance.choice(_HEALTH),  # type: ignore[arg-type]
            operating_system="Debian GNU/Linux",
            shell_name="Bash",
        )
        made.append(session.insert(MACHINES, stamped(machine, making.moment(chance.random()))).id)

    making.in_batches(range(1, making.amounts.machines + 1), store)
    return made
