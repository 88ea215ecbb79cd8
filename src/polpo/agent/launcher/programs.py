"""The versions of the agent's program that a folder has, and which of them is to run.

`<home>/Programs` holds a folder a version, with `polpo` and the `libraries` that came with it, and

    current.json  the version that runs instead of the installed one, and of which installed one
    wanted.json   the version that is to be tried; written by an update, taken away by the launcher
    outcome.json  how the last try ended
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PYTHON_PATH = "import json, sys; given = json.loads(sys.argv.pop(1)); "
_UPDATED = _PYTHON_PATH + "sys.path[:0] = given; "
_INSTALLED = _PYTHON_PATH + "sys.path[:0] = [one for one in given if one not in sys.path]; "
_RUN = "from polpo.agent.program import main; main()"


@dataclass(frozen=True)
class Program:
    """A version of the agent. `folder` is empty for the installed one, which lies in `root`."""

    version: str
    root: str
    folder: str = ""

    @property
    def paths(self) -> list[str]:
        """Where Python finds it."""
        if not self.folder:
            return [self.root]
        libraries = Path(self.root) / "libraries"
        return [self.root, str(libraries)] if libraries.is_dir() else [self.root]

    def command(self, python: str, *arguments: str, do: str = _RUN) -> list[str]:
        """The command line that runs it; `do` is Python for what it should do instead."""
        code = (_UPDATED if self.folder else _INSTALLED) + do
        return [python, "-P", "-c", code, json.dumps(self.paths), *arguments]


@dataclass(frozen=True)
class Wish:
    """An update's wish: to try a version, which has to answer a call within so many seconds."""

    id: str
    program: Program
    seconds: float


class Programs:
    """The folder `Programs` of an agent; `root` is where its installed version lies."""

    def __init__(self, home: str, root: str, installed_version: str) -> None:
        self.folder = Path(home) / "Programs"
        self.installed = Program(installed_version, root)

    def program(self, name: str) -> Program | None:
        """The version that lies in the folder of this name, if it does."""
        root = self.folder / name
        if not name or Path(name).name != name or not (root / "polpo").is_dir():
            return None
        manifest = _read(root / "manifest.json") or {}
        return Program(str(manifest.get("version") or name), str(root), name)

    def current(self) -> Program:
        """What is to run. Whoever installs another version on the machine has the last word."""
        chosen = _read(self.folder / "current.json") or {}
        if chosen.get("instead_of") != self.installed.version:
            return self.installed
        return self.program(str(chosen.get("folder") or "")) or self.installed

    def take_wish(self) -> Wish | None:
        """What an update asks for, once."""
        path = self.folder / "wanted.json"
        wanted = _read(path)
        if wanted is None:
            return None
        path.unlink()
        program = self.program(str(wanted.get("folder") or ""))
        if program is None:
            self.tell(str(wanted.get("id")), updated=False, reason="the new version's files are not there")
            return None
        return Wish(str(wanted["id"]), program, float(wanted["seconds"]))

    def ask(self, identity: str, folder: str, seconds: float) -> None:
        _write(self.folder / "wanted.json", {"id": identity, "folder": folder, "seconds": seconds})

    def adopt(self, program: Program, before: Program) -> None:
        """Runs this version from now on; all others but the one before are removed."""
        chosen = {"folder": program.folder, "instead_of": self.installed.version}
        _write(self.folder / "current.json", chosen)
        for path in self.folder.iterdir():
            if path.is_dir() and path.name not in {program.folder, before.folder}:
                shutil.rmtree(path, ignore_errors=True)

    def forsake(self) -> None:
        """Runs the installed version from now on."""
        (self.folder / "current.json").unlink(missing_ok=True)

    def tell(self, identity: str, *, updated: bool, reason: str = "") -> None:
        self.folder.mkdir(exist_ok=True, mode=0o700)
        _write(self.folder / "outcome.json", {"id": identity, "updated": updated, "reason": reason})

    def outcome(self, identity: str) -> dict[str, Any] | None:
        """How the try of this id ended: `updated`, and the `reason` if not. None while it goes on."""
        found = _read(self.folder / "outcome.json")
        return found if found is not None and found.get("id") == identity else None


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _write(path: Path, content: dict[str, Any]) -> None:
    """As a whole, so that it outlives a crash of the machine."""
    temporary = path.with_suffix(".new")
    with temporary.open("w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
