"""What a step does to configuration files, in the original's order."""

from __future__ import annotations

from polpo.runner.dotnetfiles import replace_configuration_variables
from polpo.runner.dotnettransforms import transform_configuration_files
from polpo.runner.step import Step
from polpo.runner.structuredfiles import replace_structured_variables


def configure_files(step: Step) -> None:
    """After the substitution in files, before the package goes to its custom folder."""
    replace_configuration_variables(step, transform_configuration_files(step))
    replace_structured_variables(step)
