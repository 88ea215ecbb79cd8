"""Whether a step runs, judged just before it, by what happened so far."""

from __future__ import annotations

from polpo.features.deployments.plan import Plan, PlannedStep
from polpo.features.deployments.values import PlanValues, Results
from polpo.languages.substitution import VariableDictionary, is_truthy


def reason_to_skip(step: PlannedStep, seen: Results, values: PlanValues, plan: Plan) -> str | None:
    """Why the step does not run, in a sentence; None when it does."""
    if not step.runs:
        reasons = list(dict.fromkeys(action.skip_reason for action in step.actions if action.skip_reason))
        return " ".join(reasons) or "The step has nothing to do."
    failed = seen.error is not None
    if step.condition == "Success" and failed:
        return "Skipped because a step before it failed."
    if step.condition == "Failure" and not failed:
        return "Skipped because it runs only when a step before it has failed."
    if step.condition == "Variable":
        return _judge_expression(step, seen, values, plan)
    return None


def _judge_expression(step: PlannedStep, seen: Results, values: PlanValues, plan: Plan) -> str | None:
    expression = step.condition_expression
    first = step.actions[0]
    known = values.at(step, first, None, seen)
    dictionary = VariableDictionary()
    for name, value in known.texts.items():
        dictionary.set(name, value)
    text, errors = dictionary.evaluate_with_errors(expression)
    if errors:
        return f"Skipped because its condition could not be evaluated: {expression}"
    if not is_truthy(text or ""):
        return f"Skipped because its condition is false: {expression}"
    return None
