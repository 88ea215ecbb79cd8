"""The next times of a freeze, for a form that shows them before it is saved."""

from __future__ import annotations

from datetime import datetime

from polpo.features.deploymentfreezes.resource import DeploymentFreeze
from polpo.features.deploymentfreezes.schedule import Span, span_at


def spans_ahead(freeze: DeploymentFreeze, moment: datetime, count: int) -> list[Span]:
    """What is going on at the moment and what comes after it, in order; fewer where there are no more."""
    spans: list[Span] = []
    while len(spans) < count and (span := span_at(freeze, moment)) is not None:
        spans.append(span)
        moment = span.ends
    return spans
