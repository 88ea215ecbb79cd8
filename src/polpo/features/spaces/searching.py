"""Finding things of a space by a part of their name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from polpo.features.projects.resource import PROJECTS
from polpo.features.releases.resource import RELEASES
from polpo.features.spaces.resource import SpaceSearchResult
from polpo.features.spaces.service import find_space
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes
from polpo.store.kinds import Kind, kinds
from polpo.store.session import Session

routes = Routes("search")

_MOST_OF_A_KIND = 20
#: What is looked through, by the names of kinds, and who may see it.
_SEARCHED = {
    "Projects": Permission.PROJECT_VIEW,
    "ProjectGroups": Permission.PROJECT_GROUP_VIEW,
    "Runbooks": Permission.RUNBOOK_VIEW,
    "Environments": Permission.ENVIRONMENT_VIEW,
    "Machines": Permission.MACHINE_VIEW,
    "Workers": Permission.WORKER_VIEW,
    "WorkerPools": Permission.WORKER_VIEW,
    "Tenants": Permission.TENANT_VIEW,
    "Lifecycles": Permission.LIFECYCLE_VIEW,
    "LibraryVariableSets": Permission.LIBRARY_VARIABLE_SET_VIEW,
    "ActionTemplates": Permission.ACTION_TEMPLATE_VIEW,
    "Accounts": Permission.ACCOUNT_VIEW,
    "Certificates": Permission.CERTIFICATE_VIEW,
    "Feeds": Permission.FEED_VIEW,
    "GitCredentials": Permission.GIT_CREDENTIAL_VIEW,
}


@routes.get("/search", "signed in", query=("keyword",))
def search(call: Call) -> list[SpaceSearchResult]:
    """Find things of the space by a part of their name"""
    return _found(call, call.space)


@routes.get("/spaces/{id}/search", "signed in", query=("keyword",), scope="system")
def search_space(call: Call, id: str) -> list[SpaceSearchResult]:
    """Find things of a space by a part of their name"""
    space_id = find_space(call.session, "", id).id
    call.rights.require_space(space_id)
    return _found(call, space_id)


def _found(call: Call, space_id: str) -> list[SpaceSearchResult]:
    """At most some of each kind, so that a short word costs no more than a long one."""
    keyword = (call.text("keyword") or "").casefold()
    if not keyword:
        return []
    found = []
    for name, permission in _SEARCHED.items():
        kind = kinds[name]
        rows = _rows(call, space_id, kind, kind.table.c.name_key, permission, kind.order, keyword)
        found += [_result(row, row.name, kind) for row in rows]
    newest = (RELEASES.table.c.seq.desc(),)
    version = RELEASES.table.c.version_key
    rows = _rows(call, space_id, RELEASES, version, Permission.RELEASE_VIEW, newest, keyword)
    found += [_result(row, row.version, RELEASES) for row in rows]
    return _with_projects(call.session, found)


def _rows(
    call: Call, space_id: str, kind: Kind[Any], text: Any, permission: Permission, order: Sequence[Any], keyword: str
) -> Sequence[Any]:
    visible = protection_of(kind).where(call.rights, permission, space_id)
    where = (kind.table.c.space_id == space_id, text.contains(keyword, autoescape=True), *visible)
    by = [kind.table.c[one] if isinstance(one, str) else one for one in order]
    return call.session.connection.execute(
        sa.select(kind.table).where(*where).order_by(*by).limit(_MOST_OF_A_KIND)
    ).all()


def _result(row: Any, name: str, kind: Kind[Any]) -> SpaceSearchResult:
    project_id = None if kind is PROJECTS else getattr(row, "project_id", None)
    return SpaceSearchResult(id=row.id, name=name, type=kind.document.__name__, project_id=project_id)


def _with_projects(session: Session, found: list[SpaceSearchResult]) -> list[SpaceSearchResult]:
    ids = {one.project_id for one in found if one.project_id}
    table = PROJECTS.table
    statement = sa.select(table.c.id, table.c.name).where(table.c.id.in_(ids))
    names = {row.id: row.name for row in session.connection.execute(statement)} if ids else {}
    for one in found:
        one.project_name = names.get(one.project_id or "")
    return found
