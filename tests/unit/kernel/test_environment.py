"""Secrets leave the environment of a process, as itself, its children and its user see it."""

from __future__ import annotations

import subprocess
import sys

import pytest

_LOOK = """
import os, subprocess, sys
from pathlib import Path
from polpo.kernel.environment import forget
forget(["SECRET_ONE", "SECRET_EMPTY", "SECRET_NONE"])
print(os.environ.get("SECRET_ONE"), os.environ["KEPT"])
print(Path("/proc/self/environ").read_bytes())
print(subprocess.run(["/usr/bin/env"], capture_output=True).stdout)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the environment of a process")
def test_a_forgotten_variable_is_nowhere() -> None:
    environment = {"SECRET_ONE": "opensesame", "SECRET_EMPTY": "", "KEPT": "yes", "PYTHONPATH": ":".join(sys.path)}
    ran = subprocess.run([sys.executable, "-c", _LOOK], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("None yes\n")
    assert "opensesame" not in ran.stdout
    assert "KEPT=yes" in ran.stdout
