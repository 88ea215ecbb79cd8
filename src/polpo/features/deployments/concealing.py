"""The texts of a plan that nobody may see."""

from __future__ import annotations

from collections.abc import Iterator

from polpo.engine import Masker
from polpo.features.deployments.plan import Plan, PlannedTarget
from polpo.features.deployments.references import hidden_in


def secrets_of_plan(plan: Plan) -> Iterator[str]:
    """Every text that must not be shown, as it is stored and as it reads once an escaped `##{` is resolved."""
    texts = [value.value for value in plan.values if value.is_sensitive]
    texts += [part.value for value in plan.values for part in value.parts if part.is_sensitive]
    texts += [text for target in plan.targets.values() for text in secrets_of_target(target)]
    texts += plan.hidden
    for step in plan.steps:
        for action in step.actions:
            texts += [action.properties[name] for name in action.secret_properties]
    for text in texts:
        yield text
        if "##{" in text:
            yield text.replace("##{", "#{")


def secrets_of_target(target: PlannedTarget) -> Iterator[str]:
    """Those of its account, with the texts of files that are kept as base64."""
    yield from (part.value for part in target.variables if part.is_sensitive)
    yield from hidden_in(target.variables)


def conceal_sentences(plan: Plan) -> None:
    """Problems and warnings may quote what a variable became; they are shown to whoever may look at the plan."""
    if plan.problems or plan.warnings:
        masker = Masker(secrets_of_plan(plan))
        plan.problems = [masker.mask(text) for text in plan.problems]
        plan.warnings = [masker.mask(text) for text in plan.warnings]
