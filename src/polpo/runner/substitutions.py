"""`#{...}` in files: which files, and how their encoding and line ends are kept."""

from __future__ import annotations

import codecs
import os
from typing import Iterator, List, NamedTuple

from polpo.languages.globbing import fixed_folder, is_pattern, matches
from polpo.runner.errors import RunnerError
from polpo.runner.step import Step

_STRICT = "OctopusShouldFailDeploymentOnSubstitutionFails"
#: Byte order marks; the longer ones first, since one begins like another.
_MARKS = [
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
_DOTNET_NAMES = {"unicode": "utf-16-le", "utf-16": "utf-16-le", "bigendianunicode": "utf-16-be", "utf-32": "utf-32-le"}


class Encoding(NamedTuple):
    name: str
    mark: bytes = b""
    errors: str = "strict"


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


def substitute_in_file(step: Step, path: str) -> None:
    """Evaluate the file's text in place. What cannot be resolved stays, unless the step asks for failure."""
    step.output.verbose(f"Substituting variables in {path}")
    with open(path, "rb") as source:
        content = source.read()
    encoding = _encoding_of(content)
    text = content[len(encoding.mark) :].decode(encoding.name, encoding.errors)
    result, errors = step.variables.evaluate_with_errors(text, halt=False)
    if errors:
        told = "; ".join(error.message for error in errors)
        if step.variables.get_flag(_STRICT, False):
            raise RunnerError(
                f"Variables in {path} could not be substituted: {told} Define what is missing; {_STRICT} makes this a "
                f"failure."
            )
        step.output.verbose(f"In {path} something stays as it is: {told}")
    changed = _encoded(result or "", _wanted(step, encoding))
    if changed != content:
        replace_content(path, changed)


def _encoding_of(content: bytes) -> Encoding:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return Encoding(name, mark)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return Encoding("cp1252", errors="surrogateescape")
    return Encoding("utf-8")


def _wanted(step: Step, present: Encoding) -> Encoding:
    """The encoding that the step names, with its byte order mark; else the present one."""
    name = (step.variables.get("Octopus.Action.SubstituteInFiles.OutputEncoding") or "").strip().lower()
    if not name:
        return present
    try:
        codec = codecs.lookup(_DOTNET_NAMES.get(name, name)).name
    except LookupError:
        step.output.verbose(f'There is no encoding "{name}"; the file keeps its own.')
        return present
    return Encoding(codec, next((mark for mark, marked in _MARKS if marked == codec), b""))


def _encoded(text: str, encoding: Encoding) -> bytes:
    """What the file's own code page has no characters for becomes UTF-8."""
    try:
        return encoding.mark + text.encode(encoding.name, encoding.errors)
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")


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
