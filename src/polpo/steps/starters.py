"""The one command that runs a bundle on the far side, for each shell that may be there."""

from __future__ import annotations

_BASH = """\
#!/usr/bin/env bash
# Runs this deployment on this machine. The password of sensitive variables is asked for, or taken from the environment
# variable POLPO_BUNDLE_PASSWORD, or from a file: --password-file FILE
here="$(cd "$(dirname "${{BASH_SOURCE[0]}}")" && pwd)" || exit 1
for python in python3 python; do
  if command -v "$python" > /dev/null 2>&1; then
    exec "$python" -I "$here/{runner}" run-bundle --folder "$here" --manifest '{manifest}' "$@"
  fi
done
echo "python3 (3.8 or newer) was not found on this machine; install it, the deployment needs it." >&2
exit 1
"""
_POWERSHELL = """\
# Runs this deployment on this machine. The password of sensitive variables is asked for, or taken from the environment
# variable POLPO_BUNDLE_PASSWORD, or from a file: --password-file FILE
foreach ($name in "python3", "python", "py") {{
  $python = Get-Command $name -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
  if (-not $python) {{ continue }}
  & $python.Source -c "import sys; sys.exit(sys.version_info < (3, 8))" 2> $null
  if ($LASTEXITCODE -ne 0) {{ continue }}
  $runner = Join-Path $PSScriptRoot '{runner}'
  & $python.Source -I $runner run-bundle --folder $PSScriptRoot --manifest '{manifest}' @args
  exit $LASTEXITCODE
}}
[Console]::Error.WriteLine("Python (3.8 or newer) was not found on this machine; install it, the deployment needs it.")
exit 1
"""
_COMMAND = """\
@echo off\r
powershell.exe -NoProfile -ExecutionPolicy Bypass -File "%~dpn0.ps1" %*\r
exit /b %ERRORLEVEL%\r
"""


def starters(runner: str, manifest: str) -> dict[str, str]:
    """By the extension of their files. Both paths are below the folder of the starter."""
    bash = _BASH.format(runner=_inside(runner), manifest=manifest.replace("'", "'\\''"))
    powershell = _POWERSHELL.format(runner=runner.replace("'", "''"), manifest=manifest.replace("'", "''"))
    return {".sh": bash, ".ps1": powershell, ".cmd": _COMMAND}


def _inside(path: str) -> str:
    """For double quotes of bash."""
    for character in '\\"$`':
        path = path.replace(character, f"\\{character}")
    return path
