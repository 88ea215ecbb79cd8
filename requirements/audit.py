"""Looks up the pinned packages in the database of known vulnerabilities, where the registry has one and answers.

A vulnerability ends with 1 and its list. A registry that cannot be asked is told in a sentence and ends with 0: a
build without a network must not fail for that.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PINNED = Path(__file__).with_name("dev.txt")
_SECONDS = 120


def main() -> int:
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(PINNED), "--require-hashes", "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        packages = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return skipped(f"it did not answer within {_SECONDS} seconds")
    except (ValueError, KeyError, TypeError):
        last = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        return skipped(last[0][:200])
    return told(packages)


def told(packages: list[dict[str, Any]]) -> int:
    looked_up = [package for package in packages if "skip_reason" not in package]
    found = [(package, fault) for package in looked_up for fault in package["vulns"]]
    for package, fault in found:
        better = ", ".join(fault["fix_versions"]) or "none yet"
        print(f"{package['name']} {package['version']} has {fault['id']}; versions without it: {better}.")
    if not looked_up:
        return skipped("it knows none of the packages; is it a mirror without that database?")
    print(f"Known vulnerabilities in {len(looked_up)} of {len(packages)} pinned packages: {len(found)}.")
    return 1 if found else 0


def skipped(why: str) -> int:
    print(f"Known vulnerabilities were NOT looked up in the package registry: {why}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
