"""Routes of interruptions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from polpo.engine import Engine, server_task
from polpo.engine.tasks import COMPLETED
from polpo.features.interruptions import service
from polpo.features.interruptions.guarding import guard_interruption, visible_interruptions
from polpo.features.interruptions.resource import INTERRUPTIONS, Interruption
from polpo.features.users.resource import USERS, User
from polpo.rest.answers import Page, Reply
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.session import Session, Where

routes = Routes("interruptions")

_VIEW, _SUBMIT = Permission.INTERRUPTION_VIEW, Permission.INTERRUPTION_SUBMIT
_OWN = Permission.INTERRUPTION_VIEW_SUBMIT_RESPONSIBLE
_t = INTERRUPTIONS.table
_QUERY = ("ids", "regarding", "pendingOnly")


def _where(call: Call) -> list[Where]:
    where: list[Where] = [_t.c.space_id == call.space, *visible_interruptions(call)]
    if ids := call.texts("ids"):
        where.append(_t.c.id.in_(ids))
    if regarding := call.text("regarding"):
        where.append(_t.c.related_lines.contains(f"\n{regarding}\n", autoescape=True))
    if call.flag("pendingOnly"):
        ended = sa.select(server_task.c.id).where(server_task.c.state.in_(COMPLETED))
        where += [_t.c.is_pending, _t.c.task_id.not_in(ended)]
    return where


def _shown(call: Call, session: Session, found: list[Interruption]) -> list[Interruption]:
    return [service.shown_to(session, asked, call.caller) for asked in found]


def _found(call: Call, identity: str, permission: Permission) -> Interruption:
    asked = service.find_interruption(call.session, call.space, identity)
    guard_interruption(call, asked, permission)
    return asked


@routes.get("/interruptions", _VIEW, query=_QUERY, response=Interruption, paged=True, alternatives=(_OWN,))
def list_interruptions(call: Call) -> Page[Interruption]:
    """List interruptions, newest first"""
    where, paging, session = _where(call), call.paging, call.session
    found = session.all(INTERRUPTIONS, *where, order=[_t.c.seq.desc()], skip=paging.skip, take=paging.take)
    return Page(_shown(call, session, found), session.count(INTERRUPTIONS, *where), paging, "Interruption")


@routes.get("/interruptions/all", _VIEW, query=_QUERY, alternatives=(_OWN,))
def every_interruption(call: Call) -> list[Interruption]:
    """All interruptions"""
    found = call.session.all(INTERRUPTIONS, *_where(call), order=[_t.c.seq.desc()])
    return _shown(call, call.session, found)


@routes.get("/interruptions/{id}", _VIEW, alternatives=(_OWN,))
def read_interruption(call: Call, id: str) -> Interruption:
    """Get an interruption"""
    return service.shown_to(call.session, _found(call, id, _VIEW), call.caller)


@routes.get("/interruptions/{id}/responsible", _VIEW, response=User, alternatives=(_OWN,))
def responsible(call: Call, id: str) -> User | Reply:
    """Get the user who has taken responsibility; nothing (204) when nobody has"""
    return call.session.find(USERS, _found(call, id, _VIEW).responsible_user_id) or Reply(b"", 204)


@routes.put("/interruptions/{id}/responsible", _SUBMIT, alternatives=(_OWN,))
def take(call: Call, id: str) -> User:
    """Take responsibility for answering"""
    service.take_responsibility(call.session, _found(call, id, _SUBMIT), call.caller)
    return call.session.get(USERS, call.caller.user_id)


@routes.post("/interruptions/{id}/submit", _SUBMIT, alternatives=(_OWN,))
def submit(call: Call, id: str, body: dict[str, Any]) -> Interruption:
    """Answer: `Result` as the form offers it, and `Notes`"""
    asked = _found(call, id, _SUBMIT)
    answer = {str(key): None if value is None else str(value) for key, value in body.items()}
    done = service.submit(call.session, call.parts.get(Engine), asked, answer, call.caller)
    return service.shown_to(call.session, done, call.caller)
