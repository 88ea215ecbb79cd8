"""Known SSH hosts over HTTP. They belong to the whole installation, wherever they are asked for.

Any space's right shows them, for they are public. To change them takes the right in every space: a host that is made
known by the managers of one space would be trusted by the deployments of all others.
"""

from __future__ import annotations

from polpo.features.spaces.everywhere import require_everywhere
from polpo.features.sshknownhosts.resource import (
    SSH_KNOWN_HOSTS,
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

routes = Routes("sshknownhosts", scope="both")


@routes.get("/sshknownhosts", Permission.SSH_KNOWN_HOSTS_VIEW, query=("partialHost", "skip", "take"))
def list_known_hosts(call: Call) -> GetSshKnownHostsResponse:
    """The known SSH hosts, in the order in which they were added"""
    found = known_hosts(call.session, call.text("partialHost") or "")
    paging = call.paging
    return GetSshKnownHostsResponse(
        resources=found[paging.skip : paging.skip + paging.take],
        total_count=call.session.count(SSH_KNOWN_HOSTS),
        filtered_count=len(found),
    )


@routes.post("/sshknownhosts", Permission.SSH_KNOWN_HOSTS_ADMINISTER)
def add(call: Call, body: AddSshKnownHostsCommand) -> AddSshKnownHostsResponse:
    """Add known SSH hosts by lines as ssh-keyscan prints them"""
    require_everywhere(call, Permission.SSH_KNOWN_HOSTS_ADMINISTER)
    return AddSshKnownHostsResponse(added_resources=add_known_hosts(call.session, body.known_host_entries))


@routes.delete("/sshknownhosts", Permission.SSH_KNOWN_HOSTS_ADMINISTER)
def remove(call: Call, body: DeleteSshKnownHostCommand) -> DeleteSshKnownHostResponse:
    """Remove a known SSH host"""
    require_everywhere(call, Permission.SSH_KNOWN_HOSTS_ADMINISTER)
    remove_known_host(call.session, body.id)
    return DeleteSshKnownHostResponse()
