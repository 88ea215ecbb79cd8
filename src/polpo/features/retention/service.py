"""The space's defaults, also where nobody has set any."""

from __future__ import annotations

from polpo.features.retention.resource import RETENTION_POLICIES, RetentionType, SpaceDefaultRetentionPolicy
from polpo.kernel.errors import Invalid
from polpo.store.session import Session

NAMES: dict[RetentionType, str] = {
    "LifecycleRelease": "Releases",
    "LifecycleTentacle": "Files on targets",
    "RunbookRetention": "Runbook runs",
}
_MOST = 1_000_000
_RUNS_KEPT = 100


def default_retention(session: Session, space_id: str, of: RetentionType) -> SpaceDefaultRetentionPolicy:
    """What holds where a lifecycle or a runbook keeps to the space's default."""
    table = RETENTION_POLICIES.table
    stored = session.first(RETENTION_POLICIES, table.c.space_id == space_id, table.c.retention_type == of)
    if stored is not None:
        return stored
    policy = SpaceDefaultRetentionPolicy(
        id=f"{RETENTION_POLICIES.name}-{of}-{space_id}", space_id=space_id, name=NAMES[of], retention_type=of
    )
    if of == "RunbookRetention":
        policy.strategy, policy.quantity_to_keep, policy.unit = "Count", _RUNS_KEPT, "Items"
    return policy


def settle_retention(policy: SpaceDefaultRetentionPolicy, before: SpaceDefaultRetentionPolicy) -> None:
    """Whose default it is does not change, only how much is kept."""
    policy.id, policy.space_id = before.id, before.space_id
    policy.name, policy.retention_type = before.name, before.retention_type
    if policy.strategy == "Forever":
        policy.quantity_to_keep = policy.unit = None
        return
    if policy.unit is None:
        policy.unit = "Days"
    if not 0 < (policy.quantity_to_keep or 0) <= _MOST:
        sentence = f"QuantityToKeep must be from 1 to {_MOST} when the strategy is Count."
        raise Invalid(sentence, [sentence])
