"""Where a package is installed: `<applications>/[tenant]/[environment]/<package id>/<version>`, with `_1` if taken.

A version's folder appears complete or not at all: the package is unpacked beside it and then renamed.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import List

from polpo.runner.errors import RunnerError
from polpo.runner.extraction import Limits, extract
from polpo.runner.packages import PackageName, escape
from polpo.runner.step import Step
from polpo.runner.variables import Variables

_UNPACKING = re.compile(r"\..*\.unpacking-(\d+)-[0-9a-f]{8}")
_MEGABYTE = 1 << 20
_REQUIRED_MEGABYTES = 500


def install(step: Step, package: str, name: PackageName) -> str:
    """Unpack the package into a folder of its own and publish where that is."""
    parent = os.path.join(_application_folder(step.variables), _part(escape(name.package_id), "package id"))
    try:
        os.makedirs(parent, exist_ok=True)
    except OSError as error:
        raise RunnerError(
            f"The folder {parent} cannot be made: {error.strerror}. Let the agent's user write there, or give the "
            f"agent another folder for applications."
        ) from error
    _check_free_space(step, parent)
    _sweep(step, parent)
    version = _part(escape(name.version), "package version")
    temporary = os.path.join(parent, f".{version}.unpacking-{os.getpid()}-{os.urandom(4).hex()}")
    files = extract(package, name, temporary, limits(step.variables))
    folder = _settle(temporary, os.path.join(parent, version))
    step.output.verbose(f"Unpacked {files} files to {folder}")
    step.publish("Octopus.Action.Package.InstallationDirectoryPath", folder)
    step.publish("Package.InstallationDirectoryPath", folder)
    step.publish("Package.ExtractedFileCount", str(files))
    return folder


def limits(variables: Variables) -> Limits:
    """What archives may unpack to, as the step's variables allow."""
    default = Limits()
    total = variables.get_int("Octopus.Calamari.ArchiveLimits.MaximumUncompressedSize")
    ratio = variables.get_int("Octopus.Calamari.ArchiveLimits.MaximumCompressionRatio")
    return default._replace(
        total=default.total if total is None else total, ratio=default.ratio if ratio is None else ratio
    )


def _application_folder(variables: Variables) -> str:
    root = variables.get("Octopus.Tentacle.Agent.ApplicationDirectoryPath")
    if not root:
        home = variables.get("env:HOME")
        if not home:
            raise RunnerError(
                "It is not known where applications are installed on this machine: set the variable "
                "Octopus.Tentacle.Agent.ApplicationDirectoryPath."
            )
        root = os.path.join(home, "Applications")
    parts: List[str] = []
    for variable, what in (
        ("Octopus.Deployment.Tenant.Name", "tenant name"),
        ("Octopus.Environment.Name", "environment name"),
    ):
        name = variables.get(variable) or ""
        if name.strip():
            parts.append(_part(name.replace("/", "").replace("\0", ""), what))
    return os.path.join(os.path.abspath(root), *parts)


def _part(name: str, what: str) -> str:
    """One folder's name; what would lead elsewhere is refused."""
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise RunnerError(f'The {what} "{name}" cannot be the name of a folder. Rename it.')
    return name


def _check_free_space(step: Step, folder: str) -> None:
    if step.variables.get_flag("OctopusSkipFreeDiskSpaceCheck", False):
        return
    override = step.variables.get_int("OctopusFreeDiskSpaceOverrideInMegaBytes")
    required = _REQUIRED_MEGABYTES if override is None else override
    free = shutil.disk_usage(folder).free // _MEGABYTE
    if free < required:
        raise RunnerError(
            f"The disk of {folder} has {free:,} MB free, and {required:,} MB are asked for before a package is "
            f"unpacked. Free some space, or set OctopusFreeDiskSpaceOverrideInMegaBytes to what is enough."
        )


def _sweep(step: Step, parent: str) -> None:
    """Remove what a killed runner left half unpacked."""
    for name in os.listdir(parent):
        found = _UNPACKING.fullmatch(name)
        if found and not _lives(int(found.group(1))):
            step.output.verbose(f"Removing {name}, which an interrupted deployment left in {parent}")
            shutil.rmtree(os.path.join(parent, name), ignore_errors=True)


def _lives(process: int) -> bool:
    if os.name == "nt":
        return True  # signal 0 would not ask there, but interrupt
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _settle(temporary: str, wanted: str) -> str:
    """Give the unpacked folder its name: the wanted one, or the first free one with a number."""
    number = 0
    while True:
        folder = f"{wanted}_{number}" if number else wanted
        number += 1
        if os.path.lexists(folder):
            continue
        try:
            os.rename(temporary, folder)
        except OSError:
            if not os.path.lexists(folder):
                shutil.rmtree(temporary, ignore_errors=True)
                raise
        else:
            return folder
