"""Machines that are reached by SSH: one SSH server on this machine with a port and a home for each of them.

    with ssh_targets(folder, 20) as machines:
        register(api, machines, environment_id, role_of=lambda number: [f"of-{n}" for n in (1, 5, 20) if number < n])
        subprocess.run([*machines.ssh(0), "tar -xf - -C site"], stdin=...)

A home is at once `HOME` of what is run over SSH on that port; a command by hand begins in the user's own home.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests"), str(HERE.parent / "demo")]

from story import Api  # noqa: E402 - in the demo's folder

from openssh import Sshd, sshd  # noqa: E402 - in the tests' folder


class SshMachines:
    """`homes[n]` is where machine `n` keeps its files, `ports[n]` where it is reached."""

    def __init__(self, server: Sshd) -> None:
        self.server = server
        self.ports = server.ports
        self.homes = server.homes

    def ssh(self, number: int) -> list[str]:
        """The command, without what is to be run, that reaches a machine by OpenSSH's client."""
        options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "BatchMode=yes"]
        chosen = [part for option in options for part in ("-o", option)]
        where = f"{self.server.user}@127.0.0.1"
        return ["ssh", "-F", "none", *chosen, "-i", str(self.server.key), "-p", str(self.ports[number]), where]


@contextmanager
def ssh_targets(folder: Path, count: int) -> Iterator[SshMachines]:
    """Runs the server until the end of the block, with all that belongs to it in a new folder."""
    folder.mkdir(parents=True)
    with sshd(folder, count) as server:
        yield SshMachines(server)


def register(
    api: Api, machines: SshMachines, environment_id: str, role_of: Callable[[int], list[str]], name: str = "ssh"
) -> list[str]:
    """Makes an account of the key, and a target for each machine; returns the ids of the targets."""
    key = base64.b64encode(machines.server.key.read_bytes()).decode()
    account = {"AccountType": "SshKeyPair", "Name": f"{name} key", "Username": machines.server.user}
    account_id = api.post("/accounts", {**account, "PrivateKeyFile": {"HasValue": True, "NewValue": key}})["Id"]
    endpoint = {"CommunicationStyle": "Ssh", "Host": "127.0.0.1", "AccountId": account_id}
    endpoint["Fingerprint"] = machines.server.fingerprint()
    made = []
    for number, port in enumerate(machines.ports):
        told = {"Name": f"{name}-{number:02}", "Roles": role_of(number), "EnvironmentIds": [environment_id]}
        made.append(api.post("/machines", {**told, "Endpoint": {**endpoint, "Port": port}})["Id"])
    return made
