"""Bringing the runner and packages to a machine: what is there already is found first, what is missing is sent.

Files on the machine are named by their content, so a file that is there under its name with its size is the right one.
"""

from __future__ import annotations

import base64
import hashlib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from polpo.engine import LogNode, TaskRun
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import TaskError
from polpo.runner.archive import RunnerArchive
from polpo.runner.packages import file_name
from polpo.steps.console import Console
from polpo.steps.remote import Script, explain, run_script
from polpo.steps.work import Depot, PackageFile
from polpo.transports.transport import Transport, verified

_MISSING = "polpo-missing"

_CHECK = """\
polpo_size() {{ if [ -f "$1" ]; then wc -c < "$1" | tr -d ' '; else echo none; fi; }}
polpo_check() {{
  if [ "$(polpo_size "$TentacleHome/$2")" != "$3" ]; then
    echo "##octopus[{missing} index='$(printf %s "$1" | base64)']"
  fi
}}
if [ -z "${{TentacleHome:-}}" ]; then
  echo "The agent does not say where its home is (TentacleHome); it may be too old." >&2
  exit 1
fi
if ! command -v python3 > /dev/null 2>&1; then
  echo "##octopus[resultMessage message='{no_python}']"
  exit 1
fi
{checks}
"""
_NO_PYTHON = "python3 (3.8 or newer) was not found on this machine; install it, the runner needs it."


@dataclass(frozen=True)
class Load:
    """A file that a machine needs, by its path below the machine's home."""

    path: str
    size: int
    label: str
    package: PackageFile | None = None


def runner_path(archive: RunnerArchive) -> str:
    return f"Tools/PolpoRunner/{archive.digest}/runner.pyz"


def package_path(package: PackageFile) -> str:
    """Where a package lies on a machine, below the agent's home."""
    name = file_name(package.package_id, package.version, package.extension, package.sha256[:32].upper())
    return f"Files/{name}"


async def acquire(
    run: TaskRun,
    transport: Transport,
    node: LogNode,
    key: str,
    archive: RunnerArchive,
    packages: Sequence[PackageFile],
    depot: Depot,
    anew: bool = False,
) -> None:
    """Afterwards the runner and every package are on the machine. `anew`: packages are sent even if they are there."""
    loads = [Load(runner_path(archive), len(archive.content), "the runner")]
    by_path = {package_path(package): package for package in packages}
    loads += [
        Load(path, package.size, f"{package.package_id} {package.version}", package)
        for path, package in by_path.items()
    ]
    missing = set(await _missing(run, transport, node, key, loads))
    if anew:
        missing |= set(range(1, len(loads)))
    for index in sorted(missing):
        await _send(transport, node, loads[index], archive, depot)
    for load in loads[1:]:
        node.verbose(f"{transport.name} has {load.label}.")


async def _missing(run: TaskRun, transport: Transport, node: LogNode, key: str, loads: list[Load]) -> list[int]:
    checks = "\n".join(f"polpo_check {index} {shlex.quote(load.path)} {load.size}" for index, load in enumerate(loads))
    body = _CHECK.format(missing=_MISSING, no_python=_base64(_NO_PYTHON), checks=checks)
    console = Console(node, run.masker)
    script = Script(bash=body, alone=False, mutex="PolpoAcquire")
    outcome = await run_script(run, transport, console, f"{key}/check", script)
    if (sentence := explain(outcome, "Looking for packages", transport.name)) is not None:
        raise TaskError(sentence)
    return [int(attributes["index"]) for name, attributes in outcome.console.found if name == _MISSING]


async def _send(transport: Transport, node: LogNode, load: Load, archive: RunnerArchive, depot: Depot) -> None:
    if load.package is None:
        stream, sha1 = (
            DataStream.of_bytes(archive.content),
            hashlib.sha1(archive.content, usedforsecurity=False).hexdigest(),
        )
    else:
        stream, sha1 = await depot.open(load.package), load.package.sha1
    name = transport.name
    where = f"the {name[4:]}" if name.startswith("The ") else name
    node.info(f"Sending {load.label} to {where} ({_size(load.size)}).")
    try:
        result = await transport.upload(load.path, stream)
    finally:
        stream.discard()
    verified(result, sha1.lower(), load.size, transport.name)


def _size(size: int) -> str:
    if size < 1024:
        return f"{size} bytes"
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1024
        if value < 1024 or unit == "GB":
            return f"{value:.1f} {unit}"
    raise AssertionError


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
