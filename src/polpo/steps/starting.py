"""How a machine's shell starts the runner: in bash, and in PowerShell for agents on Windows.

The Python is the agent's own where it says so (`PolpoPython`), else the machine's. The arguments of the runner hold no
secret: everybody on the machine can read them.
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

NO_PYTHON = "Python (3.8 or newer) was not found on this machine; install it, the runner needs it."
_NO_HOME = "The agent does not say where its home is (TentacleHome); it may be too old."

_BASH = """\
if [ -z "${{TentacleHome:-}}" ]; then
  echo "{no_home}" >&2
  exit 1
fi
python="${{PolpoPython:-}}"
if [ ! -x "$python" ]; then
  python="$(command -v python3 || command -v python)" || {{
    echo "##octopus[resultMessage message='{no_python}']"
    exit 1
  }}
fi
{before}exec "$python" -I "$TentacleHome"/{runner} {arguments}{key}
"""
_POWERSHELL = """\
$ErrorActionPreference = 'Stop'
if (-not $env:TentacleHome) {{
  [Console]::Error.WriteLine('{no_home}')
  exit 1
}}
$python = $null
foreach ($candidate in @($env:PolpoPython), @('python3'), @('python'), @('py', '-3')) {{
  if (-not $candidate[0] -or -not (Get-Command $candidate[0] -CommandType Application -ErrorAction SilentlyContinue)) {{
    continue
  }}
  $rest = @($candidate | Select-Object -Skip 1)
  try {{
    & $candidate[0] @rest -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>&1 | Out-Null
  }} catch {{
    continue
  }}
  if ($LASTEXITCODE -eq 0) {{
    $python = $candidate[0]
    break
  }}
}}
if (-not $python) {{
  Write-Output "##octopus[resultMessage message='{no_python}']"
  exit 1
}}
{before}{key}& $python @rest -I (Join-Path $env:TentacleHome '{runner}') {arguments}
exit $LASTEXITCODE
"""
_BASH_ONLY_IF = """\
if [ "$(wc -c 2> /dev/null < "$TentacleHome"/{runner} | tr -d ' ')" != {size} ]; then
  echo "##octopus[polpo-runner]"
  exit 0
fi
"""
_POWERSHELL_ONLY_IF = """\
$runner = Get-Item -LiteralPath (Join-Path $env:TentacleHome '{runner}') -ErrorAction SilentlyContinue
if (-not $runner -or $runner.Length -ne {size}) {{
  Write-Output '##octopus[polpo-runner]'
  exit 0
}}
"""


@dataclass(frozen=True)
class InHome:
    """An argument that is a path below the machine's home."""

    path: str


@dataclass(frozen=True)
class Bodies:
    """The same in both languages."""

    bash: str
    powershell: str


def start_runner(runner: str, arguments: Sequence[str | InHome], *, size: int | None = None, key: str = "") -> Bodies:
    """Bodies that end as the runner does. With its `size`, a runner that has another one is told by `polpo-runner`.

    `key`, in hex, is given to it on its standard input.
    """
    told = {"no_home": _NO_HOME, "no_python": base64.b64encode(NO_PYTHON.encode()).decode()}
    bash = {
        "runner": shlex.quote(runner),
        "arguments": " ".join(map(_bash_argument, arguments)),
        "key": f" <<'KEY'\n{key}\nKEY" if key else "",
    }
    powershell = {
        "runner": _quoted(runner),
        "arguments": " ".join(map(_powershell_argument, arguments)),
        "key": f"'{key}' | " if key else "",
    }
    return Bodies(
        _BASH.format(**told, **bash, before="" if size is None else _BASH_ONLY_IF.format(**bash, size=size)),
        _POWERSHELL.format(
            **told, **powershell, before="" if size is None else _POWERSHELL_ONLY_IF.format(**powershell, size=size)
        ),
    )


def _bash_argument(argument: str | InHome) -> str:
    if isinstance(argument, InHome):
        return f'"$TentacleHome"/{shlex.quote(argument.path)}'
    return shlex.quote(argument)


def _powershell_argument(argument: str | InHome) -> str:
    if isinstance(argument, InHome):
        return f"(Join-Path $env:TentacleHome '{_quoted(argument.path)}')"
    return f"'{_quoted(argument)}'"


def _quoted(text: str) -> str:
    """For between single quotes of PowerShell, which also takes the typographic ones for them."""
    for quote in "'\u2018\u2019\u201a\u201b":
        text = text.replace(quote, quote * 2)
    return text
