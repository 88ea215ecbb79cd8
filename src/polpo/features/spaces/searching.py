"""Finding things of a space by a part of their name."""

from __future__ import annotations

from polpo.features.spaces.resource import SpaceSearchResult
from polpo.features.spaces.service import find_space
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes
from polpo.store.kinds import kinds

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
        visible = protection_of(kind).where(call.rights, permission, space_id)
        where = (kind.table.c.space_id == space_id, kind.table.c.name_key.contains(keyword, autoescape=True), *visible)
        rows = call.session.page(kind, *where, take=_MOST_OF_A_KIND).rows
        found += [SpaceSearchResult(id=row.id, name=row.name, type=kind.document.__name__) for row in rows]
    return found
