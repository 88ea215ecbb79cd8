"""A lifecycle and its phases, as stored and sent; and the progression of a release through them."""

from __future__ import annotations

from typing import Annotated, Literal

from polpo.rest.links import register
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define

EnvironmentId = Annotated[str, ref("Environments")]


class RetentionPeriod(Resource):
    """How much is kept. `strategy` decides; older clients send `should_keep_forever` only."""

    strategy: Literal["", "Default", "Forever", "Count"] = ""
    quantity_to_keep: int = 0
    unit: Literal["Days", "Items"] = "Days"
    should_keep_forever: bool = False


class Phase(Resource):
    """`optional_deployment_targets` are those deployed by hand; the contract's name has no other meaning.

    `minimum_environments_before_promotion` 0 means all of the phase's environments.
    """

    id: str = ""
    name: str = ""
    automatic_deployment_targets: list[EnvironmentId] = []
    optional_deployment_targets: list[EnvironmentId] = []
    minimum_environments_before_promotion: int = 0
    is_optional_phase: bool = False
    is_priority_phase: bool = False
    release_retention_policy: RetentionPeriod | None = None
    tentacle_retention_policy: RetentionPeriod | None = None


class Lifecycle(Document):
    """Without phases it has one for each environment of the space. A policy that is null means the space's default."""

    space_id: str = ""
    name: str = ""
    slug: str = ""
    description: str = ""
    phases: list[Phase] = []
    release_retention_policy: RetentionPeriod | None = None
    tentacle_retention_policy: RetentionPeriod | None = None


LIFECYCLES = define("Lifecycles", Lifecycle, singular="lifecycle", unique=[("name_key",), ("slug",)])

register(
    Lifecycle,
    {
        "Self": "/api/{SpaceId}/lifecycles/{Id}",
        "Preview": "/api/{SpaceId}/lifecycles/{Id}/preview",
        "Projects": "/api/{SpaceId}/lifecycles/{Id}/projects",
    },
)
