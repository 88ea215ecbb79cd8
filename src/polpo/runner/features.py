"""The features that a step may ask for; those that this runner does not have are refused, never left out in silence."""

from __future__ import annotations

from polpo.runner.errors import RunnerError
from polpo.runner.step import Step

_KNOWN = {
    "CustomDirectory",
    "CustomScripts",
    "ConfigurationTransforms",
    "ConfigurationVariables",
    "JsonConfigurationVariables",
    "SubstituteInFiles",
    # says only how the package of a step is chosen
    "SelectPackage",
}
_NOT_BUILT = {
    "IISWebSite": ("Deployment to IIS", "a script that configures IIS"),
    "WindowsService": ("Deployment of a Windows service", "a script with sc.exe or New-Service"),
    "nginx": (
        "Deployment to nginx",
        "a site's file in the package and a script that reloads nginx",
    ),
    "RedGateDatabase": ("Redgate database deployment", "a script that starts Redgate's tools"),
    "Vhd": ("Deployment of a VHD", "a script"),
}
_PREFIX = "Octopus.Features."


def refuse_unknown_features(step: Step) -> None:
    """Before anything is changed: what a step asks for and does not get would be missed only later."""
    known = {name.lower() for name in _KNOWN}
    not_built = {name.lower(): told for name, told in _NOT_BUILT.items()}
    for feature in step.variables.get_strings("Octopus.Action.EnabledFeatures", ","):
        name = feature.strip()
        short = (name[len(_PREFIX) :] if name.lower().startswith(_PREFIX.lower()) else name).lower()
        if short in not_built:
            what, instead = not_built[short]
            raise RunnerError(
                f"{what} ({name}) cannot be done yet. Take the feature out of the step; what does it instead is "
                f"{instead}."
            )
        if name and short not in known:
            raise RunnerError(
                f'The step asks for the feature "{name}", which is not known here. Take it out of the step, or look at '
                f"its name in Octopus.Action.EnabledFeatures."
            )
