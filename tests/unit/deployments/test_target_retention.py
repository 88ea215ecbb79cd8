"""How much of earlier installations stays on targets: the phase says it, else one before it, else the lifecycle."""

from __future__ import annotations

import pytest

from polpo.features.deployments.targetretention import retention_of
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.lifecycles.resource import LIFECYCLES, Lifecycle, Phase, RetentionPeriod
from polpo.features.retention.resource import RETENTION_POLICIES, SpaceDefaultRetentionPolicy
from polpo.steps.cleaning import Retention
from polpo.store.database import Database
from polpo.store.session import Session

COUNT = RetentionPeriod(strategy="Count", quantity_to_keep=3, unit="Items")
DAYS = RetentionPeriod(strategy="Count", quantity_to_keep=30, unit="Days")
NOTHING = RetentionPeriod(strategy="Count", quantity_to_keep=0, unit="Items")
FOREVER = RetentionPeriod(strategy="Forever")
INHERITED = RetentionPeriod(strategy="Default")
THREE = Retention(quantity=3, unit="Items")
MONTH = Retention(quantity=30, unit="Days")
SPACE = Retention(quantity=7, unit="Days")


@pytest.mark.parametrize(
    ("earlier", "phase", "lifecycle", "space", "expected"),
    [
        (None, COUNT, DAYS, True, THREE),
        (None, None, DAYS, True, MONTH),
        (None, INHERITED, DAYS, True, SPACE),
        (None, FOREVER, DAYS, True, None),
        (None, None, FOREVER, True, None),
        (None, None, NOTHING, True, None),
        (None, None, None, True, SPACE),
        (None, INHERITED, INHERITED, True, SPACE),
        (None, None, None, False, None),
        (FOREVER, None, DAYS, True, None),
        (COUNT, None, DAYS, True, THREE),
        (COUNT, DAYS, FOREVER, True, MONTH),
        (INHERITED, None, COUNT, True, SPACE),
    ],
)
async def test_policy_in_force(
    database: Database,
    earlier: RetentionPeriod | None,
    phase: RetentionPeriod | None,
    lifecycle: RetentionPeriod | None,
    space: bool,
    expected: Retention | None,
) -> None:
    def make(session: Session) -> tuple[str, Environment]:
        first, second = (
            session.insert(ENVIRONMENTS, Environment(space_id="Spaces-1", name=name, slug=name)) for name in ("a", "b")
        )
        phases = [
            Phase(id="1", name="1", optional_deployment_targets=[first.id], tentacle_retention_policy=earlier),
            Phase(id="2", name="2", optional_deployment_targets=[second.id], tentacle_retention_policy=phase),
        ]
        made = Lifecycle(space_id="Spaces-1", name="l", slug="l", phases=phases, tentacle_retention_policy=lifecycle)
        if space:
            default = SpaceDefaultRetentionPolicy(
                space_id="Spaces-1",
                name="d",
                retention_type="LifecycleTentacle",
                strategy="Count",
                quantity_to_keep=7,
                unit="Days",
            )
            session.insert(RETENTION_POLICIES, default)
        return session.insert(LIFECYCLES, made).id, second

    lifecycle_id, environment = await database.write(make)
    with database.read() as session:
        assert retention_of(session, lifecycle_id, environment) == expected
