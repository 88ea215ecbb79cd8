"""The scripts of a package deployment: those that the package brings, and those that the step has of its own."""

from __future__ import annotations

import os
from typing import List

from polpo.runner.errors import ScriptFailed
from polpo.runner.scripts.engine import run_script
from polpo.runner.scripts.payload import write_private
from polpo.runner.scripts.running import Outcome
from polpo.runner.scripts.syntax import SYNTAXES, by_extension
from polpo.runner.step import Step
from polpo.runner.substitutions import substitute_in_script

_KEEP = "OctopusDeleteScriptsOnCleanup"
_FAIL_ON_ERRORS = "Octopus.Action.FailScriptOnErrorOutput"


def run_packaged(step: Step, stage: str) -> None:
    """Run the package's own script of the stage, such as `PostDeploy.sh` at its root, and take it away afterwards.

    Of scripts in several languages the first one runs. They stay when the step says so, or when one fails.
    """
    if not step.variables.get_flag("Octopus.Action.Package.RunScripts", True):
        return
    scripts = _packaged(step.folder, stage)
    if not scripts:
        return
    if len(scripts) > 1:
        others = ", ".join(os.path.basename(path) for path in scripts[1:])
        step.output.verbose(f"{os.path.basename(scripts[0])} is run, and not {others}.")
    step.output.verbose(f"Running {scripts[0]}")
    _check(step, os.path.basename(scripts[0]), run_script(step, scripts[0]))
    remove_packaged(step, stage)


def remove_packaged(step: Step, stage: str) -> None:
    if step.variables.get_flag("Octopus.Action.Package.RunScripts", True) and _cleans_up(step):
        for path in _packaged(step.folder, stage):
            os.remove(path)


def _cleans_up(step: Step) -> bool:
    return step.variables.get_flag(_KEEP, True)


def run_configured(step: Step, stage: str) -> None:
    """Run the scripts that the step has for the stage (feature `CustomScripts`), in every language that it has."""
    if not step.variables.has_feature("Octopus.Features.CustomScripts"):
        return
    for syntax in SYNTAXES:
        name = f"Octopus.Action.CustomScripts.{stage}.{syntax.extension}"
        body = step.variables.get_raw(name) or ""
        if not body.strip():
            continue
        path = os.path.join(step.folder, name)
        step.output.verbose(f"Running the step's own {stage} script")
        write_private(path, body, syntax.mark)
        try:
            substitute_in_script(step, path)
            _check(step, f"The step's own {stage} script", run_script(step, path))
        finally:
            if _cleans_up(step):
                os.remove(path)


def _packaged(folder: str, stage: str) -> List[str]:
    order = [syntax.name for syntax in SYNTAXES]
    found = []
    for name in sorted(os.listdir(folder)):
        language = by_extension(name)
        if language and os.path.splitext(name)[0].lower() == stage.lower():
            found.append((order.index(language.name), os.path.join(folder, name)))
    return [path for _, path in sorted(found)]


def _check(step: Step, script: str, outcome: Outcome) -> None:
    if outcome.exit_code != 0:
        raise ScriptFailed(f"{script} ended with exit code {outcome.exit_code}.", told=outcome.told)
    if outcome.wrote_errors and step.variables.get_flag(_FAIL_ON_ERRORS, False):
        raise ScriptFailed(
            f"{script} ended with exit code 0 but wrote to its error stream, which the step counts as failure.",
            told=outcome.told,
        )
