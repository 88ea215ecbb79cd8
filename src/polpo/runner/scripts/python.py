"""Python: the functions and the variables are put into the script's own `__main__`, in the machine's python3."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from typing import Dict, List

from polpo.runner.errors import RunnerError
from polpo.runner.scripts.payload import Command, resource, write_payload

#: What the process is started with. It holds nothing of the step's: arguments of processes can be read by anyone.
_START = """\
import json, os, sys
with open(sys.argv[1], encoding="utf-8", errors="surrogateescape") as source:
    step = json.load(source)
os.remove(sys.argv[1])
exec(compile(step["functions"], "octopus functions", "exec", dont_inherit=True))
octopusvariables.update(step["variables"])
sys.argv = [step["script"]] + step["arguments"]
sys.path[0] = os.path.dirname(step["script"])
__file__ = step["script"]
with open(__file__, "rb") as source:
    step = compile(source.read(), __file__, "exec", dont_inherit=True)
del source
exec(step)
"""


def python_command(
    workspace: str, script: str, parameters: str, variables: Dict[str, str], _modules: List[str]
) -> Command:
    """`parameters` is split as a shell would split it."""
    try:
        arguments = shlex.split(parameters)
    except ValueError as error:
        raise RunnerError(f"The script's parameters cannot be split into arguments: {error}.") from error
    content = {
        "functions": resource("functions.py"),
        "variables": variables,
        "script": script,
        "arguments": arguments,
    }
    payload = write_payload(workspace, json.dumps(content))
    program = shutil.which("python3") or sys.executable
    return Command([program, "-u", "-c", _START, payload], [payload])
