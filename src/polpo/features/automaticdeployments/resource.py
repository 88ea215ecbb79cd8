"""What is told of automatic deployments."""

from __future__ import annotations

from polpo.store.documents import Resource


class AutomaticEnvironment(Resource):
    """An environment that a release reaches by itself, and how that stands.

    `outlook` is Deployed, Starting, Waiting (for the phase to open), Refused (by a freeze), Missed or Never.
    """

    environment_id: str
    environment_name: str
    tenant_id: str | None
    tenant_name: str | None
    phase_name: str
    outlook: str
    reason: str
