"""Structured configuration variables: values put into JSON, YAML, XML and properties files by paths."""

from __future__ import annotations

import os

from polpo.languages.structured.replace import replace_variables
from polpo.languages.structured.results import ReplacementFailed
from polpo.runner.dotnetfiles import files_of
from polpo.runner.errors import RunnerError
from polpo.runner.step import Step
from polpo.runner.substitutions import replace_content

_TARGETS = "Octopus.Action.Package.JsonConfigurationVariablesTargets"
_JSON_ONLY = "Octopus.Action.StructuredConfigurationFallbackFlag"


def replace_structured_variables(step: Step) -> None:
    """One glob a line; a target that fits nothing is told and fails nothing."""
    for target in step.variables.get_paths(_TARGETS):
        if os.path.isdir(os.path.join(step.folder, target)):
            step.output.warning(f"Skipping structured variable replacement on '{target}' because it is a directory.")
            continue
        files = files_of(step, target)
        if not files:
            step.output.warning(f"No files were found that match the replacement target pattern '{target}'")
        for path in files:
            _replace(step, path)


def _replace(step: Step, path: str) -> None:
    with open(path, "rb") as source:
        content = source.read()
    try:
        replaced = replace_variables(
            path, content, step.variables, json_only=step.variables.get_flag(_JSON_ONLY, False)
        )
    except ReplacementFailed as problem:
        raise RunnerError(problem.message) from None
    tell = {"verbose": step.output.verbose, "info": step.output.info, "warning": step.output.warning}
    for message in replaced.messages:
        tell[message.level](message.text)
    if replaced.content != content:
        replace_content(path, replaced.content)
