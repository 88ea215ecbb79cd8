"""What a step does to configuration files, in the original's order. Features that the runner does not have are refused,
never left out in silence."""

from __future__ import annotations

from polpo.runner.dotnetfiles import replace_configuration_variables
from polpo.runner.dotnettransforms import transform_configuration_files
from polpo.runner.errors import RunnerError
from polpo.runner.step import Step
from polpo.runner.structuredfiles import replace_structured_variables

_NOT_BUILT = {
    "Octopus.Features.IISWebSite": "Deployment to IIS",
    "Octopus.Features.WindowsService": "Deployment of a Windows service",
    "Octopus.Features.nginx": "Deployment to nginx",
    "Octopus.Features.RedGateDatabase": "Redgate database deployment",
}


def configure_files(step: Step) -> None:
    """After the substitution in files, before the package goes to its custom folder."""
    _refuse_what_is_not_built(step)
    replace_configuration_variables(step, transform_configuration_files(step))
    replace_structured_variables(step)


def _refuse_what_is_not_built(step: Step) -> None:
    for feature, what in _NOT_BUILT.items():
        if step.variables.has_feature(feature):
            raise RunnerError(
                f"{what} ({feature}) cannot be done yet. Take the feature out of the step; variables can be put into "
                f"files by Substitute Variables in Templates, or by a script."
            )
