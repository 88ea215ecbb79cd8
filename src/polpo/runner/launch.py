"""The shell script by which an agent starts the runner, and where the runner lies on a target.

The server sends this as the body of a script. It says clearly when there is no Python on the target, and asks for the
runner with a service message when it has not been uploaded yet, or was removed.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence

#: Printed instead of running when the archive is not where it should be; the exit code is `RUNNER_MISSING`.
MISSING_MESSAGE = "polpo-runner-missing"
RUNNER_MISSING = 91
PYTHON_MISSING = 92


def archive_path(digest: str) -> str:
    """Where the archive with this digest lies, relative to the agent's home: the path to upload it to."""
    return f"Tools/polpo-runner/{digest[:16]}/runner.pyz"


def launch_script(digest: str, arguments: Sequence[str]) -> str:
    """A Bash script that runs the uploaded archive with these arguments in the current folder."""
    command = " ".join(map(shlex.quote, arguments))
    return f"""\
runner="$TentacleHome/{archive_path(digest)}"
if ! python="$(command -v python3)"; then
  echo "There is no python3 on this machine. Deployments need Python 3.8 or newer: install it and try again." >&2
  exit {PYTHON_MISSING}
fi
if [ ! -f "$runner" ]; then
  echo "##octopus[{MISSING_MESSAGE}]"
  exit {RUNNER_MISSING}
fi
exec "$python" -I "$runner" {command}
"""
