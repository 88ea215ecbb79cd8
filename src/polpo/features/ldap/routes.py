"""Looking people and groups of the directory up over HTTP."""

from __future__ import annotations

from polpo.features.ldap.resource import ExternalSecurityGroup, ExternalUserLookup
from polpo.features.ldap.section import LDAP
from polpo.features.ldap.service import find_groups, find_people
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("authentication", scope="system")

_PART = ("partialName",)


@routes.get("/externalgroups/ldap", Permission.TEAM_EDIT, query=_PART)
async def directory_groups(call: Call) -> list[ExternalSecurityGroup]:
    """Groups of the directory by a part of their name"""
    found = await find_groups(call, call.text("partialName") or "")
    return [ExternalSecurityGroup(id=group.dn, display_name=group.name) for group in found]


@routes.get("/externalusers/ldap", Permission.USER_EDIT, query=_PART)
async def directory_users(call: Call) -> ExternalUserLookup:
    """People of the directory by a part of their name"""
    return ExternalUserLookup(provider=LDAP.name, identities=await find_people(call, call.text("partialName") or ""))
