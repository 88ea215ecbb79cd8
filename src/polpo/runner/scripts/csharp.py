"""C#: by dotnet-script, which loads the functions and then the script."""

from __future__ import annotations

import json
import os
import shlex
import shutil
from typing import Dict, List

from polpo.runner.errors import RunnerError
from polpo.runner.messages import encode
from polpo.runner.scripts.payload import Command, resource, write_payload

_PROGRAM = "dotnet-script"


def csharp_command(
    workspace: str, script: str, parameters: str, variables: Dict[str, str], _modules: List[str]
) -> Command:
    """`parameters` is split as a shell would split it; the script reads them from `Args`."""
    program = shutil.which(_PROGRAM) or shutil.which(os.path.expanduser(f"~/.dotnet/tools/{_PROGRAM}"))
    if program is None:
        raise RunnerError(
            f"This script is written in C#, and there is no {_PROGRAM} on this machine. Install the .NET SDK and "
            f"'dotnet tool install --global {_PROGRAM}' here, or write the script in Bash, Python or PowerShell."
        )
    try:
        arguments = shlex.split(parameters)
    except ValueError as error:
        raise RunnerError(f"The script's parameters cannot be split into arguments: {error}.") from error
    lines = "".join(f"{encode(name)} {encode(value)}\n" for name, value in variables.items())
    payload = write_payload(workspace, lines)
    functions = _named_csx(write_payload(workspace, resource("functions.csx").replace("PAYLOAD", json.dumps(payload))))
    loads = "".join(f"#load {json.dumps(path)}\n" for path in (functions, script))
    start = _named_csx(write_payload(workspace, loads))
    return Command([program, start, "--", *arguments], [payload, functions, start])


def _named_csx(path: str) -> str:
    os.rename(path, f"{path}.csx")
    return f"{path}.csx"
