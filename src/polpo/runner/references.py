"""Packages that a script step refers to: laid beside the script, unpacked or as they are."""

from __future__ import annotations

import os
import shutil

from polpo.runner.errors import RunnerError
from polpo.runner.extraction import extract
from polpo.runner.installation import limits
from polpo.runner.packages import parse_file_name
from polpo.runner.step import Step


def stage_references(step: Step) -> None:
    """For each reference with a file on this machine: unpack to `./<name>`, or copy to `./<name><extension>`."""
    for reference in filter(None, step.variables.package_references()):
        prefix = f"Octopus.Action.Package[{reference}]"
        original = step.variables.get(f"{prefix}.OriginalPath")
        if not original:
            step.output.verbose(f'The package "{reference}" was not sent here, and is not laid beside the script.')
        elif not os.path.isfile(original):
            step.output.verbose(f'The package "{reference}" is no file of this machine: {original}')
        else:
            _stage(step, reference, prefix, original)


def _stage(step: Step, reference: str, prefix: str, original: str) -> None:
    target = os.path.join(step.folder, _folder_name(reference))
    name = parse_file_name(original)
    if step.variables.get_flag(f"{prefix}.Extract", False):
        if os.path.lexists(target):
            raise RunnerError(f'The package "{reference}" cannot be unpacked to {target}: something is there already.')
        files = extract(original, name, target, limits(step.variables))
        step.output.verbose(f'Unpacked {files} files of the package "{reference}" to {target}')
        step.publish(f"{prefix}.ExtractedPath", target)
        return
    path = target + name.extension
    if os.path.lexists(path):
        raise RunnerError(f'The package "{reference}" cannot be copied to {path}: something is there already.')
    shutil.copyfile(original, path)
    step.output.verbose(f'Copied the package "{reference}" to {path}')
    step.publish(f"{prefix}.PackageFilePath", path)
    step.publish(f"{prefix}.PackageFileName", os.path.basename(path))


def _folder_name(reference: str) -> str:
    name = reference.replace("/", "").replace("\0", "")
    if name in ("", ".", ".."):
        raise RunnerError(f'The name "{reference}" of a package reference cannot be the name of a folder. Rename it.')
    return name
