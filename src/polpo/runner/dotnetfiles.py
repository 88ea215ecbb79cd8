""".NET configuration files of a package: which they are, and what the step does to them."""

from __future__ import annotations

import os
from typing import AbstractSet, List

from polpo.languages.dotnetconfig import NotReadable, replace_variables
from polpo.languages.structured.texts import read_text, write_text
from polpo.languages.structured.xml_config import declared_encoding, with_declared_encoding
from polpo.runner.errors import RunnerError
from polpo.runner.step import Step
from polpo.runner.substitutions import matching_files, replace_content

_WANTED = "Octopus.Action.Package.AutomaticallyUpdateAppSettingsAndConnectionStrings"
_IGNORE = "Octopus.Action.Package.IgnoreVariableReplacementErrors"
_FOLDERS = "Octopus.Action.AdditionalPaths"


class XmlFile:
    """A file's text in the encoding that its mark or its declaration tells."""

    def __init__(self, path: str) -> None:
        self.path = path
        with open(path, "rb") as source:
            self._content = source.read()
        self.text, self._encoding = read_text(self._content, declared_encoding(self._content))

    def write(self, text: str) -> None:
        """In the same encoding; in UTF-8, declared so, where that has not all characters."""
        written = write_text(text, self._encoding)
        content = written.content
        if written.changed_encoding:
            content = with_declared_encoding(text, "utf-8").encode("utf-8")
        if content != self._content:
            replace_content(self.path, content)


def files_of(step: Step, pattern: str) -> List[str]:
    """In the folder of the step, then in its additional paths; each once."""
    folders = [step.folder, *step.variables.get_strings(_FOLDERS)]
    found = [path for folder in folders for path in matching_files(os.path.join(step.folder, folder), pattern)]
    return list(dict.fromkeys(found))


def replace_configuration_variables(step: Step, transforms: AbstractSet[str]) -> None:
    """Files that served as transforms are left as they are: they hold what is to be put into others."""
    if not step.variables.get_flag(_WANTED, True):
        return
    for path in files_of(step, "**/*.config"):
        if path in transforms:
            step.output.verbose(f"{path} is a configuration transform, so no variables are put into it.")
        else:
            _replace(step, path)


def _replace(step: Step, path: str) -> None:
    file = XmlFile(path)
    try:
        result = replace_variables(file.text, step.variables)
    except NotReadable as problem:
        sentence = f"Variables cannot be put into {path}: it is not well-formed XML, or not safe ({problem.message})."
        if not step.variables.get_flag(_IGNORE, False):
            raise RunnerError(f"{sentence} Correct the file, or set {_IGNORE} to True to leave it as it is.") from None
        step.output.info(f"{sentence} {_IGNORE} is set, so it is left as it is.")
        return
    if not result.replaced:
        step.output.info(f"{path} has no setting or connection string with the name of a variable.")
        return
    step.output.info(f"Putting variables into settings and connection strings of {path}")
    for name in result.replaced:
        step.output.verbose(f"'{name}' gets the value of the variable.")
    for warning in result.warnings:
        step.output.warning(f"{path}: {warning}")
    file.write(result.text)
