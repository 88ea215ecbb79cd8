"""Running a script as it is: its variables are filled in by the server, and the machine needs nothing but a shell.

There are no functions and no packages; what a script says in the form of service messages is heard nevertheless.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from polpo.steps.properties import Properties
from polpo.steps.remote import Script
from polpo.steps.work import PackageFile, StepKind, Work

#: The variable that asks for it.
RAW = "OctopusUseRawScript"

_SCRIPT = "Octopus.Script"
_SOURCE = "Octopus.Action.Script.ScriptSource"
_BODY = "Octopus.Action.Script.ScriptBody"


def can_be_raw(kind: StepKind, properties: Mapping[str, str], packages: Sequence[PackageFile]) -> bool:
    is_inline = properties.get(_SOURCE, "") in ("", "Inline")
    return kind.type == _SCRIPT and is_inline and not any(package.is_sent for package in packages)


def raw_script(work: Work) -> Script:
    """TaskError when a variable in it cannot be filled in."""
    return Script(bash=Properties(work).text(_BODY), alone=work.is_alone)
