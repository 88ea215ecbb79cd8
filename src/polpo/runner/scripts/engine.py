"""From a script's file to its outcome, whichever language it is in."""

from __future__ import annotations

import os
from typing import Callable, Dict, List

from polpo.runner.errors import RunnerError
from polpo.runner.scripts import syntax
from polpo.runner.scripts.bash import bash_command
from polpo.runner.scripts.csharp import csharp_command
from polpo.runner.scripts.modules import written_modules
from polpo.runner.scripts.payload import Command, discard
from polpo.runner.scripts.powershell import powershell_command
from polpo.runner.scripts.python import python_command
from polpo.runner.scripts.running import Outcome, run
from polpo.runner.step import Step

_COMMANDS: Dict[syntax.Syntax, Callable[[str, str, str, Dict[str, str], List[str]], Command]] = {
    syntax.BASH: bash_command,
    syntax.CSHARP: csharp_command,
    syntax.PYTHON: python_command,
    syntax.POWERSHELL: powershell_command,
}
_MODULE = "octopus.script.module["


def run_script(step: Step, script: str, parameters: str = "") -> Outcome:
    """Run a script file in its own folder, with the variables as they are now."""
    language = syntax.by_extension(script)
    if language is None:
        known = ", ".join(f".{one.extension}" for one in _COMMANDS)
        raise RunnerError(f"The script {script} is in no known language: its name ends with one of {known}.")
    command_of = _COMMANDS.get(language)
    if command_of is None:
        raise RunnerError(
            f"The script {os.path.basename(script)} is written in {language.name}, which is not supported. Write it in "
            f"Bash, Python, C# or PowerShell."
        )
    if not os.path.isfile(script):
        raise RunnerError(f"There is no script {script}. Look at its name in the step and at what the package holds.")
    _make_runnable(script)
    values = step.variables.evaluated()
    given = {name: value for name, value in values.items() if not name.lower().startswith(_MODULE)}
    with written_modules(step, os.path.dirname(script), language) as modules:
        command = command_of(step.workspace, script, parameters, given, modules)
        try:
            return run(step, command.arguments, os.path.dirname(script))
        finally:
            for path in command.private:
                discard(path)


def _make_runnable(script: str) -> None:
    """Take the line ends of Windows and the mark at the beginning away: neither Bash nor Python reads over both."""
    with open(script, "rb") as source:
        content = source.read()
    if syntax.by_extension(script) is syntax.POWERSHELL:
        return
    plain = content[3:] if content.startswith(b"\xef\xbb\xbf") else content
    plain = plain.replace(b"\r\n", b"\n")
    if plain != content:
        with open(script, "wb") as target:
            target.write(plain)
