"""Who may push, replace and take packages where that is granted for some projects only.

A package belongs to no project. A grant that is narrowed to projects reaches the packages that steps of those projects
take from the built-in feed: to push, replace or delete one it must reach every project that takes it, to download one
any of them. What no project takes is for grants that are not narrowed. Projects in Git are not looked into.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from polpo.features.feeds.service import is_built_in
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES
from polpo.features.runbooks.resource import RUNBOOK_PROCESSES
from polpo.rest.authorization import Refused, Subject
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.session import Session


class _Package(msgspec.Struct, rename="pascal"):
    """As much of a step as is needed here."""

    package_id: str = ""
    feed_id: str = ""


class _Action(msgspec.Struct, rename="pascal"):
    packages: list[_Package] = []


class _Step(msgspec.Struct, rename="pascal"):
    actions: list[_Action] = []


class _Process(msgspec.Struct, rename="pascal"):
    steps: list[_Step] = []


_decoder = msgspec.json.Decoder(_Process)


async def require_packages(call: Call, permission: Permission, space_id: str, package_ids: Iterable[str]) -> None:
    """For asynchronous routes: refuses the packages that the caller's permission does not reach."""

    def look() -> None:
        with call.reading() as reading:
            for package_id in package_ids:
                require_package(reading, permission, space_id, package_id)

    await asyncio.to_thread(look)


def require_package(call: Call, permission: Permission, space_id: str, package_id: str) -> None:
    if call.rights.reach(permission, space_id).is_everywhere:
        call.require(permission, space_id=space_id)
        return
    users = projects_taking(call.session, space_id, package_id)
    subject = Subject(space_id, {"Projects": users} if users else {})
    decision = call.rights.decide(permission, subject)
    if not decision.is_allowed and not users and decision.misses:
        sentence = (
            f"You have the permission {permission} for some projects only, and none of them takes the package"
            f" '{package_id}' from the built-in feed."
        )
        raise Refused(decision, sentence)
    call.require_for(permission, subject)


def projects_taking(session: Session, space_id: str, package_id: str) -> frozenset[str]:
    """The projects with a step, of today's deployment process or of a runbook, that takes the package."""
    found: set[str] = set()
    for kind in (DEPLOYMENT_PROCESSES, RUNBOOK_PROCESSES):
        table = kind.table
        where = (table.c.space_id == space_id, table.c.is_snapshot.is_(False))
        for project_id, doc in session.connection.execute(sa.select(table.c.project_id, table.c.doc).where(*where)):
            if project_id not in found and _takes(session, space_id, _decoder.decode(doc), package_id.casefold()):
                found.add(project_id)
    return frozenset(found)


def _takes(session: Session, space_id: str, process: _Process, package_key: str) -> bool:
    packages = (package for step in process.steps for action in step.actions for package in action.packages)
    return any(
        one.package_id.casefold() == package_key and is_built_in(session, space_id, one.feed_id) for one in packages
    )
