"""Who may see questions and answer them: by the right to it where the task works, or as one of those responsible.

Members of the teams that are responsible may do with theirs what others need wider rights for.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from polpo.features.interruptions.resource import INTERRUPTIONS, Interruption
from polpo.features.tasks.guarding import by_task, subject_of_task
from polpo.features.teams.service import teams_of
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import Protection, Where

_VIEW, _OWN = Permission.INTERRUPTION_VIEW, Permission.INTERRUPTION_VIEW_SUBMIT_RESPONSIBLE
_t = INTERRUPTIONS.table.c

#: For lists; one by one, the task is asked for.
_PROTECTION: Protection[Any] = Protection(lambda _asked: {}, by_task(_t.task_id), _t.space_id)


def guard_interruption(call: Call, asked: Interruption, permission: Permission) -> None:
    is_own = not _teams(call).isdisjoint(asked.responsible_team_ids)
    call.require_one((permission, _OWN) if is_own else (permission,), subject_of_task(call, asked.task_id))


def visible_interruptions(call: Call) -> list[Where]:
    """What narrows a list to the questions that the caller may see."""
    narrowed = call.narrowed(_VIEW, _PROTECTION)
    if not narrowed or not call.rights.holds(_OWN, call.space_id):
        return narrowed
    own = [_t.related_lines.contains(f"\n{team}\n", autoescape=True) for team in sorted(_teams(call))]
    theirs = sa.and_(sa.or_(sa.false(), *own), *call.narrowed(_OWN, _PROTECTION))
    return [sa.or_(sa.and_(*narrowed), theirs)]


def _teams(call: Call) -> set[str]:
    return {team.id for team in teams_of(call.session, call.caller.user_id)}
