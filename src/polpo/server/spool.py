"""The folder for files on their way: packages in transit, bundles that are made, answers that are received.

Whatever a server that died had begun there, is begun anew by whoever goes on with its tasks, here or on another node.
"""

from __future__ import annotations

import shutil
from pathlib import Path

#: The differences between packages outlast a restart: they are computed once for many targets.
KEPT = "deltas"


def sweep(spool: Path) -> list[str]:
    """Removes what an earlier process has left, before anything new is begun; returns the names."""
    left = [path for path in spool.iterdir() if path.name != KEPT] if spool.is_dir() else []
    for path in left:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return sorted(path.name for path in left)
