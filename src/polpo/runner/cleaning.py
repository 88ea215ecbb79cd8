"""`clean`: remove what retention says of this target's installations, and forget them in the journal.

Folders that an entry which stays still uses are left, and so are custom installation folders, always. What cannot be
removed is told and stays in the journal, so that the next time tries again.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import Callable, Iterable, List, Mapping

from polpo.runner.errors import RunnerError
from polpo.runner.journal import DeploymentJournal, JournalEntry
from polpo.runner.output import Output
from polpo.runner.retention import Keep, choose


def clean(output: Output, environment: Mapping[str, str], question_file: str, now: Callable[[], float]) -> None:
    """The question names the sets of installations and how many days or releases of each are kept."""
    path = environment.get("TentacleJournal")
    if not path:
        raise RunnerError("It is not known where the agent keeps its deployment journal: TentacleJournal is not set.")
    with open(question_file, encoding="utf-8") as source:
        question = json.load(source)
    journal = DeploymentJournal(path, output, now)
    entries = journal.entries()
    choice = choose(entries, question["Sets"], Keep(question.get("Days"), question.get("Releases")), now())
    for entry, reason in choice.kept:
        output.verbose(f"{_described(entry)} is kept because {reason}.")
    vital = [environment.get(name, "") for name in ("TentacleHome", "TentacleApplications")]
    going = {entry.id for entry in choice.gone}
    staying = [entry for entry in entries if entry.id not in going]
    removed = [entry for entry in choice.gone if _remove(output, entry, staying, vital)]
    journal.remove(entry.id for entry in removed)
    if not choice.gone:
        output.info("Nothing is to be removed.")


def _remove(output: Output, entry: JournalEntry, staying: Iterable[JournalEntry], vital: List[str]) -> bool:
    """Whether the entry can be forgotten."""
    folder = entry.extracted_to
    if not folder or not os.path.isdir(folder):
        output.verbose(f"{_described(entry)} is gone already.")
        return True
    for other in staying:
        if _is_inside(other.extracted_to, folder) or _is_inside(_custom_folder(other), folder):
            output.verbose(f"{folder} is kept because {_described(other)} uses it.")
            return True
    if any(_is_inside(path, folder) for path in (*vital, _custom_folder(entry))):
        output.warning(f"{folder} is not removed: the agent's own folders, or a custom installation folder, lie in it.")
        return False
    output.info(f"Removing {folder}")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        output.warning(f"{folder} could not be removed: {error.strerror} ({error.filename}). It will be tried again.")
        return False
    return True


def _custom_folder(entry: JournalEntry) -> str:
    """Empty where there is none; the journal then has the folder that was unpacked to."""
    custom = entry.custom_installation_directory
    return "" if custom == entry.extracted_to else custom


def _is_inside(path: str, folder: str) -> bool:
    if not path:
        return False
    path, folder = os.path.realpath(path), os.path.realpath(folder)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _described(entry: JournalEntry) -> str:
    package = entry.packages[0] if entry.packages else None
    name = f"{package.package_id} {package.version}" if package else "An installation"
    return f"{name} in {entry.extracted_to}"
