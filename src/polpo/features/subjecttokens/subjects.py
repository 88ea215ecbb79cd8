"""The subject of a token: of which parts an account wants it made, for each of its purposes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from polpo.features.accounts.resource import Account

Purpose = Literal["deployment", "runbook", "health", "test"]

#: The parts in the order in which they always stand.
PARTS = ("space", "project", "runbook", "tenant", "environment", "target", "account", "type")

_OF_DEPLOYMENTS = ("space", "project", "tenant", "environment")
_MAY_HAVE: dict[Purpose, frozenset[str]] = {
    "deployment": frozenset({"space", "project", "tenant", "environment", "account", "type"}),
    "runbook": frozenset({"space", "project", "runbook", "tenant", "environment", "account", "type"}),
    "health": frozenset({"space", "target", "account", "type"}),
    "test": frozenset({"space", "account", "type"}),
}
_USUAL: dict[Purpose, tuple[str, ...]] = {
    "deployment": _OF_DEPLOYMENTS,
    "runbook": _OF_DEPLOYMENTS,
    "health": ("space", "target"),
    "test": ("space", "account"),
}


def subject_of(account: Account, purpose: Purpose, slugs: Mapping[str, str]) -> str:
    """`space:default:project:web-shop`; what there is no slug for is left out. `slugs` are by part."""
    wanted = {key.strip().casefold() for key in _keys(account, purpose) or ()} or set(_USUAL[purpose])
    known = {**slugs, "account": account.slug, "type": purpose}
    parts = [part for part in PARTS if part in wanted & _MAY_HAVE[purpose] and known.get(part)]
    return ":".join(f"{part}:{known[part]}" for part in parts)


def _keys(account: Account, purpose: Purpose) -> list[str] | None:
    if purpose == "health":
        return account.health_check_subject_keys
    return account.account_test_subject_keys if purpose == "test" else account.deployment_subject_keys
