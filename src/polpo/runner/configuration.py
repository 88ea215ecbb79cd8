"""What a step does to configuration files, in the original's order.

What can read XML and YAML takes long to import, so it is imported only where a step asks for it.
"""

from __future__ import annotations

from polpo.runner.step import Step

_TRANSFORMS = "Octopus.Features.ConfigurationTransforms"
_VARIABLES = "Octopus.Features.ConfigurationVariables"
_STRUCTURED = "Octopus.Features.JsonConfigurationVariables"
_OLDER_SWITCH = "Octopus.Action.Package.JsonConfigurationVariablesEnabled"


def configure_files(step: Step) -> None:
    """After the substitution in files, before the package goes to its custom folder."""
    variables = step.variables
    transforms = set()
    if variables.has_feature(_TRANSFORMS):
        from polpo.runner.dotnettransforms import transform_configuration_files

        transforms = transform_configuration_files(step)
    if variables.has_feature(_VARIABLES):
        from polpo.runner.dotnetfiles import replace_configuration_variables

        replace_configuration_variables(step, transforms)
    if variables.has_feature(_STRUCTURED) or variables.get_flag(_OLDER_SWITCH, False):
        from polpo.runner.structuredfiles import replace_structured_variables

        replace_structured_variables(step)
