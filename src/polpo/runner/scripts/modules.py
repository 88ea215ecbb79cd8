"""Script modules: functions of the library that a project includes, laid beside the script while it runs."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import Iterator, List

from polpo.runner.errors import RunnerError
from polpo.runner.scripts.syntax import BASH, CSHARP, POWERSHELL, PYTHON, Syntax, by_name
from polpo.runner.step import Step

_BODY = "Octopus.Script.Module["
_LANGUAGE = "Octopus.Script.Module.Language["
_EXTENSIONS = {BASH: "sh", PYTHON: "py", CSHARP: "csx", POWERSHELL: "psm1"}
_IMPORT = {
    BASH: "source {}.sh",
    PYTHON: "import {}",
    CSHARP: '#load "{}.csx"',
    POWERSHELL: "its functions are in scope",
}


@contextmanager
def written_modules(step: Step, folder: str, language: Syntax) -> Iterator[List[str]]:
    """The project's modules in this language lie in the folder while the script runs, and no longer.

    PowerShell imports them by itself; in other languages the script names those that it wants.
    """
    paths: List[str] = []
    try:
        for variable in step.variables.names():
            if variable.lower().startswith(_BODY.lower()):
                module = variable[len(_BODY) :].rstrip("]")
                named = step.variables.get(f"{_LANGUAGE}{module}]")
                if (by_name(named) if named else POWERSHELL) is language:
                    paths.append(_write(step, folder, module, language))
        yield paths
    finally:
        for path in paths:
            with suppress(FileNotFoundError):
                os.remove(path)


def _write(step: Step, folder: str, module: str, language: Syntax) -> str:
    name = "".join(character for character in module if character.isalnum() or character == "_")
    path = os.path.join(folder, f"{name}.{_EXTENSIONS[language]}")
    text = step.variables.get(f"{_BODY}{module}]") or ""
    try:
        with open(path, "x", encoding="utf-8", newline="\n") as target:
            target.write(text.replace("\r\n", "\n"))
    except FileExistsError:
        raise RunnerError(
            f'The script module "{module}" has the same name as the file {path}. Rename one of them.'
        ) from None
    step.output.verbose(f'The script module "{module}" is there: {_IMPORT[language].format(name)}')
    return path
