"""What a step does to configuration files, in the original's order. Features that the runner does not have are refused,
never left out in silence."""

from __future__ import annotations

from typing import NamedTuple, Optional

from polpo.runner.dotnetfiles import replace_configuration_variables
from polpo.runner.errors import RunnerError
from polpo.runner.step import Step
from polpo.runner.structuredfiles import replace_structured_variables
from polpo.runner.substitutions import matching_files


class _Feature(NamedTuple):
    name: str
    what: str
    #: A property that must be set for the feature to do anything.
    switch: str
    #: The feature has nothing to do in a package without such files; None: it always has.
    files: Optional[str]


_NOT_BUILT = [
    _Feature(
        "Octopus.Features.ConfigurationTransforms",
        ".NET configuration transforms",
        "Octopus.Action.Package.AutomaticallyRunConfigurationTransformationFiles",
        "**/*.config",
    ),
    _Feature("Octopus.Features.IISWebSite", "Deployment to IIS", "", None),
    _Feature("Octopus.Features.WindowsService", "Deployment of a Windows service", "", None),
    _Feature("Octopus.Features.nginx", "Deployment to nginx", "", None),
    _Feature("Octopus.Features.RedGateDatabase", "Redgate database deployment", "", None),
]


def configure_files(step: Step) -> None:
    """After the substitution in files, before the package goes to its custom folder."""
    _refuse_what_is_not_built(step)
    replace_configuration_variables(step, frozenset())
    replace_structured_variables(step)


def _refuse_what_is_not_built(step: Step) -> None:
    for feature in _NOT_BUILT:
        if _has_work(step, feature):
            raise RunnerError(
                f"{feature.what} ({feature.name}) cannot be done yet. Take the feature out of the step; variables can "
                f"be put into files by Substitute Variables in Templates, or by a script."
            )


def _has_work(step: Step, feature: _Feature) -> bool:
    if not step.variables.has_feature(feature.name):
        return False
    if feature.switch and (step.variables.get(feature.switch) or "").strip().lower() in ("", "false"):
        return False
    return feature.files is None or bool(matching_files(step.folder, feature.files))
