"""Rules of freezes: what can be saved, and which deployments are held off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from polpo.features.deploymentfreezes.resource import DEPLOYMENT_FREEZES, DeploymentFreeze, RecurringSchedule
from polpo.features.deploymentfreezes.schedule import Span, final_end, span_at
from polpo.features.projects.resource import PROJECTS
from polpo.kernel.clock import in_utc
from polpo.kernel.errors import Invalid
from polpo.rest.authorization import Subject
from polpo.rest.call import Call, Caller
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.store.kinds import reference
from polpo.store.session import Session, Where

_MOST_OCCURRENCES = 10_000
_LONGEST_UNIT = 1000
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Override:
    """Which freezes somebody wants to pass, by name or by id, and why."""

    freezes: Sequence[str] = ()
    reason: str | None = None


@dataclass(frozen=True)
class Frozen:
    """A freeze that holds a deployment off, and the time in which it does."""

    freeze: DeploymentFreeze
    span: Span

    def sentence(self) -> str:
        return f"The deployment freeze '{self.freeze.name}' holds until {self.span.ends:%Y-%m-%d %H:%M} UTC."


def freezes_of(
    session: Session, project_id: str, environment_id: str, tenant_id: str | None, moment: datetime
) -> list[Frozen]:
    """The freezes that hold for such a deployment at the moment."""
    table = DEPLOYMENT_FREEZES.table
    found = session.all(DEPLOYMENT_FREEZES, refers_to([project_id]), table.c.begins <= moment, not_over(moment))
    meant = [freeze for freeze in found if _means(freeze, project_id, environment_id, tenant_id)]
    spans = [(freeze, span_at(freeze, moment)) for freeze in meant]
    return [Frozen(freeze, span) for freeze, span in spans if span is not None and span.holds(moment)]


def pass_freezes(caller: Caller, space_id: str, frozen: Sequence[Frozen], override: Override) -> list[str]:
    """The ids of the freezes that are passed; refuses when one is not named, without a reason or the permission.

    Who may edit a project of the space may pass its own freezes, which they could take away as well.
    """
    named = {name.strip().casefold() for name in override.freezes}
    left = [one for one in frozen if not {one.freeze.id.casefold(), one.freeze.name.casefold()} & named]
    if left:
        help_text = "Wait until it is over, or override it by its name with a reason, if you may."
        raise Invalid(left[0].sentence(), [one.sentence() for one in left], help_text=help_text)
    if frozen and not (override.reason or "").strip():
        sentence = "DeploymentFreezeOverrideReason is missing; say why the freeze is overridden."
        raise Invalid(sentence, [sentence])
    for one in frozen:
        its_own = Subject.of(space_id, project_id=one.freeze.owner_id)
        if not one.freeze.owner_id or not caller.rights.decide(Permission.PROJECT_EDIT, its_own).is_allowed:
            caller.rights.require(Permission.DEPLOYMENT_FREEZE_ADMINISTER, Subject())
    return [one.freeze.id for one in frozen]


def refers_to(ids: Sequence[str]) -> Where:
    """Freezes that name one of the projects, environments or tenants."""
    found = sa.select(reference.c.from_id).where(
        reference.c.to_id.in_(ids), reference.c.from_kind == DEPLOYMENT_FREEZES.name
    )
    return DEPLOYMENT_FREEZES.table.c.id.in_(found)


def visible_freezes(call: Call) -> list[Where]:
    """What narrows a list to the freezes that the caller may see: who administers them sees all, others those that
    name a project which they may see, in whatever space."""
    if call.rights.decide(Permission.DEPLOYMENT_FREEZE_ADMINISTER, Subject()).is_allowed:
        return []
    projects = protection_of(PROJECTS).where(call.rights, Permission.PROJECT_VIEW, None)
    named = sa.select(reference.c.from_id).where(
        reference.c.from_kind == DEPLOYMENT_FREEZES.name,
        reference.c.to_kind == PROJECTS.name,
        reference.c.to_id.in_(sa.select(PROJECTS.table.c.id).where(*projects)),
    )
    return [DEPLOYMENT_FREEZES.table.c.id.in_(named)]


def not_over(moment: datetime) -> Where:
    ends = DEPLOYMENT_FREEZES.table.c.ends
    return sa.or_(ends.is_(None), ends > moment)


def _means(freeze: DeploymentFreeze, project_id: str, environment_id: str, tenant_id: str | None) -> bool:
    if environment_id in freeze.project_environment_scope.get(project_id, ()):
        return True
    return any(
        (one.tenant_id, one.project_id, one.environment_id) == (tenant_id, project_id, environment_id)
        for one in freeze.tenant_project_environment_scope
    )


# -- saving


def require_administration(call: Call, freeze: DeploymentFreeze) -> None:
    """Who may edit a project may freeze it, and nothing else."""
    if freeze.owner_id:
        project = call.session.find(PROJECTS, freeze.owner_id)
        if project is not None:  # else the store says so
            call.guard(PROJECTS, project, Permission.PROJECT_EDIT)
    else:
        call.require(Permission.DEPLOYMENT_FREEZE_ADMINISTER)


def settle_freeze(call: Call, freeze: DeploymentFreeze, before: DeploymentFreeze | None) -> None:
    """Checks times, scope and schedule; works out when the freeze is over for good."""
    require_administration(call, freeze)
    if before is not None:
        require_administration(call, before)
    faults = [*_time_faults(freeze), *_scope_faults(freeze)]
    if freeze.recurring_schedule is not None:
        freeze.recurring_schedule.start_date = freeze.recurring_schedule.end_date = None
        faults += _schedule_faults(freeze.recurring_schedule)
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The deployment freeze cannot be saved.", faults)
    freeze.final_end = final_end(freeze)


def faults_of_times(freeze: DeploymentFreeze) -> list[str]:
    """What keeps the times of a freeze from being worked out."""
    return _time_faults(freeze) + (_schedule_faults(freeze.recurring_schedule) if freeze.recurring_schedule else [])


def show_occurrence(freeze: DeploymentFreeze, now: datetime) -> DeploymentFreeze:
    """Fills in the occurrence that is going on, or the next one."""
    if freeze.recurring_schedule is not None and (span := span_at(freeze, now)) is not None:
        freeze.recurring_schedule.start_date, freeze.recurring_schedule.end_date = span.begins, span.ends
    return freeze


def _time_faults(freeze: DeploymentFreeze) -> list[str]:
    faults = [f"{name} is missing." for name in ("Start", "End") if getattr(freeze, name.lower()) is None]
    for name in ("start", "end"):
        moment = getattr(freeze, name)
        if moment is not None and not 2000 <= moment.year < 2200:
            faults.append(f"{name.capitalize()} must lie in the years from 2000 to 2199; it is in {moment.year}.")
    if freeze.start and freeze.end and in_utc(freeze.end) <= in_utc(freeze.start):
        faults.append("End must be later than Start.")
    return faults


def _scope_faults(freeze: DeploymentFreeze) -> list[str]:
    faults = [
        f"TenantProjectEnvironmentScope[{index}] must name a tenant, a project and an environment."
        for index, one in enumerate(freeze.tenant_project_environment_scope)
        if not (one.tenant_id and one.project_id and one.environment_id)
    ]
    projects = {*freeze.project_environment_scope, *(one.project_id for one in freeze.tenant_project_environment_scope)}
    if freeze.owner_id and projects - {freeze.owner_id, ""}:
        faults.append(f"A freeze of the project {freeze.owner_id} (OwnerId) cannot name other projects.")
    return faults


def _schedule_faults(schedule: RecurringSchedule) -> list[str]:
    faults = []
    if not 1 <= schedule.unit <= _LONGEST_UNIT:
        faults.append(f"RecurringSchedule.Unit must be from 1 to {_LONGEST_UNIT}; it is {schedule.unit}.")
    if abs(schedule.user_utc_offset_in_minutes) >= _DAY.total_seconds() // 60:
        faults.append("RecurringSchedule.UserUtcOffsetInMinutes must be less than a day.")
    if schedule.end_type == "OnDate" and schedule.end_on_date is None:
        faults.append("RecurringSchedule.EndOnDate is missing.")
    if schedule.end_on_date is not None and not 2000 <= schedule.end_on_date.year < 2200:
        faults.append("RecurringSchedule.EndOnDate must lie in the years from 2000 to 2199.")
    if schedule.end_type == "AfterOccurrences" and not 1 <= (schedule.end_after_occurrences or 0) <= _MOST_OCCURRENCES:
        faults.append(f"RecurringSchedule.EndAfterOccurrences must be from 1 to {_MOST_OCCURRENCES}.")
    if schedule.type == "Weekly" and not schedule.days_of_week:
        faults.append("RecurringSchedule.DaysOfWeek must name at least one day.")
    return faults + (_monthly_faults(schedule) if schedule.type == "Monthly" else [])


def _monthly_faults(schedule: RecurringSchedule) -> list[str]:
    if schedule.monthly_schedule_type == "DateOfMonth":
        dates = {*map(str, range(1, 32)), "L"}
        return [] if schedule.date_of_month in dates else ["RecurringSchedule.DateOfMonth must be 1 to 31, or L."]
    if schedule.monthly_schedule_type is None:
        return ["RecurringSchedule.MonthlyScheduleType is missing; it is DateOfMonth or DayOfMonth."]
    faults = []
    if schedule.day_number_of_month not in {"1", "2", "3", "4", "L"}:
        faults.append("RecurringSchedule.DayNumberOfMonth must be 1 to 4, or L.")
    if schedule.day_of_week is None:
        faults.append("RecurringSchedule.DayOfWeek is missing.")
    return faults
