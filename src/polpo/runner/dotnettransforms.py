"""XML document transforms of a package, applied to its configuration files."""

from __future__ import annotations

import os
from typing import Dict, List, NamedTuple, Set, Tuple

from polpo.languages.dotnetconfig import Transformed, transform
from polpo.runner.dotnetfiles import XmlFile, files_of
from polpo.runner.errors import RunnerError
from polpo.runner.step import Step
from polpo.runner.transformpairs import Line, extensions_of, read_line, transforms_for

_AUTOMATIC = "Octopus.Action.Package.AutomaticallyRunConfigurationTransformationFiles"
_LINES = "Octopus.Action.Package.AdditionalXmlConfigurationTransforms"
_STRICT = "Octopus.Action.Package.TreatConfigTransformationWarningsAsErrors"
_IGNORE = "Octopus.Action.Package.IgnoreConfigTransformationErrors"


class _Plan(NamedTuple):
    """`own` are the lines that the step has, before those that every package gets."""

    own: List[Line]
    automatic: List[Line]


def transform_configuration_files(step: Step) -> Set[str]:
    """The files that served as transforms; they are no configuration files themselves."""
    plan = _plan_of(step)
    done: Dict[Line, bool] = {}
    pairs: Set[Tuple[str, str]] = set()
    for target in _targets(step, plan):
        for line in (*plan.own, *plan.automatic):
            for path in transforms_for(target, line, step.folder):
                is_new = (path, target) not in pairs
                done[line] = done.get(line, False) or is_new
                if is_new:
                    pairs.add((path, target))
                    _apply(step, target, path)
    _report(step, plan.own, done)
    return {path for path, _ in pairs}


def _plan_of(step: Step) -> _Plan:
    own = [read_line(text) for text in step.variables.get_strings(_LINES, ",\r\n")]
    if not step.variables.get_flag(_AUTOMATIC, False):
        return _Plan(own, [])
    named = (step.variables.get(name) for name in ("Octopus.Environment.Name", "Octopus.Deployment.Tenant.Name"))
    suffixes = ["Release", *(name for name in named if name and name.strip())]
    return _Plan(own, [Line(suffix, suffix, None) for suffix in suffixes])


def _targets(step: Step, plan: _Plan) -> List[str]:
    """Lines with a target say by its ending which files come into question; a suffix alone leaves all."""
    endings = [*([".config"] if plan.automatic else []), *extensions_of(plan.own)]
    if not plan.own and not plan.automatic:
        return []
    if not endings:
        return files_of(step, "**/*")
    found = [path for path in files_of(step, "**/*") if os.path.splitext(path)[1] in endings or "" in endings]
    return list(dict.fromkeys(found))


def _apply(step: Step, target: str, path: str) -> None:
    step.output.info(f"Transforming {target} by {path}")
    file = XmlFile(target)
    result = transform(file.text, XmlFile(path).text)
    _tell(step, result, f"{target} cannot be transformed by {path}")
    file.write(result.text)


def _tell(step: Step, result: Transformed, failure: str) -> None:
    """Raises `RunnerError` where the step does not put up with what the transform has to tell."""
    ignoring = step.variables.get_flag(_IGNORE, False)
    strict = not ignoring and step.variables.get_flag(_STRICT, True)
    if result.errors and not ignoring:
        raise RunnerError(
            f"{failure}: {' '.join((*result.errors, *result.warnings))} Correct the transform, or set {_IGNORE} to "
            "True to go on without what it cannot do."
        )
    if result.warnings and strict:
        raise RunnerError(
            f"{failure}: {' '.join(result.warnings)} Correct the transform, or set {_STRICT} to False to make this a "
            "warning."
        )
    for sentence in result.errors:
        step.output.warning(sentence)
    for sentence in result.warnings:
        (step.output.info if ignoring else step.output.warning)(sentence)


def _report(step: Step, own: List[Line], done: Dict[Line, bool]) -> None:
    for line in dict.fromkeys(own):
        if line not in done:
            step.output.verbose(f'The configuration transform "{line.text}" fits no files, so it did nothing.')
        elif not done[line]:
            step.output.verbose(f'The configuration transform "{line.text}" overlaps with another one.')
