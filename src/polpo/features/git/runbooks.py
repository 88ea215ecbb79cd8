"""Runbooks of a project in Git: each a file with its settings and its process, whose name is the slug."""

from __future__ import annotations

from dataclasses import dataclass

from polpo.features.git import texts
from polpo.features.git.documents import Snapshot, path_of, version_of
from polpo.features.git.editing import Files, refuse_stale
from polpo.features.processes.service import actions_of, complete_steps
from polpo.features.runbooks.resource import Runbook, RunbookProcess, runbook_process_id_of
from polpo.features.runbooks.service import complete_runbook
from polpo.kernel.errors import Invalid, NotFound
from polpo.languages.ocl.projects.files import RUNBOOKS_FOLDER, runbook_file
from polpo.rest.answers import Page
from polpo.rest.call import Paging
from polpo.rest.collection import checked_name, slugify

_SUFFIX = ".ocl"
_PROCESS_PREFIX = runbook_process_id_of("")


@dataclass(frozen=True)
class GitRunbook:
    runbook: Runbook
    process: RunbookProcess


def slugs_of(snapshot: Snapshot) -> list[str]:
    folder = path_of(snapshot.project.persistence_settings, RUNBOOKS_FOLDER)
    names = snapshot.mirror.names_in(snapshot.reference.commit, folder)
    return [name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)]


def read_runbook(snapshot: Snapshot, slug: str) -> GitRunbook:
    blob, text = snapshot.file(runbook_file(slug))
    runbook, steps = texts.read_runbook(text, runbook_file(slug), snapshot.references())
    project = snapshot.project
    runbook.id = snapshot.references().runbook_id(slug)
    runbook.space_id, runbook.project_id, runbook.slug = project.space_id, project.id, slug
    runbook.runbook_process_id = runbook_process_id_of(runbook.id)
    process = RunbookProcess(
        id=runbook.runbook_process_id,
        space_id=project.space_id,
        project_id=project.id,
        runbook_id=runbook.id,
        version=version_of(blob),
        steps=steps,
    )
    one, its_process = snapshot.address(f"runbooks/{runbook.id}"), snapshot.address(f"runbookProcesses/{process.id}")
    runbook.links = {
        "Self": one,
        "RunbookProcesses": its_process,
        "RunbookSnapshotTemplate": f"{one}/runbookSnapshotTemplate",
        "RunbookRunPreview": f"{one}/runbookRuns/preview/{{environment}}{{?includeDisabledSteps}}",
        "RunbookEnvironments": f"{one}/environments",
    }
    process.links = {"Self": its_process, "Runbook": one}
    return GitRunbook(snapshot.stamped(runbook), snapshot.stamped(process))


def find_runbook(snapshot: Snapshot, named: str) -> GitRunbook:
    """By slug, id or the id of its process."""
    wanted = named.strip().removeprefix(_PROCESS_PREFIX)
    slug = snapshot.references().runbook_slug(wanted) or wanted
    if slug not in slugs_of(snapshot):
        raise NotFound(
            f"The project '{snapshot.project.name}' has no runbook '{named}' at '{snapshot.reference.name}'."
        )
    return read_runbook(snapshot, slug)


def find_runbook_by_any_name(snapshot: Snapshot, named: str) -> GitRunbook:
    try:
        return find_runbook(snapshot, named)
    except NotFound:
        key = named.strip().casefold()
        for slug in slugs_of(snapshot):
            found = read_runbook(snapshot, slug)
            if found.runbook.name.casefold() == key:
                return found
        raise


def page_of_runbooks(snapshot: Snapshot, part: str | None, paging: Paging) -> Page[Runbook]:
    """Those whose names contain a text, by name."""
    found = [read_runbook(snapshot, slug).runbook for slug in slugs_of(snapshot)]
    found = sorted((one for one in found if (part or "").casefold() in one.name.casefold()), key=_by_name)
    return Page(found[paging.skip : paging.skip + paging.take], len(found), paging, Runbook.__name__)


def _by_name(runbook: Runbook) -> str:
    return runbook.name.casefold()


# -- changing


def created_file(snapshot: Snapshot, wanted: Runbook) -> tuple[str, Files]:
    """The slug of the new runbook, and its file."""
    wanted.name = checked_name(wanted.name, "runbook")
    taken = slugs_of(snapshot)
    _refuse_taken(snapshot, wanted, taken)
    base = slugify(wanted.slug or wanted.name)
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug, _file(snapshot, slug, wanted, RunbookProcess())


def replaced_file(snapshot: Snapshot, named: str, wanted: Runbook) -> Files:
    """Its settings; the slug and the process stay."""
    before = find_runbook(snapshot, named)
    slug = before.runbook.slug
    wanted.name = checked_name(wanted.name, "runbook")
    _refuse_taken(snapshot, wanted, [one for one in slugs_of(snapshot) if one != slug])
    return _file(snapshot, slug, wanted, before.process)


def process_file(snapshot: Snapshot, named: str, wanted: RunbookProcess) -> Files:
    before = find_runbook(snapshot, named)
    refuse_stale(snapshot, runbook_file(before.runbook.slug), wanted.version, "process of the runbook")
    complete_steps(wanted.steps, [])
    faults = [
        f"Step '{action.name}' names channels; a runbook runs without a release, so it has none."
        for action in actions_of(wanted.steps)
        if action.channels
    ]
    if faults:
        raise Invalid(faults[0], faults)
    return _file(snapshot, before.runbook.slug, before.runbook, wanted)


def deleted_file(snapshot: Snapshot, named: str) -> Files:
    return {runbook_file(find_runbook(snapshot, named).runbook.slug): None}


def _refuse_taken(snapshot: Snapshot, wanted: Runbook, others: list[str]) -> None:
    key = wanted.name.casefold()
    if any(read_runbook(snapshot, slug).runbook.name.casefold() == key for slug in others):
        sentence = f"The name '{wanted.name}' is already taken by another runbook; choose another one."
        raise Invalid(sentence, [sentence])


def _file(snapshot: Snapshot, slug: str, runbook: Runbook, process: RunbookProcess) -> Files:
    references = snapshot.references(process.steps)
    text = texts.runbook_text(complete_runbook(runbook), process.steps, references)
    texts.read_runbook(text, runbook_file(slug), references)
    return {runbook_file(slug): text}
