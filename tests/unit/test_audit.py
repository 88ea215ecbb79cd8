"""What `make lint` says of known vulnerabilities, by the answers of a registry."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

AUDIT = runpy.run_path(str(Path(__file__).parents[2] / "requirements" / "audit.py"))
SOUND = {"name": "httpx", "version": "1", "vulns": []}
FAULTY = {"name": "old", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2", "3"]}]}
UNKNOWN = {"name": "own", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("packages", "ends", "says"),
    [
        ([SOUND, UNKNOWN], 0, "vulnerabilities in 1 of 2 pinned packages: 0."),
        ([SOUND, FAULTY], 1, "old 1 has CVE-1; versions without it: 2, 3."),
        ([UNKNOWN], 0, "NOT looked up"),
        ([], 0, "NOT looked up"),
    ],
)
def test_only_a_vulnerability_that_is_known_fails_the_build(
    capsys: pytest.CaptureFixture[str], packages: list[dict[str, Any]], ends: int, says: str
) -> None:
    assert AUDIT["told"](packages) == ends
    assert says in capsys.readouterr().out
