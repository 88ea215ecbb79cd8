"""Installs the official TypeScript client for the tests that drive it: `make clients`.

Leaves the path of the Node that runs it in `ts/node_modules/.node-path`.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "portal"))

from node import find_node, find_npm, install_packages  # noqa: E402 - the portal's build has the one Node finder


def main() -> None:
    npm = find_npm()
    folder = HERE / "ts"
    install_packages(npm, folder)
    (folder / "node_modules" / ".node-path").write_text(find_node(npm))


if __name__ == "__main__":
    main()
