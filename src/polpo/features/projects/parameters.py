"""What templates ask for: parameters with names of their own, each with an id that its values are kept by."""

from __future__ import annotations

import uuid
from collections import Counter

from polpo.features.projects.resource import ActionTemplateParameter
from polpo.kernel.errors import Invalid


def complete_parameters(parameters: list[ActionTemplateParameter], field: str) -> None:
    """Fills the ids; Invalid with a sentence for each that has no name or shares its name or id. `field` holds them."""
    faults = []
    for number, parameter in enumerate(parameters, start=1):
        parameter.name = parameter.name.strip()
        parameter.id = parameter.id or str(uuid.uuid4())
        if not parameter.name:
            faults.append(f"{field}: number {number} needs a name.")
    names = Counter(parameter.name.casefold() for parameter in parameters if parameter.name)
    faults += [f"{field}: two have the name '{name}'." for name, times in names.items() if times > 1]
    ids = Counter(parameter.id for parameter in parameters)
    faults += [f"{field}: two have the id '{identity}'." for identity, times in ids.items() if times > 1]
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else f"{field} cannot be saved.", faults)
