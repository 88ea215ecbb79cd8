"""The step that waits for a person: a manual intervention."""

from __future__ import annotations

from typing import Any

from polpo.languages.substitution import VariableDictionary
from polpo.steps.console import OutputValue
from polpo.steps.work import Declined, StepKind, StepResult, Work

INSTRUCTIONS = "Octopus.Action.Manual.Instructions"
TEAMS = "Octopus.Action.Manual.ResponsibleTeamIds"

_PROCEED = "Proceed"


async def perform_manual(work: Work) -> StepResult:
    """Puts the question once, leaves the task until it is answered, and fails when a person says so."""
    variables = VariableDictionary(work.values.items())
    instructions = work.run.masker.mask(variables.evaluate(work.properties.get(INSTRUCTIONS, "")))
    teams = [team.strip() for team in work.properties.get(TEAMS, "").split(",") if team.strip()]
    key = f"question/{work.key}/{work.attempt}"
    title = work.action_name
    if target := work.values.get("Octopus.Machine.Name"):
        title += f" on {target}"
    work.run.log.once(f"{key}/told", work.node, "Wait", f"Waiting for a person: {title}")
    answer = await work.run.ask(key, work.people.put_intervention, key, title, instructions, teams)
    return _judge(work, answer)


def _judge(work: Work, answer: dict[str, Any]) -> StepResult:
    who, notes = str(answer.get("ResponsibleUserDisplayName", "")), str(answer.get("Notes") or "")
    said = f": {notes}" if notes else "."
    if answer.get("Result") != _PROCEED:
        raise Declined(f"{work.action_name} was aborted by {who}{said}")
    work.run.log.once(f"answer/{work.key}/{work.attempt}", work.node, "Highlight", f"{who} said to proceed{said}")
    outputs = {
        "Manual.Notes": notes,
        "Manual.Approved": "True",
        "Manual.ResponsibleUser.Id": str(answer.get("ResponsibleUserId", "")),
        "Manual.ResponsibleUser.Username": str(answer.get("ResponsibleUserName", "")),
        "Manual.ResponsibleUser.DisplayName": who,
        "Manual.ResponsibleUser.EmailAddress": str(answer.get("ResponsibleUserEmailAddress", "")),
    }
    return StepResult(outputs={name: OutputValue(value) for name, value in outputs.items()})


MANUAL = StepKind(
    type="Octopus.Manual",
    name="Manual intervention",
    description="Shows instructions and waits until a person says to proceed or to abort.",
    place="server",
    perform=perform_manual,
    category="Other",
    can_retry=False,
)
