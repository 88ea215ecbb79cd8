"""PowerShell: pwsh where there is one, else Windows PowerShell."""

from __future__ import annotations

import os
import shutil
from typing import Dict, List

from polpo.runner.errors import RunnerError
from polpo.runner.messages import encode
from polpo.runner.scripts.payload import Command, resource, write_payload


def powershell_command(
    workspace: str, script: str, parameters: str, variables: Dict[str, str], modules: List[str]
) -> Command:
    """`parameters` is PowerShell text, as in `. script.ps1 <parameters>`."""
    version = variables.get("Octopus.Action.PowerShell.CustomPowerShellVersion", "").strip()
    program = _of_version(version) if version else _program(variables.get("Octopus.Action.PowerShell.Edition", ""))
    lines = "".join(f"{encode(name)} {encode(value)}\n" for name, value in variables.items())
    payload = write_payload(workspace, lines)
    bootstrap = write_payload(workspace, _bootstrap(script, parameters, modules))
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


def _of_version(version: str) -> str:
    """Versions lie beside each other where PowerShell is installed."""
    roots = [os.environ.get("ProgramFiles", ""), "/opt/microsoft/powershell", "/usr/local/microsoft/powershell"]  # noqa: SIM112 - Windows names it so
    for root in filter(None, roots):
        for path in (os.path.join(root, version, "pwsh"), os.path.join(root, "PowerShell", version, "pwsh.exe")):
            if os.path.isfile(path):
                return path
    raise RunnerError(
        f"The step asks for PowerShell {version} (Octopus.Action.PowerShell.CustomPowerShellVersion), which is not "
        f"installed on this machine. Install it, or take the version out of the step."
    )


def _bootstrap(script: str, parameters: str, modules: List[str]) -> str:
    """The functions, the modules, then the script; a failure of it ends with an exit code of its own, or 1."""
    imports = "".join(f"  Import-Module -Name {_quoted(path)} -DisableNameChecking\n" for path in modules)
    return (
        "\ufeff"
        + resource("functions.ps1")
        + "\n$ErrorActionPreference = 'Stop'\nRemove-Item -LiteralPath $PSCommandPath -Force\n"
        + "try {\n"
        + imports
        + f"  . {_quoted(script)} {parameters}\n"
        + "}\ncatch {\n"
        + "  [Console]::Error.WriteLine(($_ | Out-String))\n"
        + "  exit 1\n}\n"
        + "if (Test-Path variable:global:LastExitCode) { exit $LastExitCode }\n"
    )


def _quoted(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"
