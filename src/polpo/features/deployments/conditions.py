"""Whether a step or an action runs, judged just before it, by what happened so far."""

from __future__ import annotations

from polpo.features.deployments.plan import PlannedAction, PlannedStep
from polpo.features.deployments.results import Seen
from polpo.features.deployments.values import Values
from polpo.languages.substitution import SubstitutionFailed, is_truthy


def reason_to_skip(step: PlannedStep, seen: Seen) -> str | None:
    """Why the step does not run, in a sentence; None when it does, or when its expression decides."""
    if not step.acting:
        reasons = list(dict.fromkeys(action.skip_reason for action in step.actions if action.skip_reason))
        return " ".join(reasons) or "The step has nothing to do."
    failed = seen.error is not None
    if step.condition == "Success" and failed:
        return "Skipped because something had failed before this step."
    if step.condition == "Failure" and not failed:
        return "Skipped because it runs only when something has failed before it."
    return None


def is_skipped_by(condition: PlannedStep | PlannedAction, values: Values) -> str | None:
    """Why an expression that is the run condition keeps it from running; None when there is none, or it is true."""
    expression = condition.condition_expression
    if condition.condition != "Variable":
        return None
    try:
        text, errors = values.dictionary().evaluate_with_errors(expression)
    except SubstitutionFailed as error:
        return f"Skipped because its condition could not be evaluated: {expression} ({error.message})"
    if errors:
        return f"Skipped because its condition could not be evaluated: {expression}"
    if not is_truthy(text or ""):
        return f"Skipped because its condition is false: {expression}"
    return None
