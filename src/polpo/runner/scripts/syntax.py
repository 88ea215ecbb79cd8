"""The languages of scripts, in the order in which one is preferred when a package brings several."""

from __future__ import annotations

import os
from typing import List, NamedTuple, Optional

from polpo.runner.errors import RunnerError


class Syntax(NamedTuple):
    name: str
    extension: str
    #: What a file in this language begins with, so that it is read as UTF-8.
    mark: bytes = b""


BASH = Syntax("Bash", "sh")
PYTHON = Syntax("Python", "py")
CSHARP = Syntax("CSharp", "csx")
FSHARP = Syntax("FSharp", "fsx")
POWERSHELL = Syntax("PowerShell", "ps1", b"\xef\xbb\xbf")

SYNTAXES: List[Syntax] = [BASH, PYTHON, CSHARP, FSHARP, POWERSHELL]


def by_name(name: str) -> Syntax:
    for syntax in SYNTAXES:
        if syntax.name.lower() == name.strip().lower():
            return syntax
    raise RunnerError(
        f'There is no script language "{name}". Octopus.Action.Script.Syntax is one of '
        f"{', '.join(syntax.name for syntax in SYNTAXES)}."
    )


def by_extension(path: str) -> Optional[Syntax]:
    extension = os.path.splitext(path)[1][1:].lower()
    return next((syntax for syntax in SYNTAXES if syntax.extension == extension), None)
