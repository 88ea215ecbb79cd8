"""The task that applies retention: project by project, in short transactions, telling what is kept and why.

Everything is decided from what is there when it is decided, and taken away for good piece by piece. So a run that is
broken off has lost nothing, and the next one goes on where it stood.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from polpo.engine import Engine, LogNode, NewTask, TaskRun
from polpo.features.buildinformation.resource import BUILD_INFORMATION, BuildInformation
from polpo.features.events.archiving import archive_events
from polpo.features.events.chain import Chain
from polpo.features.packages.resource import PACKAGES, Package
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.retention.copies import needless_copies, needless_library_copies, remove_copies
from polpo.features.retention.leftovers import Horizon, old_build_information, old_tasks, unused_packages, used_versions
from polpo.features.retention.releases import Verdict
from polpo.features.retention.removing import AT_ONCE, remove_release, remove_runs, remove_spent_snapshots
from polpo.features.retention.runs import RunVerdict
from polpo.features.retention.surveying import Survey, survey_releases, survey_runs
from polpo.features.runbookruns.resource import RUNBOOK_RUNS
from polpo.features.spaces.everywhere import require_everywhere
from polpo.features.spaces.resource import SPACES
from polpo.features.tasks.adhoc import offer
from polpo.features.tasks.forgetting import forget_with_traces
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.store.discarding import discard, sweep
from polpo.store.session import Session

T = TypeVar("T")
P = TypeVar("P", Package, BuildInformation)

TASK_KIND = "Retention"
TITLE = "Apply retention policies"

#: Verdicts that are written out for one project; the preview has them all.
_TOLD = 500
_MANY = 100


def retention_wish() -> NewTask:
    return NewTask(kind=TASK_KIND, description=TITLE, concurrency_tag=TASK_KIND)


def _start(call: Call, _arguments: Mapping[str, Any]) -> str:
    require_everywhere(call, Permission.RETENTION_ADMINISTER)
    return call.parts.get(Engine).enqueue(call.session, retention_wish())


offer(TASK_KIND, TITLE, _start)


class RetentionTask:
    """The run function."""

    def __init__(self, database: Database, blobs: BlobStore, chain: Chain) -> None:
        self._database = database
        self._chain = chain
        self._blobs = blobs

    async def __call__(self, run: TaskRun) -> None:
        spaces = await self._look(lambda session: [(one.id, one.name) for one in session.all(SPACES)])
        for space_id, name in spaces:
            projects = await self._look(partial(_projects, space_id=space_id))
            for project_id, title in projects:
                await self._step(run, f"project/{project_id}", f"{name}: project {title}", self._project, project_id)
            await self._step(run, f"space/{space_id}", f"{name}: library and packages", self._space, space_id)
        await self._step(run, "tasks", "Old tasks", self._tasks)
        await self._step(run, "events", "Old events", self._events)
        await self._step(run, "files", "Files that nothing needs any more", self._sweep)

    async def _step(self, run: TaskRun, key: str, title: str, work: Callable[..., Any], *arguments: str) -> None:
        node = run.log.node(key, title)
        node.enter()
        await run.activity(key, work, node, *arguments)
        node.status("Success")

    async def _look(self, work: Callable[[Session], T]) -> T:
        """Reads in a thread, since a large project takes a while."""

        def look() -> T:
            with self._database.read() as session:
                return work(session)

        return await asyncio.to_thread(look)

    # -- one project

    async def _project(self, node: LogNode, project_id: str) -> None:
        survey = await self._look(lambda session: _surveyed(session, project_id))
        if survey is None:
            node.info("The project was deleted meanwhile.")
            return
        releases, runs = survey
        _tell_limits(node, releases)
        _tell_verdicts(node, releases.verdicts)
        for verdict in releases.verdicts:
            if not verdict.is_kept:
                await self._release(node, verdict)
        await self._runs(node, runs)
        copies = await self._look(lambda session: needless_copies(session, project_id))
        await self._copies(node, copies)

    async def _release(self, node: LogNode, verdict: Verdict) -> None:
        outcome: bool | str = False
        while outcome is False:
            outcome = await self._database.write(lambda session: remove_release(session, verdict))
        if isinstance(outcome, str):
            node.warning(f"Release {verdict.release.version} stays: {outcome}")

    async def _runs(self, node: LogNode, verdicts: Sequence[RunVerdict]) -> None:
        going = [one for one in verdicts if not one.is_kept]
        if not verdicts:
            return
        node.info(f"{_of(len(verdicts) - len(going), len(verdicts), 'run of runbooks', 'runs of runbooks')} kept.")
        ids = [one.run.id for one in going]
        snapshots = await self._look(lambda session: _snapshots_of(session, ids))
        for part in _parts(going, AT_ONCE):
            for reason in await self._database.write(partial(remove_runs, verdicts=part)):
                node.warning(f"A run stays: {reason}")
        for some in _parts(snapshots, AT_ONCE):
            await self._database.write(partial(remove_spent_snapshots, snapshot_ids=some))

    async def _copies(self, node: LogNode, copies: Sequence[Any]) -> None:
        for part in _parts(copies, _MANY):
            await self._database.write(partial(remove_copies, copies=part))
        if copies:
            node.verbose(f"{len(copies)} frozen processes and variable sets that nothing uses any more are deleted.")

    # -- beside projects

    async def _space(self, node: LogNode, space_id: str) -> None:
        await self._copies(node, await self._look(lambda session: needless_library_copies(session, space_id)))
        packages, horizon = await self._look(lambda session: (unused_packages(session, space_id), Horizon.of(session)))
        for part in _parts(packages, AT_ONCE):
            await self._database.write(partial(_remove_packages, ids=part, horizon=horizon))
        builds, horizon = await self._look(
            lambda session: (old_build_information(session, space_id), Horizon.of(session))
        )
        for part in _parts(builds, AT_ONCE):
            await self._database.write(partial(_remove_builds, ids=part, horizon=horizon))
        node.info(f"Deleted: {len(packages)} packages and {len(builds)} pieces of build information.")

    async def _tasks(self, node: LogNode) -> None:
        old = await self._look(old_tasks)
        for part in _parts(old, AT_ONCE):
            await self._database.write(partial(forget_with_traces, task_ids=part))
        node.info(f"Deleted: {len(old)} tasks.")

    async def _events(self, node: LogNode) -> None:
        async for day, count in archive_events(self._database, self._blobs, self._chain):
            node.verbose(f"{count} events of {day} are in the archive now.")

    async def _sweep(self, node: LogNode) -> None:
        node.info(f"Deleted: {await sweep(self._database, self._blobs)} files.")


def _projects(session: Session, space_id: str) -> list[tuple[str, str]]:
    return [(one.id, one.name) for one in session.all(PROJECTS, PROJECTS.table.c.space_id == space_id)]


def _surveyed(session: Session, project_id: str) -> tuple[Survey, list[RunVerdict]] | None:
    project: Project | None = session.find(PROJECTS, project_id)
    return (survey_releases(session, project), survey_runs(session, project)) if project else None


def _snapshots_of(session: Session, run_ids: Sequence[str]) -> list[str]:
    found = (session.by_ids(RUNBOOK_RUNS, part) for part in _parts(run_ids, _MANY))
    return list(dict.fromkeys(run.runbook_snapshot_id for some in found for run in some.values()))


def _remove_packages(session: Session, ids: Sequence[str], horizon: Horizon) -> None:
    """But those that a release has taken since they were looked for."""
    for one in _still_unused(session, session.by_ids(PACKAGES, ids), horizon):
        discard(session, [session.delete(PACKAGES, one.id).blob_key])


def _remove_builds(session: Session, ids: Sequence[str], horizon: Horizon) -> None:
    for one in _still_unused(session, session.by_ids(BUILD_INFORMATION, ids), horizon):
        session.delete(BUILD_INFORMATION, one.id)


def _still_unused(session: Session, found: Mapping[str, P], horizon: Horizon) -> list[P]:
    used = {
        space_id: used_versions(session, space_id, horizon) for space_id in {one.space_id for one in found.values()}
    }
    return [
        one for one in found.values() if (one.package_id.casefold(), one.version.casefold()) not in used[one.space_id]
    ]


# -- telling


def _tell_limits(node: LogNode, survey: Survey) -> None:
    for group in survey.groups:
        node.verbose(f"Releases of the {group.name}: of those never deployed, {group.never} are kept.")
        for phase in group.phases:
            node.verbose(f"Phase {phase.name} keeps {phase.limit} ({phase.origin}).")


def _tell_verdicts(node: LogNode, verdicts: Sequence[Verdict]) -> None:
    """Long lists are cut: the counts are always told, and the preview of the project has everything."""
    kept = sum(1 for one in verdicts if one.is_kept)
    if verdicts:
        node.info(f"{_of(kept, len(verdicts), 'release', 'releases')} kept.")
    for one in verdicts[:_TOLD]:
        fate = "is kept" if one.is_kept else "is deleted"
        write = node.verbose if one.is_kept else node.info
        write(f"Release {one.release.version} {fate}. {' '.join(one.reasons)}")
    if len(verdicts) > _TOLD:
        node.verbose(f"{len(verdicts) - _TOLD} more are not written out here; the preview of retention has them.")


def _of(kept: int, whole: int, one: str, many: str) -> str:
    return f"{kept} of {whole} {one if whole == 1 else many} {'is' if kept == 1 else 'are'}"


def _parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
