"""What people read about steps: titles, and failures as sentences that name step, target and reason once each."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

from polpo.engine import LogNode, TaskRun
from polpo.engine.log import Category
from polpo.features.deployments.plan import PlannedStep
from polpo.kernel.errors import AppError, TaskError

_TOLD = 5


def title(step: PlannedStep) -> str:
    return f"Step {step.number}: {step.name}"


def sentence(error: Exception) -> str:
    return error.message if isinstance(error, AppError) else f"Unexpected error: {type(error).__name__}: {error}"


def step_failure(step: PlannedStep, errors: Sequence[Exception], places: int) -> TaskError:
    """The failures of a step on some of so many places as one."""
    return _joined(f"Step {step.number} ({step.name})", errors, places)


def acquisition_failure(errors: Sequence[Exception], places: int) -> TaskError:
    return _joined("Acquiring packages", errors, places)


def bundling_failure(errors: Sequence[Exception]) -> TaskError:
    return _joined("Making bundles", errors, len(errors))


def tell_failure(
    run: TaskRun, key: str, node: LogNode, error: Exception, category: Category = "Error", before: str = ""
) -> None:
    """The reason, once, where it happened; with a stack trace when it was none that anybody had thought of."""
    detail = None if isinstance(error, AppError) else "".join(traceback.format_exception(error))
    run.log.once(f"error/{key}", node, category, before + sentence(error), detail)


def show_failure(run: TaskRun, key: str, node: LogNode, error: Exception) -> None:
    tell_failure(run, key, node, error)
    node.status("Failed")


def _joined(what: str, errors: Sequence[Exception], places: int) -> TaskError:
    sentences = [sentence(error) for error in errors]
    if len(sentences) == 1:
        return TaskError(f"{what}: {sentences[0]}", sentences)
    more = f" And {len(sentences) - _TOLD} more." if len(sentences) > _TOLD else ""
    return TaskError(f"{what} failed on {len(errors)} of {places}. {' '.join(sentences[:_TOLD])}{more}", sentences)
