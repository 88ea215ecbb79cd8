"""`run-script`: run one script on this target, from the step itself or from a package.

Without a package it runs in the workspace. A package is unpacked into a folder of the workspace, so that nothing in it
can take the place of the agent's own files there.
"""

from __future__ import annotations

import os
from typing import Optional

from polpo.runner.configuration import configure_files
from polpo.runner.errors import RunnerError
from polpo.runner.extraction import extract
from polpo.runner.features import refuse_unknown_features
from polpo.runner.history import History
from polpo.runner.installation import limits
from polpo.runner.packages import PackageName, parse_file_name
from polpo.runner.references import stage_references
from polpo.runner.scripts.engine import run_script
from polpo.runner.scripts.payload import write_private
from polpo.runner.scripts.syntax import BASH, SYNTAXES, Syntax, by_name
from polpo.runner.step import Step
from polpo.runner.substitutions import substitute_in_files, substitute_in_script

_BODY = "Octopus.Action.Script.ScriptBody"
_FILE = "Octopus.Action.Script.ScriptFileName"
_FAIL_ON_ERRORS = "Octopus.Action.FailScriptOnErrorOutput"


def run_step_script(step: Step, package: Optional[str], source: Optional[str] = None) -> int:
    """Run the step's script to its end and give its exit code; -1 counts errors written where the step says so.

    `source` holds the files of a repository, packed; unlike those of a package they are no installation.
    """
    refuse_unknown_features(step)
    history = History(step)
    history.contribute()
    name = _unpack(step, package) if package else None
    if source:
        _unpack_source(step, source)
    script = _script_file(step, "repository" if source else "package")
    stage_references(step)
    substitute_in_script(step, script)
    substitute_in_files(step)
    configure_files(step)
    outcome = run_script(step, script, step.variables.get("Octopus.Action.Script.ScriptParameters") or "")
    code = outcome.exit_code
    if code == 0 and outcome.wrote_errors and step.variables.get_flag(_FAIL_ON_ERRORS, False):
        step.output.error("The script wrote to its error stream, which the step counts as failure.")
        code = 255
    step.publish("Octopus.Action.Script.ExitCode", str(code))
    if package and name:
        history.record(step.folder, os.path.abspath(package), name, successful=code == 0)
    return code


def _unpack(step: Step, package: str) -> PackageName:
    if not os.path.isfile(package):
        raise RunnerError(f"There is no package file {package} on this machine. Deploy again, so that it is sent here.")
    name = parse_file_name(package)
    step.folder = os.path.join(step.workspace, f"package-{os.urandom(4).hex()}")
    files = extract(package, name, step.folder, limits(step.variables))
    step.variables.set("OctopusOriginalPackageDirectoryPath", step.folder)
    step.output.verbose(f"Unpacked {files} files of {name.package_id} {name.version} to {step.folder}")
    return name


def _unpack_source(step: Step, source: str) -> None:
    if not os.path.isfile(source):
        raise RunnerError(
            f"The repository's files {source} are not on this machine. Deploy again, so that they are sent."
        )
    step.folder = os.path.join(step.workspace, f"source-{os.urandom(4).hex()}")
    files = extract(source, PackageName("source", "", ".zip"), step.folder, limits(step.variables))
    step.output.verbose(f"Unpacked {files} files of the repository to {step.folder}")


def _script_file(step: Step, holder: str) -> str:
    """The script's path: of the body in the step, written out, or of the file that the step names."""
    body, syntax = _inline(step)
    if body is None or syntax is None:
        return _named_file(step, holder)
    path = os.path.join(step.folder, f"Script.{syntax.extension}")
    write_private(path, body, syntax.mark)
    step.variables.set(_FILE, os.path.basename(path))
    return path


def _inline(step: Step) -> tuple[Optional[str], Optional[Syntax]]:
    variables = step.variables
    if (variables.get("Octopus.Action.Script.ScriptSource") or "Inline").lower() not in ("inline", ""):
        return None, None
    body = variables.get_raw(_BODY)
    if body:
        named = variables.get("Octopus.Action.Script.Syntax")
        if not named:
            step.output.warning(f"The step does not say in which language its script is written; {BASH.name} it is.")
        return body, by_name(named) if named else BASH
    for syntax in SYNTAXES:
        body = variables.get_raw(f"{_BODY}[{syntax.name}]")
        if body:
            return body, syntax
    return None, None


def _named_file(step: Step, holder: str) -> str:
    name = step.variables.get(_FILE)
    if not name:
        raise RunnerError(f"The step has no script: set {_BODY}, or {_FILE} and a package that holds the file.")
    path = os.path.normpath(os.path.join(step.folder, name.replace("\\", "/")))
    if not os.path.realpath(path).startswith(os.path.realpath(step.folder) + os.sep):
        raise RunnerError(f'The script "{name}" is not inside the {holder}. Name a file by its path in the {holder}.')
    if not os.path.isfile(path):
        here = ", ".join(sorted(os.listdir(step.folder))[:20])
        raise RunnerError(f'There is no script "{name}" in the {holder}. At its root there is: {here}.')
    return path
