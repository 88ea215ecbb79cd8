"""The facts that retention decides from, and the verdicts on one project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from polpo.engine import TaskState, server_task
from polpo.engine.tasks import COMPLETED
from polpo.features.channels.resource import CHANNELS
from polpo.features.deployments.promotion import lifecycle_of
from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.environments.ephemeral import ephemeral_environments
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.lifecycles.progression import phases_of
from polpo.features.lifecycles.resource import Lifecycle
from polpo.features.lifecycles.service import environments_in_order
from polpo.features.projects.resource import Project
from polpo.features.releases.resource import RELEASES
from polpo.features.retention.limits import ALL, Limit, lifecycle_limit, limit_of, phase_limits
from polpo.features.retention.releases import Deployed, Group, Held, Names, Verdict, judge
from polpo.features.retention.resource import RetentionType
from polpo.features.retention.runs import HeldRun, RunVerdict, judge_runs
from polpo.features.retention.service import default_retention
from polpo.features.runbookruns.resource import RUNBOOK_RUNS
from polpo.features.runbooks.resource import RUNBOOKS
from polpo.features.tenants.resource import TENANTS
from polpo.kernel.clock import in_utc
from polpo.store.session import Session

_d, _r, _t = DEPLOYMENTS.table.c, RELEASES.table.c, server_task.c


@dataclass(frozen=True)
class Survey:
    """Of one project: how its releases are counted, and what comes of it."""

    groups: list[Group]
    verdicts: list[Verdict]


def space_limit(session: Session, space_id: str, of: RetentionType) -> Limit:
    return limit_of(default_retention(session, space_id, of), ALL)


def survey_releases(session: Session, project: Project) -> Survey:
    groups = list(_groups(session, project))
    deployments = list(_deployments(session, project.id))
    pinned = {
        one.release_id: "Automatic deployments are pinned to it."
        for one in project.auto_deploy_release_overrides
        if one.release_id
    }
    names = _names(session, deployments)
    return Survey(groups, judge(groups, deployments, session.clock.now(), names, pinned))


def _groups(session: Session, project: Project) -> Iterator[Group]:
    """One for each lifecycle that channels follow; or one for each channel, where channels are told apart."""
    default = space_limit(session, project.space_id, "LifecycleRelease")
    held = _releases(session, project.id)
    channels = {one.id: one for one in session.all(CHANNELS, CHANNELS.table.c.project_id == project.id)}
    lifecycles = {one.id: lifecycle_of(session, project, one) for one in channels.values()}
    environments = environments_in_order(session, project.space_id)
    environments += ephemeral_environments(session, {one.parent_environment_id for one in channels.values()})
    by_group: dict[str, tuple[str, Lifecycle, list[Held]]] = {}
    for release in held:
        channel = channels.get(release.channel_id)
        lifecycle = lifecycles[channel.id] if channel else lifecycle_of(session, project, None)
        apart = channel if project.discrete_channel_release else None
        key, name = (apart.id, f"channel {apart.name}") if apart else (lifecycle.id, f"lifecycle {lifecycle.name}")
        by_group.setdefault(key, (name, lifecycle, []))[2].append(release)
    for name, lifecycle, releases in by_group.values():
        phases = phase_limits(lifecycle, phases_of(lifecycle, environments), default)
        never = lifecycle_limit(lifecycle, default)
        yield Group(name, phases, never, releases, has_own_dashboard=project.discrete_channel_release)


def _releases(session: Session, project_id: str) -> list[Held]:
    statement = sa.select(_r.id, _r.version, _r.seq, _r.assembled, _r.channel_id).where(_r.project_id == project_id)
    return [
        Held(identity, version, number, in_utc(made), channel_id)
        for identity, version, number, made, channel_id in session.connection.execute(statement)
    ]


def _deployments(session: Session, project_id: str) -> Iterator[Deployed]:
    columns = (_d.release_id, _d.environment_id, _d.tenant_id, _d.seq, _d.created, _t.state, _t.completed)
    joined = sa.select(*columns).join(server_task, _t.id == _d.task_id, isouter=True)
    ended = {state.value for state in COMPLETED}
    for release_id, environment_id, tenant_id, number, made, state, completed in session.connection.execute(
        joined.where(_d.project_id == project_id)
    ):
        yield Deployed(
            release_id=release_id,
            environment_id=environment_id,
            tenant_id=tenant_id,
            number=number,
            at=completed or in_utc(made),
            has_succeeded=state == TaskState.SUCCESS,
            has_ended=state is None or state in ended,
        )


def _names(session: Session, deployments: Iterable[Deployed]) -> Names:
    deployments = list(deployments)
    found: dict[str, str] = {}
    for kind, ids in (
        (ENVIRONMENTS, {one.environment_id for one in deployments}),
        (TENANTS, {one.tenant_id for one in deployments if one.tenant_id}),
    ):
        table = kind.table.c
        rows = session.connection.execute(sa.select(table.id, table.name).where(table.id.in_(ids)))
        found.update((row.id, row.name) for row in rows)
    return Names(found)


def survey_runs(session: Session, project: Project) -> list[RunVerdict]:
    """A runbook that is no document here, because it is in Git, keeps what the space keeps by default."""
    default = space_limit(session, project.space_id, "RunbookRetention")
    runbooks = session.all(RUNBOOKS, RUNBOOKS.table.c.project_id == project.id)
    limits = {one.id: limit_of(one.run_retention_policy, default) for one in runbooks}
    runs = list(_runs(session, project.id))
    limits |= {one.runbook_id: default for one in runs if one.runbook_id not in limits}
    return judge_runs(runs, limits, session.clock.now())


def _runs(session: Session, project_id: str) -> Iterator[HeldRun]:
    run = RUNBOOK_RUNS.table.c
    columns = (run.id, run.runbook_id, run.environment_id, run.tenant_id, run.seq, run.created, _t.state)
    joined = sa.select(*columns).join(server_task, _t.id == run.task_id, isouter=True)
    ended = {state.value for state in COMPLETED}
    for identity, runbook_id, environment_id, tenant_id, number, made, state in session.connection.execute(
        joined.where(run.project_id == project_id)
    ):
        has_ended = state is None or state in ended
        yield HeldRun(identity, runbook_id, environment_id, tenant_id, number, in_utc(made), has_ended)
