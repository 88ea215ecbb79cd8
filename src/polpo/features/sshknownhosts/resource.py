"""A known SSH host, as it is stored and sent."""

from __future__ import annotations

from polpo.rest.links import register
from polpo.store.documents import Document, Resource
from polpo.store.kinds import define


class SshKnownHost(Document):
    """`host` is as in a file of known hosts: names, patterns, `[host]:port`, or a hash; `public_key` is base64."""

    space_id: str = ""
    host: str = ""
    key_type: str = ""
    public_key: str = ""


class AddSshKnownHostsCommand(Resource):
    """Each entry is a line `host type key`, as ssh-keyscan prints it."""

    known_host_entries: list[str] = []


class AddSshKnownHostsResponse(Resource):
    added_resources: list[SshKnownHost] = []


class DeleteSshKnownHostCommand(Resource):
    id: str = ""


class DeleteSshKnownHostResponse(Resource):
    pass


class GetSshKnownHostsResponse(Resource):
    """`filtered_count` are those that were asked for, of which `resources` may be a part."""

    resources: list[SshKnownHost] = []
    total_count: int = 0
    filtered_count: int = 0


SSH_KNOWN_HOSTS = define("SshKnownHosts", SshKnownHost, singular="known host", order=("seq",))

register(SshKnownHost, {})
