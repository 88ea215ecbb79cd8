"""What is probably a mistake in the variables of a plan: values that tie, references to nothing, secrets too short.

The first two are judged where they are used: for each action, on the targets on which its values may differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from polpo.engine import SHORTEST_HIDDEN
from polpo.features.deployments.plan import Plan, PlannedAction, PlannedStep, PlannedValue
from polpo.features.deployments.results import Results, Seen
from polpo.features.deployments.values import PlanValues
from polpo.languages.scoping import Candidate
from polpo.languages.substitution import SubstitutionFailed, VariableDictionary

QUIET = "OctopusSuppressDuplicateVariableWarning"
#: How many targets of an action are looked at: more of them differ in little.
_LOOKED_AT = 5
#: What is known only while the deployment runs.
_LATER = ("#{octopus.action", "#{octopus.step", "#{octopus.deployment.error", "#{octopus.tentacle", "#{octopus.agent")


def tell_doubts(plan: Plan, label: Callable[[str], str]) -> None:
    """Adds them to the warnings of the plan. `label` turns ids of scopes into names."""
    values = PlanValues(plan)
    is_quiet = values.of_deployment().dictionary().get_flag(QUIET)
    found = [] if is_quiet else list(_ties(plan, values, label))
    plan.warnings += dict.fromkeys([*found, *_unresolved(plan, values), *_too_short(plan)])


def _places(plan: Plan) -> Iterator[tuple[PlannedStep, PlannedAction, str]]:
    """Each action where its values may differ."""
    has_local = any({"machine", "role", "target_role"} & value.scope.keys() for value in plan.values)
    for step in plan.steps:
        for action in step.acting:
            for place in action.places[: _LOOKED_AT if has_local else 1]:
                yield step, action, place


def _too_short(plan: Plan) -> Iterator[str]:
    for value in plan.values:
        if value.is_sensitive and 0 < len(value.value.strip()) < SHORTEST_HIDDEN:
            yield (
                f"The sensitive variable '{value.name}' has a value of less than {SHORTEST_HIDDEN} characters, which is"
                " too short to be hidden in logs; give it a longer one."
            )


# -- values that tie


def _ties(plan: Plan, values: PlanValues, label: Callable[[str], str]) -> Iterator[str]:
    seen: set[str] = set()
    for _, action, place in _places(plan):
        for name, tied in values.ties(action, plan.targets.get(place)).items():
            texts = {_value(one).value for one in tied}
            if name not in seen and len(texts) > 1:
                seen.add(name)
                yield _tie(tied, label)


def _tie(tied: list[Candidate], label: Callable[[str], str]) -> str:
    shown = " and ".join(f"one {one.scope_sentence(label)}" for one in tied).replace(
        "one no scope", "one without scope"
    )
    return (
        f"The variable '{tied[0].name}' has {len(tied)} values that are equally specific here: {shown}. The first of"
        f" them is used; scope them apart, or set {QUIET} to True."
    )


def _value(candidate: Candidate) -> PlannedValue:
    if not isinstance(candidate.value, PlannedValue):
        raise TypeError(f"{candidate.name} was made of no planned value")
    return candidate.value


# -- references to nothing


def _unresolved(plan: Plan, values: PlanValues) -> Iterator[str]:
    nothing = Seen(plan, Results())
    for step, action, place in _places(plan):
        texts = [text for name, text in action.properties.items() if "#{" in text and name not in _JUDGED_LATER]
        if not texts:
            continue
        known = values.at(step, action, plan.targets.get(place), nothing)
        yield from _in_texts(action, texts, known.dictionary())


#: Conditions say themselves, when they are judged, what they lack.
_JUDGED_LATER = frozenset({"Octopus.Action.ConditionVariableExpression", "Octopus.Step.ConditionVariableExpression"})


def _in_texts(action: PlannedAction, texts: list[str], dictionary: VariableDictionary) -> Iterator[str]:
    for text in texts:
        try:
            _, missing = dictionary.evaluate_with_errors(text)
        except SubstitutionFailed as error:
            yield f"Step '{action.name}': {error.message}"
            continue
        for token in dict.fromkeys(one.token for one in missing):
            if token and not token.replace(" ", "").casefold().startswith(_LATER):
                yield f"Step '{action.name}' refers to {token}, which has no value here."
