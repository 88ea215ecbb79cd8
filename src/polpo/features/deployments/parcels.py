"""Bundles for targets that nobody reaches: what their steps want to be done is put together while the plan is walked.

Nothing of that is kept in the journal, since a resumed walk comes by all of it again; only that a bundle was made is.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

from polpo.engine import LogNode, TaskRun, together
from polpo.features.deployments.equipment import Equipment
from polpo.features.deployments.plan import Plan, PlannedAction
from polpo.features.deployments.telling import show_failure
from polpo.features.deployments.tree import order_of
from polpo.kernel.errors import TaskError
from polpo.steps.bundling import Drop, Drops, Outline, Parcel, drop, file_name, pack, write_bundle
from polpo.steps.console import Artifact
from polpo.transports.offline import Recorder

_PARALLEL = 4


class Parcels:
    """Of one walk through one plan."""

    def __init__(self, run: TaskRun, plan: Plan, equipment: Equipment) -> None:
        self._run = run
        self._plan = plan
        self._equipment = equipment
        self._parcels: dict[str, list[Parcel]] = {}

    def takes(self, action: PlannedAction, place: str) -> bool:
        """Whether what the action does for the place goes into a bundle."""
        target = self._plan.targets.get(place)
        return target is not None and target.is_offline and action.host_of(place) == place

    def recorder(self, place: str) -> Recorder:
        return Recorder(self._plan.name_of(place), self._folder(place))

    def add(self, place: str, parcel: Parcel) -> None:
        self._parcels.setdefault(place, []).append(parcel)

    async def make_bundles(self) -> list[Exception]:
        """Once every step has ended well; returns what failed."""
        places = sorted(self._parcels, key=self._plan.name_of)
        if not places:
            return []
        node = self._run.log.node("bundles", "Make bundles", order=2 + max(map(order_of, self._plan.steps)))
        node.enter()
        children = {place: self._run.log.node(f"bundle/{place}", self._plan.name_of(place), node) for place in places}
        results = await together(*(self._bundle(place, child) for place, child in children.items()), limit=_PARALLEL)
        errors = [result for result in results if isinstance(result, Exception)]
        node.status("Failed" if errors else "Success")
        return errors

    async def close(self) -> None:
        """Removes what was put together; a later run does it anew."""
        for place in self._plan.targets:
            if self._plan.targets[place].is_offline and self._equipment.drops is not None:
                await asyncio.to_thread(shutil.rmtree, self._folder(place), ignore_errors=True)

    async def _bundle(self, place: str, node: LogNode) -> None:
        node.enter()
        key = f"bundle/{place}"
        try:
            told = await self._run.activity(key, self._make, place)
        except Exception as error:
            show_failure(self._run, key, node, error)
            raise
        self._run.log.once(f"told/{key}", node, "Highlight", str(told))
        node.status("Success")

    async def _make(self, place: str) -> str:
        drops, folder = self._drops(), self._folder(place)
        wanted = await drops.look_up(place)
        outline = _outline(self._plan, wanted, self._parcels[place])
        equipment = self._equipment
        files = await write_bundle(folder, outline, wanted, equipment.depot, equipment.archive)
        if wanted.folder is None:
            return await self._shelve(place, outline, files)
        target = Path(wanted.folder).joinpath(*map(file_name, outline.places))
        await asyncio.to_thread(drop, folder, files, target, outline.id)
        return f"The bundle was put into {target}; {outline.id}.sh runs it."

    async def _shelve(self, place: str, outline: Outline, files: Sequence[str]) -> str:
        shelf, folder = self._equipment.shelf, self._folder(place)
        if shelf is None:
            raise TaskError(f"There is nowhere to keep the bundle of {self._plan.name_of(place)}.")
        archive = await asyncio.to_thread(pack, folder, files, folder.with_suffix(".zip"))
        try:
            left = Artifact(path="", name=outline.artifact, length=archive.length)
            await shelf.put(self._run.task.id, f"bundle/{place}", left, self._plan.name_of(place), archive)
        finally:
            archive.discard()
        return (
            f"The bundle is the artifact {outline.artifact} ({archive.length:,} bytes); {outline.id}.sh in it runs it."
        )

    def _drops(self) -> Drops:
        if self._equipment.drops is None:
            raise TaskError("This server makes no bundles for offline package drops.")
        return self._equipment.drops

    def _folder(self, place: str) -> Path:
        return self._drops().spool / f"{self._run.task.id}-{place}"


def _outline(plan: Plan, wanted: Drop, parcels: Sequence[Parcel]) -> Outline:
    """Names are those of the original, where people have scripts that look for them."""
    facts = plan.fixed.get
    project, environment = facts("Octopus.Project.Name", ""), facts("Octopus.Environment.Name", "")
    tenant, runbook = facts("Octopus.Deployment.Tenant.Name", ""), facts("Octopus.Runbook.Name", "")
    run = facts("Octopus.Deployment.Id") or facts("Octopus.RunbookRun.Id", "")
    release = facts("Octopus.Release.Number") or run
    places = [part for part in (environment, project, runbook, tenant, release) if part]
    named = [part for part in (project, runbook, environment, tenant, wanted.name, release) if part]
    title = f"{runbook or project} {release} to {environment}{f' for {tenant}' if tenant else ''}, on {wanted.name}"
    return Outline(
        id=file_name(f"{wanted.name}.{project}.{run}"),
        title=title,
        places=places,
        artifact=file_name(".".join(named)) + ".zip",
        parcels=parcels,
    )
