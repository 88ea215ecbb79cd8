"""`deploy-package`: install a package on this target.

The order is the original's: already installed?, unpack, PreDeploy (the step's, then the package's), configuration of
files, custom installation directory, Deploy and PostDeploy (the package's, then the step's), journal. When something
fails, the package's DeployFailed runs, and the journal says so.
"""

from __future__ import annotations

import os
from typing import Callable, List, Optional

from polpo.kernel.errors import AppError
from polpo.runner.configuration import configure_files
from polpo.runner.customfolder import copy_to_custom_folder
from polpo.runner.errors import RunnerError
from polpo.runner.features import refuse_unknown_features
from polpo.runner.history import History
from polpo.runner.installation import install
from polpo.runner.packages import PackageName, parse_file_name
from polpo.runner.stages import remove_packaged, run_configured, run_packaged
from polpo.runner.step import Step
from polpo.runner.substitutions import substitute_in_files

_SKIP_REST = "Octopus.Action.SkipRemainingConventions"
_SKIP_INSTALLED = "Octopus.Action.Package.SkipIfAlreadyInstalled"


def deploy_package(step: Step, package: str) -> None:
    package = os.path.abspath(package)
    if not os.path.isfile(package):
        raise RunnerError(f"There is no package file {package} on this machine. Deploy again, so that it is sent here.")
    name = parse_file_name(package)
    refuse_unknown_features(step)
    history = History(step)
    history.contribute()
    step.variables.set("Octopus.Tentacle.CurrentDeployment.PackageFilePath", package)
    if _is_installed(step, history, name):
        return
    step.output.info(f"Deploying {name.package_id} {name.version}")
    unpacked = install(step, package, name)
    step.folder = unpacked
    step.variables.set("OctopusOriginalPackageDirectoryPath", unpacked)
    try:
        _run(step)
    except BaseException as error:
        if isinstance(error, Exception):
            _roll_back(step, error)
        _tell_failure_of(step, lambda: history.record(unpacked, package, name, successful=False))
        raise
    history.record(unpacked, package, name, successful=True)


def _is_installed(step: Step, history: History, name: PackageName) -> bool:
    if not step.variables.get_flag(_SKIP_INSTALLED, False):
        return False
    previous = history.latest_of(name)
    if previous is None:
        return False
    folder = previous.custom_installation_directory or previous.extracted_to
    if not previous.was_successful:
        step.output.info(f"{name.package_id} {name.version} was deployed here before, without success: once more.")
        return False
    if not os.path.isdir(folder):
        step.output.info(f"{name.package_id} {name.version} was deployed to {folder}, which is gone: once more.")
        return False
    step.output.info(f"{name.package_id} {name.version} is already installed in {folder}, so nothing is to be done.")
    step.publish("Octopus.Action.Package.InstallationDirectoryPath", folder)
    step.publish("Package.InstallationDirectoryPath", folder)
    return True


def _run(step: Step) -> None:
    work: List[Callable[[], None]] = [
        lambda: run_configured(step, "PreDeploy"),
        lambda: run_packaged(step, "PreDeploy"),
        lambda: substitute_in_files(step),
        lambda: configure_files(step),
        lambda: copy_to_custom_folder(step),
        lambda: run_packaged(step, "Deploy"),
        lambda: run_configured(step, "Deploy"),
        lambda: run_packaged(step, "PostDeploy"),
        lambda: run_configured(step, "PostDeploy"),
    ]
    for part in work:
        part()
        if step.variables.get_flag(_SKIP_REST, False):
            step.output.info(f"{_SKIP_REST} is set: the rest of this step is left out.")
            return
    remove_packaged(step, "DeployFailed")


def _roll_back(step: Step, error: Exception) -> None:
    """Give the package's DeployFailed script its chance. Its own failure is told; the first one stays the step's."""
    message = error.message if isinstance(error, AppError) else str(error)
    step.variables.set("OctopusLastError", message)
    step.variables.set("OctopusLastErrorMessage", message)
    _tell_failure_of(step, lambda: run_packaged(step, "DeployFailed"))


def _tell_failure_of(step: Step, work: Callable[[], None]) -> None:
    """What fails after a failure goes to the log, and the step fails for its first reason."""
    second: Optional[str] = None
    try:
        work()
    except AppError as failure:
        second = failure.message
    except OSError as failure:
        second = f"{failure.strerror} ({failure.filename})."
    if second:
        step.output.error(f"After the failure, another one: {second}")
