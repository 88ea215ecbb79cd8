"""Known SSH hosts over HTTP. Each space has its own: what its managers trust, nobody else has to."""

from __future__ import annotations

from polpo.features.sshknownhosts.resource import (
    AddSshKnownHostsCommand,
    AddSshKnownHostsResponse,
    DeleteSshKnownHostCommand,
    DeleteSshKnownHostResponse,
    GetSshKnownHostsResponse,
)
from polpo.features.sshknownhosts.service import add_known_hosts, known_hosts, remove_known_host
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("sshknownhosts")


@routes.get("/sshknownhosts", Permission.SSH_KNOWN_HOSTS_VIEW, query=("partialHost", "skip", "take"))
def list_known_hosts(call: Call) -> GetSshKnownHostsResponse:
    """The known SSH hosts, in the order in which they were added"""
    found = known_hosts(call.session, call.space, call.text("partialHost") or "")
    paging = call.paging
    return GetSshKnownHostsResponse(
        resources=found[paging.skip : paging.skip + paging.take],
        total_count=len(known_hosts(call.session, call.space)),
        filtered_count=len(found),
    )


@routes.post("/sshknownhosts", Permission.SSH_KNOWN_HOSTS_ADMINISTER)
def add(call: Call, body: AddSshKnownHostsCommand) -> AddSshKnownHostsResponse:
    """Add known SSH hosts by lines as ssh-keyscan prints them"""
    return AddSshKnownHostsResponse(added_resources=add_known_hosts(call.session, call.space, body.known_host_entries))


@routes.delete("/sshknownhosts", Permission.SSH_KNOWN_HOSTS_ADMINISTER)
def remove(call: Call, body: DeleteSshKnownHostCommand) -> DeleteSshKnownHostResponse:
    """Remove a known SSH host"""
    remove_known_host(call.session, call.space, body.id)
    return DeleteSshKnownHostResponse()
