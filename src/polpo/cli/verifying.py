"""`polpo admin verify-audit`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import cyclopts


def verify_audit(
    *,
    data_dir: str | None = None,
    expect: str | None = None,
    settings: Annotated[Path | None, cyclopts.Parameter(name=["--settings", "-s"])] = None,
) -> None:
    """Check that nobody altered, removed, inserted or reordered events; the server may run meanwhile.

    Tells of each fault, and ends with exit code 1 when there is one. Prints the head of the trail: keep it elsewhere,
    and give it back later, to find out whether the end was cut off.

    Parameters
    ----------
    data_dir
        The data folder of the server, where its master key is.
    expect
        A head that an earlier run printed, or that GET /api/events/head told.
    settings
        A TOML file with the server's settings.
    """
    from polpo.features.events.chain import Link
    from polpo.server.auditing import verify_trail
    from polpo.server.settings import load_settings

    expected = Link.from_text(expect) if expect else None
    verdict = verify_trail(load_settings({"data_dir": data_dir}, os.environ, settings), expected)
    for sentence in verdict.faults:
        sys.stdout.write(f"FAULT  {sentence}\n")
    for sentence in verdict.notes:
        sys.stdout.write(f"note   {sentence}\n")
    sys.stdout.write(f"Verified: {verdict.checked} events, {len(verdict.faults)} faults.\n")
    if verdict.head is not None:
        sys.stdout.write(f"head   {verdict.head}\n")
    if verdict.faults:
        sys.exit(1)
