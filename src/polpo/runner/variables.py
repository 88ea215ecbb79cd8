"""The variables of a step on this target: what the server sent, what the agent set, what scripts add on the way."""

from __future__ import annotations

import base64
import json
import os
import re
from typing import Callable, Dict, List, Mapping, Set

from polpo.languages.substitution import SubstitutionFailed, VariableDictionary
from polpo.runner.errors import RunnerError

_PACKAGE_REFERENCE = re.compile(r"Octopus\.Action\.Package\[([^\]]*)\]\.", re.IGNORECASE)
#: What the agent tells in its environment, under the names that deployments know.
_OF_THE_AGENT = {
    "TentacleApplications": "Octopus.Tentacle.Agent.ApplicationDirectoryPath",
    "TentacleInstanceName": "Octopus.Tentacle.Agent.InstanceName",
    "TentacleProgramDirectoryPath": "Octopus.Tentacle.Agent.ProgramDirectoryPath",
}


#: What the secrets are sealed as.
SEALED_NAME = "variables"


class Variables(VariableDictionary):
    """Besides the variables, which of them are secret. The environment stands under `env:NAME`."""

    def __init__(self) -> None:
        super().__init__()
        self.sensitive: Set[str] = set()

    def add_environment(self, environment: Mapping[str, str]) -> None:
        for name, variable in _OF_THE_AGENT.items():
            if name in environment and self.get_raw(variable) is None:
                self.set(variable, environment[name])
        for name, value in environment.items():
            self.set(f"env:{name}", value)

    def locate_packages(self, home: str) -> None:
        """Make the paths of packages whole: the server knows them only below the agent's home."""
        for name in self.package_references():
            variable = f"Octopus.Action.Package[{name}].OriginalPath"
            path = self.get_raw(variable)
            if path and home:
                self.set(variable, os.path.join(home, path))

    def set_output(self, name: str, value: str) -> None:
        """Make an output variable readable here as it will be in later steps."""
        action = self.get("Octopus.Action.Name")
        machine = self.get("Octopus.Machine.Name")
        self.set(name, value)
        if action:
            self.set(f"Octopus.Action[{action}].Output.{name}", value)
            if machine:
                self.set(f"Octopus.Action[{action}].Output[{machine}].{name}", value)

    def has_feature(self, feature: str) -> bool:
        enabled = self.get_strings("Octopus.Action.EnabledFeatures", ",")
        return feature.lower() in {name.lower() for name in enabled}

    def package_references(self) -> List[str]:
        """Names of the packages that the step refers to, in order; the primary one has the empty name."""
        found = (_PACKAGE_REFERENCE.match(name) for name in self.names())
        return list(dict.fromkeys(name.group(1) for name in found if name))

    def evaluated(self) -> Dict[str, str]:
        """All variables with the values that scripts see. One that cannot be evaluated has its text as it is."""
        values: Dict[str, str] = {}
        for name in self.names():
            try:
                values[name] = self.get(name) or ""
            except SubstitutionFailed:
                values[name] = self.get_raw(name) or ""
        return values


def load(path: str, environment: Mapping[str, str], read_key: Callable[[], str] = lambda: "") -> Variables:
    """Read the variables that the server sent, and remove the file.

    The secrets among them are sealed. `read_key` gives the key, in hex, that the server has sent by another way.
    """
    try:
        with open(path, encoding="utf-8") as source:
            text = source.read()
        os.remove(path)
    except OSError as error:
        raise RunnerError(f"The variables file {path} cannot be read: {error.strerror}.") from error
    variables = Variables()
    try:
        document = json.loads(text)
        for name, value in document["Variables"].items():
            variables.set(name, value if value is None or isinstance(value, str) else json.dumps(value))
        variables.sensitive = set(document.get("Sensitive") or ())
        if document.get("Sealed"):
            for name, value in unsealed(path, document["Sealed"], read_key()).items():
                variables.set(name, value)
    except (ValueError, KeyError, TypeError, AttributeError):
        # No cause: the text of the error may hold a piece of a secret.
        raise RunnerError(
            f'The variables file {path} is not of the form {{"Variables": {{name: value}}, "Sensitive": [names]}}.'
        ) from None
    variables.add_environment(environment)
    variables.locate_packages(environment.get("TentacleHome", ""))
    return variables


def unsealed(path: str, sealed: str, key: str) -> Dict[str, str]:
    """The secrets by name; `sealed` is base64, the key hex."""
    from polpo.runner.bundles.sealing import keys_of, unseal

    if not re.fullmatch(r"[0-9a-f]{64}", key):
        raise RunnerError(f"The key for the secrets in {path} did not come with them.")
    try:
        content: Dict[str, str] = json.loads(unseal(keys_of(bytes.fromhex(key)), SEALED_NAME, base64.b64decode(sealed)))
    except RunnerError:
        raise RunnerError(f"The secrets in {path} cannot be read with the key that came with them.") from None
    return content
