"""A deployment freeze, as stored and sent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import sqlalchemy as sa

from polpo.kernel.clock import in_utc
from polpo.rest.links import register
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define

ScheduleType = Literal["Daily", "Weekly", "Monthly", "Annually"]
EndType = Literal["Never", "OnDate", "AfterOccurrences"]
Weekday = Literal["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]


class TenantProjectEnvironment(Resource):
    tenant_id: Annotated[str, ref("Tenants")] = ""
    project_id: Annotated[str, ref("Projects")] = ""
    environment_id: Annotated[str, ref("Environments")] = ""


class RecurringSchedule(Resource):
    """When the freeze comes again: every `unit` days, weeks, months or years after its first time.

    Days are those of a clock that is `user_utc_offset_in_minutes` ahead of UTC. `start_date` and `end_date` are the
    server's to tell: the occurrence that is going on, or the next one.
    """

    type: ScheduleType
    unit: int = 1
    user_utc_offset_in_minutes: int = 0
    end_type: EndType = "Never"
    end_on_date: datetime | None = None
    end_after_occurrences: int | None = None
    days_of_week: list[Weekday] | None = None
    monthly_schedule_type: Literal["DateOfMonth", "DayOfMonth"] | None = None
    date_of_month: str | None = None
    day_number_of_month: str | None = None
    day_of_week: Weekday | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None


class DeploymentFreeze(Document):
    """`owner_id` is the project that the freeze belongs to, if it is a freeze of one project.

    The freeze holds for a project in an environment that it names, and for a tenant with project and environment.
    `final_end` is when the last occurrence ends; null when there is no last one. It is the server's.
    """

    name: str = ""
    description: str = ""
    start: datetime | None = None
    end: datetime | None = None
    owner_id: Annotated[str, ref("Projects")] = ""
    project_environment_scope: dict[Annotated[str, ref("Projects")], list[Annotated[str, ref("Environments")]]] = {}
    tenant_project_environment_scope: list[TenantProjectEnvironment] = []
    recurring_schedule: RecurringSchedule | None = None
    final_end: datetime | None = None


class DeploymentFreezes(Resource):
    """The list; `count` is how many match in all."""

    deployment_freezes: list[DeploymentFreeze]
    count: int


class FreezeOccurrence(Resource):
    begins: datetime
    ends: datetime


class FreezeAhead(Resource):
    """The next times of a freeze; none where it could not be saved, with what is wrong with its times."""

    occurrences: list[FreezeOccurrence]
    faults: list[str]


DEPLOYMENT_FREEZES = define(
    "DeploymentFreezes",
    DeploymentFreeze,
    sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ends", sa.DateTime(timezone=True)),
    sa.Column("owner_id", sa.Text, nullable=False),
    singular="deployment freeze",
    computed={
        "begins": lambda freeze: in_utc(freeze.start) if freeze.start else None,
        "ends": lambda freeze: in_utc(freeze.final_end) if freeze.final_end else None,
    },
    unique=[("name_key",)],
    order=("begins", "seq"),
    indexes=[("ends",), ("owner_id",)],
)

register(DeploymentFreeze, {"Self": "/api/deploymentfreezes/{Id}"})
