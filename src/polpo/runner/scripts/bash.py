"""Bash: the functions and the variables are sourced from a private file, then the script, in its folder."""

from __future__ import annotations

import shlex
from typing import Dict, List

from polpo.runner.scripts.payload import Command, resource, write_payload

#: $0 is the script, $1 the file to source; it removes itself before the script begins.
_START = '. "$1"'


def bash_command(
    workspace: str, script: str, parameters: str, variables: Dict[str, str], _modules: List[str]
) -> Command:
    """`parameters` is shell text, as in `script.sh <parameters>`."""
    text = "\n".join(
        [
            'command rm -f -- "$1"',
            "shift",
            resource("functions.sh"),
            _lookup(variables),
            _array(variables) if _wants_array(script) else "",
            f'. "$0" {parameters}\n',
        ]
    )
    payload = write_payload(workspace, text.replace("\0", ""))
    return Command(["bash", "-c", _START, script, payload], [payload])


def _lookup(variables: Dict[str, str]) -> str:
    """`get_octopusvariable` as one case statement: works in every Bash, and names compare without case."""
    cases = "\n".join(
        f"    {shlex.quote(name)}) __octopus_value={shlex.quote(value)} ;;" for name, value in variables.items()
    )
    return (
        "get_octopusvariable() {\n"
        "  local __octopus_value='' __octopus_nocasematch=0\n"
        "  if shopt -q nocasematch; then __octopus_nocasematch=1; fi\n"
        "  shopt -s nocasematch\n"
        '  case "${1:-}" in\n'
        f"{cases}\n"
        "  esac\n"
        '  if [ "$__octopus_nocasematch" = 0 ]; then shopt -u nocasematch; fi\n'
        "  printf '%s' \"$__octopus_value\"\n"
        "}"
    )


def _array(variables: Dict[str, str]) -> str:
    """`octopus_parameters`, for scripts that use it; older Bash than 4.3 does without."""
    lines = "\n".join(
        f"  octopus_parameters[{shlex.quote(name)}]={shlex.quote(value)}" for name, value in variables.items() if name
    )
    newer = '[ "${BASH_VERSINFO[0]}" -gt 4 ] || { [ "${BASH_VERSINFO[0]}" = 4 ] && [ "${BASH_VERSINFO[1]}" -gt 2 ]; }'
    return f"if {newer}; then\n  declare -gA octopus_parameters=()\n{lines}\nfi"


def _wants_array(script: str) -> bool:
    with open(script, "rb") as source:
        return b"octopus_parameters" in source.read()
