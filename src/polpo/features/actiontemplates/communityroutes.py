"""The community's step templates over HTTP, and their installation in a space."""

from __future__ import annotations

from polpo.features.actiontemplates.community import (
    CommunityLibrary,
    copied,
    install,
    installed_or_missing,
    update_installed,
)
from polpo.features.actiontemplates.resource import ActionTemplate, CommunityActionTemplate
from polpo.features.logos.routes import shown_picture
from polpo.features.logos.service import picture_of
from polpo.features.spaces.service import find_space_id
from polpo.rest.answers import Page, Reply
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("communityactiontemplates", scope="system")

_ONE = "/communityactiontemplates/{id}"


@routes.get(
    "/communityactiontemplates",
    "signed in",
    paged=True,
    response=CommunityActionTemplate,
    query=("skip", "take", "ids"),
)
def list_community_templates(call: Call) -> Page[CommunityActionTemplate]:
    """List the step templates of the community that this server has"""
    paging, ids = call.paging, {identity.casefold() for identity in call.texts("ids")}
    found = [one for one in call.parts.get(CommunityLibrary).all() if not ids or one.id.casefold() in ids]
    shown = [copied(one) for one in found[paging.skip :][: paging.take]]
    return Page(shown, len(found), paging, "CommunityActionTemplate")


@routes.get(_ONE, "signed in")
def get_community_template(call: Call, id: str) -> CommunityActionTemplate:
    """Get a step template of the community"""
    return call.parts.get(CommunityLibrary).find(id)


@routes.get(_ONE + "/logo", "signed in", query=("cb",))
def logo_of_community_template(call: Call, id: str) -> Reply:
    """Get the logo of a step template of the community, drawn from its name"""
    template = call.parts.get(CommunityLibrary).find(id)
    return shown_picture(call, picture_of(call.session, template.id, template.name))


@routes.post(_ONE + "/installation/{space_id}", Permission.ACTION_TEMPLATE_CREATE, status=201)
def install_template(call: Call, id: str, space_id: str) -> ActionTemplate:
    """Install a step template of the community in a space"""
    return install(call, _space(call, space_id), call.parts.get(CommunityLibrary).find(id))


@routes.put(_ONE + "/installation/{space_id}", Permission.ACTION_TEMPLATE_EDIT)
def update_template(call: Call, id: str, space_id: str) -> ActionTemplate:
    """Take an installed step template to the community's present version"""
    return update_installed(call, _space(call, space_id), call.parts.get(CommunityLibrary).find(id))


@routes.get(_ONE + "/actiontemplate/{space_id}", Permission.ACTION_TEMPLATE_VIEW)
def get_installed_template(call: Call, id: str, space_id: str) -> ActionTemplate:
    """Get the step template of a space that a template of the community was installed as"""
    return installed_or_missing(call, _space(call, space_id), call.parts.get(CommunityLibrary).find(id))


def _space(call: Call, named: str) -> str:
    """The space that the path names below the system, where the route's permission is asked for."""
    space_id = find_space_id(call.session, named)
    if call.permission is not None:
        call.require(call.permission, space_id=space_id)
    return space_id
