"""Channels over HTTP."""

from __future__ import annotations

from polpo.features.channels.resource import CHANNELS, Channel
from polpo.features.channels.service import refuse_default, settle_channel
from polpo.features.projects.service import find_project
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import Collection
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("channels")

channels = Collection(
    CHANNELS,
    "/channels",
    view=Permission.PROCESS_VIEW,
    create=Permission.PROCESS_EDIT,
    edit=Permission.PROCESS_EDIT,
    delete=Permission.PROCESS_EDIT,
    prepare=settle_channel,
    removing=refuse_default,
)
channels.register(routes)


@routes.get(
    "/projects/{project_id}/channels",
    Permission.PROCESS_VIEW,
    paged=True,
    response=Channel,
    query=("skip", "take", "ids", "partialName", "name"),
)
def channels_of_project(call: Call, project_id: str) -> Page[Channel]:
    """The channels of a project"""
    project = find_project(call.session, call.space, project_id)
    return channels.page(call, CHANNELS.table.c.project_id == project.id)


@routes.post("/projects/{project_id}/channels", Permission.PROCESS_EDIT, status=201)
def create_channel_of_project(call: Call, project_id: str, body: Channel) -> Channel:
    """Create a channel of a project"""
    body.project_id = find_project(call.session, call.space, project_id).id
    return channels.insert(call, body)
