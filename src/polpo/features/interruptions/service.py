"""Putting questions to people, who may answer them, and passing the answer on to the task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from polpo.engine import Engine, find_task
from polpo.features.interruptions.resource import (
    INTERRUPTIONS,
    MANUAL_INTERVENTION,
    Button,
    Control,
    Form,
    FormElement,
    Interruption,
)
from polpo.features.teams.resource import TEAMS
from polpo.features.teams.service import ADMINISTRATORS, teams_of
from polpo.features.users.resource import USERS
from polpo.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from polpo.rest.call import Caller
from polpo.store.session import Session

PROCEED, ABORT = "Proceed", "Abort"


def intervention_form(instructions: str) -> Form:
    """The form of a manual intervention: instructions, notes, and proceed or abort."""
    buttons = [Button(text="Proceed", value=PROCEED), Button(text="Abort", value=ABORT, requires_confirmation=True)]
    return Form(
        values={"Instructions": None, "Notes": None, "Result": None},
        elements=[
            FormElement(name="Instructions", control=Control(type="Paragraph", text=instructions, resolve_links=False)),
            FormElement(name="Notes", control=Control(type="TextArea", label="Notes")),
            FormElement(name="Result", control=Control(type="SubmitButtonGroup", buttons=buttons)),
        ],
    )


def guidance_form(instructions: str, choices: Sequence[str]) -> Form:
    """The form of a question about a failure; the answer's name is what clients of the original send."""
    buttons = [Button(text=choice, value=choice) for choice in choices]
    return Form(
        values={"Instructions": None, "Notes": None, "Guidance": None},
        elements=[
            FormElement(name="Instructions", control=Control(type="Paragraph", text=instructions, resolve_links=False)),
            FormElement(name="Notes", control=Control(type="TextArea", label="Notes")),
            FormElement(name="Guidance", control=Control(type="SubmitButtonGroup", buttons=buttons)),
        ],
    )


def put_question(
    session: Session, *, task_id: str, space_id: str, key: str, title: str, form: Form, related: Sequence[str],
    teams: Sequence[str] = (), kind: str = MANUAL_INTERVENTION,
) -> str:  # fmt: skip
    """Makes the document of a question once: a second call for the same task and key gives the same id."""
    table = INTERRUPTIONS.table
    for known in session.all(INTERRUPTIONS, table.c.task_id == task_id):
        if known.correlation_id == key:
            return known.id
    made = Interruption(
        space_id=space_id,
        title=title,
        type=kind,
        created=session.clock.now(),
        task_id=task_id,
        correlation_id=key,
        form=form,
        related_document_ids=[one for one in (task_id, *related) if one],
        responsible_team_ids=list(teams),
    )
    return session.insert(INTERRUPTIONS, made).id


def close_pending(session: Session, task_id: str) -> None:
    """Nobody needs to answer any more: the task is being cancelled or has ended."""
    table = INTERRUPTIONS.table
    for asked in session.all(INTERRUPTIONS, table.c.task_id == task_id, table.c.is_pending):
        asked.is_pending = False
        session.update(INTERRUPTIONS, asked)


def shown_to(session: Session, asked: Interruption, caller: Caller) -> Interruption:
    """The interruption as the caller sees it: whether it is theirs, and whether they may take it."""
    task = find_task(session, asked.task_id)
    pending = asked.is_pending and task is not None and not task.state.is_completed
    mine = asked.responsible_user_id == caller.user_id
    return msgspec.structs.replace(
        asked,
        is_pending=pending,
        has_responsibility=mine,
        can_take_responsibility=pending and not mine and may_take(session, asked, caller),
    )


def may_take(session: Session, asked: Interruption, caller: Caller) -> bool:
    """Without responsible teams anybody with the permission may, else only their members.

    When none of the teams exists any more, the server's administrators may: otherwise the task would wait for ever.
    """
    if not asked.responsible_team_ids:
        return True
    mine = {team.id for team in teams_of(session, caller.user_id)}
    teams = session.by_ids(TEAMS, asked.responsible_team_ids)
    return bool(mine & teams.keys()) if teams else ADMINISTRATORS in mine


def _refuse_stranger(session: Session, asked: Interruption, caller: Caller) -> None:
    if may_take(session, asked, caller):
        return
    teams = session.by_ids(TEAMS, asked.responsible_team_ids)
    names = [teams[one].name for one in asked.responsible_team_ids if one in teams] or ["Octopus Administrators"]
    of = f"the team {names[0]}" if len(names) == 1 else f"the teams {', '.join(names[:-1])} and {names[-1]}"
    sentence = f"Only members of {of} may answer '{asked.title}'."
    raise Forbidden(sentence, [sentence])


def take_responsibility(session: Session, asked: Interruption, caller: Caller) -> Interruption:
    """The caller answers for it from now on; whoever had it loses it."""
    _refuse_answered(session, asked)
    _refuse_stranger(session, asked, caller)
    asked.responsible_user_id = caller.user_id
    return session.update(INTERRUPTIONS, asked)


def submit(
    session: Session, engine: Engine, asked: Interruption, answer: Mapping[str, str | None], caller: Caller
) -> Interruption:
    """Records the answer and lets the task go on."""
    _refuse_answered(session, asked)
    _refuse_stranger(session, asked, caller)
    if asked.responsible_user_id != caller.user_id:
        who = "nobody has yet" if asked.responsible_user_id is None else f"{asked.responsible_user_id} has it"
        raise Conflict(
            f"Take responsibility for '{asked.title}' before you answer it; {who}."
            f" (PUT /api/interruptions/{asked.id}/responsible)"
        )
    result = _result(asked, answer)
    for element in asked.form.elements:
        if element.control.type != "Paragraph":
            asked.form.values[element.name] = answer.get(element.name)
    asked.form.values[_group(asked).name] = result
    asked.is_pending = False
    session.update(INTERRUPTIONS, asked)
    user = session.find(USERS, caller.user_id)
    said = {
        _group(asked).name: result,
        "Notes": answer.get("Notes") or "",
        "ResponsibleUserId": caller.user_id,
        "ResponsibleUserName": caller.username,
        "ResponsibleUserDisplayName": caller.display_name or caller.username,
        "ResponsibleUserEmailAddress": user.email_address if user else "",
    }
    engine.answer(session, asked.task_id, asked.correlation_id, said)
    return asked


def _refuse_answered(session: Session, asked: Interruption) -> None:
    task = find_task(session, asked.task_id)
    if not asked.is_pending:
        raise Conflict(f"'{asked.title}' is no longer pending: it was answered, or its task was cancelled.")
    if task is None or task.state.is_completed:
        end = f" ({task.state.value})" if task else ""
        raise Conflict(f"'{asked.title}' is no longer pending: its task {asked.task_id} has ended{end}.")


def _result(asked: Interruption, answer: Mapping[str, str | None]) -> str:
    group = _group(asked)
    choices = [button.value for button in group.control.buttons or []]
    given = (answer.get(group.name) or "").strip()
    chosen = next((choice for choice in choices if choice.casefold() == given.casefold()), None)
    if chosen is None:
        sentence = f"{group.name} must be one of {', '.join(choices)}; it is '{given}'."
        raise Invalid(sentence, [sentence])
    return chosen


def _group(asked: Interruption) -> FormElement:
    """The element whose value is the answer."""
    return next(one for one in asked.form.elements if one.control.type == "SubmitButtonGroup")


def find_interruption(session: Session, space_id: str | None, identity: str) -> Interruption:
    table = INTERRUPTIONS.table
    scoped = [table.c.space_id == space_id] if space_id else []
    found = session.first(INTERRUPTIONS, table.c.id == identity, *scoped)
    if found is None:
        raise NotFound(f"There is no interruption with the id '{identity}' in this space.")
    return found
