"""Builds the portal into `src/polpo/portal/dist`: `make portal`. With `--check` it runs the portal's lint and tests.

Needs the server's own Python environment, which describes the API.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from node import find_npm, install_packages, run_npm

HERE = Path(__file__).resolve().parent
BUILT = HERE.parent / "src" / "polpo" / "portal" / "dist"


def main() -> None:
    npm = find_npm()
    description = subprocess.run(
        [sys.executable, "-m", "polpo.server.reference"], check=True, capture_output=True, cwd=HERE.parent
    ).stdout
    (HERE / "openapi.json").write_bytes(description)
    install_packages(npm, HERE)
    run_npm(npm, HERE, "run", "--silent", "types")
    if "--check" in sys.argv[1:]:
        run_npm(npm, HERE, "run", "--silent", "lint")
        run_npm(npm, HERE, "run", "--silent", "test")
        return
    run_npm(npm, HERE, "run", "--silent", "build")
    if not (BUILT / "index.html").is_file():
        raise SystemExit(f"The portal's build left no {BUILT / 'index.html'}.")
    _add_reference()


def _add_reference() -> None:
    """The page that shows the API's description, with its library beside it."""
    library = HERE / "node_modules" / "swagger-ui-dist"
    folder = BUILT / "app" / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
        shutil.copyfile(library / name, folder / name)


if __name__ == "__main__":
    main()
