"""Running a bundle: its steps in their order and under their conditions, as the server would have run them there.

The rules are those of a deployment on one target: what fails does not stop a step that runs on failure or always, and
the first failure is the deployment's.
"""

from __future__ import annotations

import json
import time
from typing import Dict, NamedTuple, Optional, Set, Tuple

from polpo.languages.substitution import SubstitutionFailed, VariableDictionary, is_truthy
from polpo.runner.bundles.errands import Attempt, Workplace, run
from polpo.runner.bundles.manifest import BundledAction, BundledStep, Manifest, inside
from polpo.runner.bundles.results import Results, merged, nothing_yet, variables_of
from polpo.runner.bundles.sealing import Keys, unseal
from polpo.runner.errors import RunnerError


class _Given(NamedTuple):
    variables: Dict[str, str]
    secrets: Set[str]


class BundleRun:
    """One walk through the manifest."""

    def __init__(self, manifest: Manifest, folder: str, place: Workplace, keys: Optional[Keys]) -> None:
        self._manifest = manifest
        self._folder = folder
        self._place = place
        self._keys = keys
        self._ledger = place.ledger
        self._results = nothing_yet()
        self._error: Optional[str] = None

    def go(self) -> Optional[str]:
        """Returns what failed, in a sentence; None when all went well."""
        self._hide_secrets()
        seen, group = self._results.copied(None), None
        for step in self._manifest.steps:
            if step.group != group:
                seen, group = self._results.copied(self._error), step.group
            self._step(step, seen)
        return self._error

    def _hide_secrets(self) -> None:
        for step in self._manifest.steps:
            for action in step.actions:
                given = self._given(action, nothing_yet())
                dictionary = VariableDictionary(given.variables.items())
                for name in given.secrets:
                    self._ledger.hide(given.variables.get(name, ""))
                    try:
                        self._ledger.hide(dictionary.get(name) or "")
                    except SubstitutionFailed:
                        continue  # whoever needs it will say so

    # -- steps

    def _step(self, step: BundledStep, seen: Results) -> None:
        self._ledger.info(f"Step {step.number}: {step.name}")
        reason = self._reason_to_skip(step, seen)
        if reason:
            self._ledger.info(reason)
            self._results.steps[step.name] = "Skipped"
            for action in step.actions:
                self._results.actions[action.name] = "Skipped"
            return
        failure: Optional[str] = None
        now = seen
        for action in step.actions:
            told = self._action(action, now, failure)
            failure = failure or told
            now = now.with_action(action.name, self._results)._replace(error=seen.error or failure)
        self._results.steps[step.name] = "Failed" if failure else "Succeeded"
        if failure:
            self._results.step_errors[step.name] = failure
            self._error = self._error or failure

    def _reason_to_skip(self, step: BundledStep, seen: Results) -> Optional[str]:
        if step.condition == "Success" and seen.error is not None:
            return "Skipped because something had failed before this step."
        if step.condition == "Failure" and seen.error is None:
            return "Skipped because it runs only when something has failed before it."
        return self._skipped_by(step.condition, step.expression, self._given(step.actions[0], seen))

    def _skipped_by(self, condition: str, expression: str, given: _Given) -> Optional[str]:
        if condition != "Variable":
            return None
        try:
            text, errors = VariableDictionary(given.variables.items()).evaluate_with_errors(expression)
        except SubstitutionFailed as error:
            return f"Skipped because its condition could not be evaluated: {expression} ({error.message})"
        if errors:
            return f"Skipped because its condition could not be evaluated: {expression}"
        return None if is_truthy(text or "") else f"Skipped because its condition is false: {expression}"

    # -- actions

    def _action(self, action: BundledAction, now: Results, failure: Optional[str]) -> Optional[str]:
        """What failed, in a sentence. After a failure in the step only what an expression lets run is left."""
        given = self._given(action, now)
        if failure is not None and action.condition != "Variable":
            self._results.actions[action.name] = "Skipped"
            return None
        reason = self._skipped_by(action.condition, action.expression, given)
        if reason:
            self._ledger.info(f"{action.name}: {reason}")
            self._results.actions[action.name] = "Skipped"
            return None
        told = self._tried(action, given)
        self._results.actions[action.name] = "Failed" if told else "Succeeded"
        if told:
            self._results.action_errors[action.name] = told
            self._ledger.error(told)
        return told

    def _tried(self, action: BundledAction, given: _Given) -> Optional[str]:
        told: Optional[str] = None
        for number in range(1, action.attempts + 1):
            if number > 1:
                self._ledger.warning(f"Attempt {number - 1} of {action.attempts} failed. {told}")
            if number > 2 and action.pause:
                time.sleep(action.pause)
            arguments = [*action.arguments, inside(self._folder, action.file)] if action.file else action.arguments
            attempt = run(self._place, arguments, given.variables, given.secrets, action.seconds)
            told = _explain(action, attempt)
            if told is None:
                self._results.outputs[action.name] = attempt.hearing.outputs
                return None
        return told

    # -- variables

    def _given(self, action: BundledAction, seen: Results) -> _Given:
        own, secrets = self._packed(action)
        texts, secret_outputs = variables_of(seen, self._manifest.steps, self._manifest.target)
        return _Given(merged(own, texts), secrets | secret_outputs)

    def _packed(self, action: BundledAction) -> Tuple[Dict[str, str], Set[str]]:
        document = json.loads(self._read(action.variables).decode("utf-8"))
        variables, secrets = document["Variables"], set(document["Sensitive"])
        if action.sealed:
            if self._keys is None:
                raise RunnerError("The bundle has sealed variables and no lock for them. Make the bundle anew.")
            variables.update(json.loads(unseal(self._keys, action.sealed, self._read(action.sealed)).decode("utf-8")))
        return variables, secrets

    def _read(self, path: str) -> bytes:
        with open(inside(self._folder, path), "rb") as source:
            return source.read()


def _explain(action: BundledAction, attempt: Attempt) -> Optional[str]:
    if attempt.code == 0:
        return None
    if attempt.code is None:
        return f"{action.name} was ended because it took longer than {action.seconds:g} seconds."
    said = attempt.hearing.failure.strip()
    if said:
        return f"{action.what} failed: {said}" + ("" if said.endswith((".", "!", "?")) else ".")
    return f"{action.what} failed with exit code {attempt.code}."
