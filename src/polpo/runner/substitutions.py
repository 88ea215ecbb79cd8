"""`#{...}` in files: which files, and how their encoding and line ends are kept."""

from __future__ import annotations

import os
from typing import Iterator, List, Optional

from polpo.languages.globbing import fixed_folder, is_pattern, matches
from polpo.languages.structured import substitution_in_files as languages
from polpo.languages.structured.texts import encoding_named
from polpo.runner.errors import RunnerError
from polpo.runner.step import Step

_QUIET = "OctopusSuppressUnresolvedVariableWarning"
_STRICT = "OctopusShouldFailDeploymentOnSubstitutionFails"


def substitute_in_files(step: Step) -> None:
    """Do what the step asks for: the feature, or the older property, with one pattern a line."""
    variables = step.variables
    asked = variables.has_feature("Octopus.Features.SubstituteInFiles")
    if not asked and not variables.get_flag("Octopus.Action.SubstituteInFiles.Enabled", False):
        return
    warn = variables.get_flag("Octopus.Action.SubstituteInFiles.EnableNoMatchWarning", True)
    for pattern in variables.get_paths("Octopus.Action.SubstituteInFiles.TargetFiles"):
        files = matching_files(step.folder, pattern)
        for path in files:
            substitute_in_file(step, path)
        if not files and warn:
            step.output.warning(f'No file in {step.folder} fits "{pattern}", so no variables are substituted there.')


def matching_files(folder: str, pattern: str) -> List[str]:
    """Full paths of the files that the pattern takes in, in order. The pattern is relative to the folder, or whole."""
    return sorted(_matching(folder, pattern.replace("\\", "/")))


def _matching(folder: str, pattern: str) -> Iterator[str]:
    path = os.path.normpath(os.path.join(folder, pattern))
    if not is_pattern(pattern):
        if os.path.isfile(path):
            yield path
        return
    top = os.sep if os.path.isabs(pattern) else folder
    start = os.path.join(top, os.path.normpath(fixed_folder(pattern) or "."))
    for parent, _, names in os.walk(start):
        for name in names:
            path = os.path.normpath(os.path.join(parent, name))
            if matches(pattern.lstrip("/"), os.path.relpath(path, top)) and os.path.isfile(path):
                yield path


def substitute_in_script(step: Step, path: str) -> None:
    """As in any file. What stays in a script is a warning: most often somebody has written a name wrong."""
    substitute_in_file(step, path, warns=not step.variables.get_flag(_QUIET, False))


def substitute_in_file(step: Step, path: str, *, warns: bool = False) -> None:
    """Evaluate the file's text in place. What cannot be resolved stays, unless the step asks for failure."""
    step.output.verbose(f"Substituting variables in {path}")
    with open(path, "rb") as source:
        content = source.read()
    changed, errors = languages.substitute_in_file(content, step.variables, _output_encoding(step))
    if errors:
        told = "; ".join(error.message for error in errors)
        if step.variables.get_flag(_STRICT, False):
            raise RunnerError(
                f"Variables in {path} could not be substituted: {told} Define what is missing; {_STRICT} makes this a "
                f"failure."
            )
        if warns:
            name = os.path.basename(path)
            step.output.warning(f"In {name} something stays as it is: {told} {_QUIET} turns this warning off.")
        else:
            step.output.verbose(f"In {path} something stays as it is: {told}")
    if changed != content:
        replace_content(path, changed)


def _output_encoding(step: Step) -> Optional[str]:
    name = (step.variables.get("Octopus.Action.SubstituteInFiles.OutputEncoding") or "").strip()
    if name and encoding_named(name) is None:
        step.output.verbose(f'There is no encoding "{name}"; the file keeps its own.')
    return name or None


def replace_content(path: str, content: bytes) -> None:
    """The file is the old or the new one at any moment, and keeps its mode; a link stays a link."""
    real = os.path.realpath(path)
    temporary = f"{real}.{os.urandom(4).hex()}.tmp"
    try:
        with open(temporary, "wb") as target:
            target.write(content)
        os.chmod(temporary, os.stat(real).st_mode & 0o7777)
        os.replace(temporary, real)
    except BaseException:
        if os.path.exists(temporary):
            os.remove(temporary)
        raise
