"""`find-package`: tell the server which file on this target holds a package, so that it is not sent again."""

from __future__ import annotations

import os

from polpo.runner.errors import RunnerError
from polpo.runner.output import Output
from polpo.runner.packages import find


def find_package(output: Output, home: str, package_id: str, version: str, version_format: str, digest: str) -> None:
    """Say it by service messages. That there is none is an answer too, and no failure."""
    if not home:
        raise RunnerError("It is not known where the agent keeps its files: TentacleHome is not set.")
    folder = os.path.join(home, "Files")
    found = next(find(folder, package_id, version, version_format, digest), None)
    if found is None:
        output.verbose(f"{package_id} {version} is not in {folder} yet.")
        return
    output.verbose(f"{package_id} {version} is there already: {found.path}")
    output.message("calamari-found-package", {})
    output.message(
        "foundPackage",
        {
            "id": found.name.package_id,
            "version": found.name.version,
            "versionFormat": found.name.format,
            "hash": found.hash,
            "remotePath": found.path,
            "fileExtension": found.name.extension,
        },
    )
