"""Why a task waits, for people: what the engine knows, and what features know besides.

A feature says here what it can tell of its kinds of task, such as a freeze that is ahead, or a lock that a step waits
for. Each reason is a sentence with the time since when it holds and the ids of what it speaks of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import sqlalchemy as sa

from polpo.engine import Engine, Reason, TaskRecord, server_task
from polpo.features.interruptions.resource import INTERRUPTIONS, Interruption
from polpo.features.tasks.guarding import visible_tasks
from polpo.features.tasks.resource import WaitingReason
from polpo.features.teams.resource import TEAMS
from polpo.features.users.resource import USERS
from polpo.rest.call import Call
from polpo.store.session import Session

Explain = Callable[[Call, TaskRecord], Iterable[WaitingReason]]

_explanations: list[Explain] = []


def explain_by(explain: Explain) -> None:
    """Asked of every task that has not ended, also of one that runs; gives nothing where it knows nothing."""
    _explanations.append(explain)


def waiting_reasons(call: Call, record: TaskRecord) -> list[WaitingReason]:
    """Empty for a task that has ended, and for one that goes on."""
    if record.state.is_completed:
        return []
    asked = _questions(call.session, record)
    known = call.parts.get(Engine).wait_reason(call.session, record.id)
    told = [_of_engine(call, one) for one in known if not (one.kind == "person" and asked)]
    return [*told, *asked, *(one for explain in _explanations for one in explain(call, record))]


def _of_engine(call: Call, reason: Reason) -> WaitingReason:
    """Of other tasks that the caller may not see, such as those of other spaces, no more than that they are there."""
    hidden = _hidden(call, reason.task_ids)
    text = reason.text
    for identity, description in hidden.items():
        text = text.replace(f"{identity} ({description})", "another task")
    shown = [one for one in reason.task_ids if one not in hidden]
    return WaitingReason(kind=reason.kind, text=text, since=reason.since, task_ids=shown)


def _hidden(call: Call, task_ids: Sequence[str]) -> dict[str, str]:
    """The descriptions of those of the tasks that the caller may not see."""
    if not task_ids:
        return {}
    among = server_task.c.id.in_(task_ids)
    execute = call.session.connection.execute
    seen = set(execute(sa.select(server_task.c.id).where(among, *visible_tasks(call))).scalars())
    every = execute(sa.select(server_task.c.id, server_task.c.description).where(among))
    return {identity: description for identity, description in every if identity not in seen}


def _questions(session: Session, record: TaskRecord) -> list[WaitingReason]:
    """What people are asked: of a running task, too, one branch can wait while others work."""
    if not record.pending_interruptions:
        return []
    table = INTERRUPTIONS.table
    pending = session.all(INTERRUPTIONS, table.c.task_id == record.id, table.c.is_pending)
    return [_question(session, record, asked) for asked in pending]


def _question(session: Session, record: TaskRecord, asked: Interruption) -> WaitingReason:
    taken = session.find(USERS, asked.responsible_user_id)
    teams = session.by_ids(TEAMS, asked.responsible_team_ids)
    names = " or ".join(teams[one].name if one in teams else one for one in asked.responsible_team_ids)
    if taken is not None:
        who = f"{taken.display_name or taken.username} has taken it"
    else:
        who = f"somebody of {names} is to take it" if names else "anybody who may answer is to take it"
    return WaitingReason(
        kind="person",
        text=f"Waits for an answer to '{asked.title}': {who}.",
        since=asked.created or record.state_since,
        task_ids=[],
        interruption_ids=[asked.id],
        team_ids=list(asked.responsible_team_ids),
    )
