"""The custom installation directory: a folder of the user's choice that the package's files are copied to."""

from __future__ import annotations

import os
import shutil
from typing import List

from polpo.languages.globbing import matches
from polpo.runner.errors import RunnerError
from polpo.runner.step import Step

_FOLDER = "Octopus.Action.Package.CustomInstallationDirectory"
_PURGE = "Octopus.Action.Package.CustomInstallationDirectoryShouldBePurgedBeforeDeployment"
_KEEP = "Octopus.Action.Package.CustomInstallationDirectoryPurgeExclusions"


def copy_to_custom_folder(step: Step) -> None:
    """Copy what was unpacked and configured, if the step names a folder; from there on, that is the step's folder."""
    source = step.folder
    raw = step.variables.get_raw(_FOLDER)
    text, errors = step.variables.evaluate_with_errors(raw, halt=True)
    if not text or not text.strip():
        step.variables.set(_FOLDER, source)
        return
    if errors:
        told = " ".join(error.message for error in errors)
        raise RunnerError(f'The custom installation directory "{raw}" cannot be told: {told}')
    target = _checked(text.strip(), source)
    try:
        if step.variables.get_flag(_PURGE, False):
            _purge(step, target, source)
        step.output.info(f"Copying the package's files to {target}")
        count = _copy(source, target)
    except OSError as error:
        raise RunnerError(
            f"The custom installation directory {target} cannot be written: {error.strerror} ({error.filename}). See "
            f"that the agent's user may write there and that nothing there is in use."
        ) from error
    step.output.info(f"Copied {count} files")
    step.folder = target
    step.publish("Octopus.Action.Package.InstallationDirectoryPath", target)
    step.publish("Package.InstallationDirectoryPath", target)
    step.publish("Package.CopiedFileCount", str(count))


def _checked(text: str, source: str) -> str:
    if not os.path.isabs(text):
        raise RunnerError(f'The custom installation directory "{text}" is a relative path. Give an absolute one.')
    target = os.path.normpath(text)
    if _contains(source, target):
        raise RunnerError(
            f"The custom installation directory {target} lies inside {source}, where the package was unpacked. Choose "
            f"another one."
        )
    return target


def _contains(folder: str, path: str) -> bool:
    folder, path = os.path.realpath(folder), os.path.realpath(path)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _purge(step: Step, target: str, source: str) -> None:
    for vital in (source, step.workspace, step.variables.get("env:TentacleHome") or "", os.path.expanduser("~")):
        if vital and _contains(target, vital):
            raise RunnerError(
                f"The custom installation directory {target} is not purged: {vital} lies inside, and that must stay. "
                f"Choose another directory, or do not purge."
            )
    keep = step.variables.get_paths(_KEEP)
    step.output.info(f"Purging {target}" + (f", except {', '.join(keep)}" if keep else ""))
    if os.path.isdir(target):
        _purge_folder(target, "", keep)


def _purge_folder(target: str, below: str, keep: List[str]) -> bool:
    """Remove what is in the folder; True when nothing had to stay."""
    empty = True
    for name in os.listdir(os.path.join(target, below)):
        relative = os.path.join(below, name)
        path = os.path.join(target, relative)
        if any(matches(pattern, relative) for pattern in keep):
            empty = False
        elif os.path.isdir(path) and not os.path.islink(path):
            if _purge_folder(target, relative, keep):
                os.rmdir(path)
            else:
                empty = False
        else:
            os.remove(path)
    return empty


def _copy(source: str, target: str) -> int:
    """Each file is replaced whole, so that what runs from there goes on with the old one; links are copied as links."""
    count = 0
    for parent, folders, names in os.walk(source):
        here = os.path.normpath(os.path.join(target, os.path.relpath(parent, source)))
        os.makedirs(here, exist_ok=True)
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for name in [*names, *links]:
            destination = os.path.join(here, name)
            temporary = f"{destination}.{os.urandom(4).hex()}.tmp"
            shutil.copy2(os.path.join(parent, name), temporary, follow_symlinks=False)
            if os.path.isdir(destination) and not os.path.islink(destination):
                os.remove(temporary)
                raise IsADirectoryError(21, "there is a folder where a file should be", destination)
            os.replace(temporary, destination)
            count += 1
    return count
