"""PowerShell: pwsh where there is one, else Windows PowerShell."""

from __future__ import annotations

import os
import shutil
from typing import Dict

from polpo.runner.errors import RunnerError
from polpo.runner.messages import encode
from polpo.runner.scripts.payload import Command, resource, write_payload


def powershell_command(workspace: str, script: str, parameters: str, variables: Dict[str, str]) -> Command:
    """`parameters` is PowerShell text, as in `. script.ps1 <parameters>`."""
    program = _program(variables.get("Octopus.Action.PowerShell.Edition", ""))
    lines = "".join(f"{encode(name)} {encode(value)}\n" for name, value in variables.items())
    payload = write_payload(workspace, lines)
    bootstrap = write_payload(workspace, _bootstrap(payload, script, parameters))
    start = f"{bootstrap}.ps1"
    os.rename(bootstrap, start)
    arguments = ["-NoLogo", "-NonInteractive", "-ExecutionPolicy", "Unrestricted"]
    profile = variables.get("Octopus.Action.PowerShell.ExecuteWithoutProfile", "True").strip().lower() != "false"
    arguments += ["-NoProfile"] if profile else []
    return Command([program, *arguments, "-File", start, payload, script], [payload, start])


def _program(edition: str) -> str:
    wanted = {"core": ("pwsh",), "desktop": ("powershell",)}.get(edition.strip().lower(), ("pwsh", "powershell"))
    found = next(filter(None, map(shutil.which, wanted)), None)
    if found is None:
        raise RunnerError(
            f"This script is written in PowerShell, and there is no {' and no '.join(wanted)} on this machine. Install "
            f"PowerShell here, or write the script in Bash or Python."
        )
    return found


def _bootstrap(payload: str, script: str, parameters: str) -> str:
    """The functions, then the script; a failure of it ends with an exit code of its own, or 1."""
    quoted = script.replace("'", "''")
    return (
        "\ufeff"
        + resource("functions.ps1")
        + "\n$ErrorActionPreference = 'Stop'\nRemove-Item -LiteralPath $PSCommandPath -Force\n"
        + "try {\n"
        + f"  . '{quoted}' {parameters}\n"
        + "}\ncatch {\n"
        + "  [Console]::Error.WriteLine(($_ | Out-String))\n"
        + "  exit 1\n}\n"
        + "if (Test-Path variable:global:LastExitCode) { exit $LastExitCode }\n"
    )
