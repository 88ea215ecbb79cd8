"""What the runner is given besides the variables of a step: where its packages lie, and what retention counts it with.

Paths are below the home of whoever runs the step; the runner, who knows where that is, makes them whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from polpo.steps.acquire import package_path
from polpo.steps.work import Work

_UNTENANTED = "<default>"


def given_variables(work: Work) -> dict[str, str]:
    """All that the runner is given, the values of secrets among them."""
    return {**work.values, **dict(_given(work))}


def _given(work: Work) -> Iterator[tuple[str, str]]:
    yield "OctopusRetentionPolicySet", policy_set(work.values, work.action_name)
    for package in work.packages:
        place = f"Octopus.Action.Package[{package.reference}]"
        for name, value in package.properties.items():
            yield f"{place}.{name}", value
        yield f"{place}.PackageId", package.package_id
        yield f"{place}.PackageVersion", package.version
        yield f"{place}.FeedId", package.feed_id
        if package.is_sent:
            yield f"{place}.OriginalPath", package_path(package)


def policy_set(values: Mapping[str, str], action_name: str) -> str:
    """What is counted together where packages are kept: one step's, of one project, place and tenant."""
    parts = (
        values.get("Octopus.Environment.Id", ""),
        values.get("Octopus.Project.Id", ""),
        f"Step-{action_name}",
        values.get("Octopus.Machine.Id", ""),
        values.get("Octopus.Deployment.Tenant.Id") or _UNTENANTED,
    )
    return "/".join(parts)
