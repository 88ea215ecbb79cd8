"""Targets that are reached by SSH, each by a port of its own and with a folder of its own, as the user who runs it."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_PROGRAM = "/usr/sbin/sshd"
_KEYGEN = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f"]
_START_SECONDS = 30.0
_MOST_PORTS = 10  # one server takes no more than sixteen


@dataclass(frozen=True)
class SshTarget:
    port: int
    folder: Path


class Sshd:
    """Use as a context. `config` is a client's configuration in which the targets are called `target-00` and so on."""

    def __init__(self, folder: Path, ports: list[int]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.key, self.config, self.known_hosts = folder / "client", folder / "ssh_config", folder / "known_hosts"
        self.user = getpass.getuser()
        self.targets = [SshTarget(port, folder / f"target-{number:02}") for number, port in enumerate(ports)]
        for path in (self.key, folder / "host"):
            subprocess.run([*_KEYGEN, str(path)], check=True)
        (folder / "authorized_keys").write_bytes((folder / "client.pub").read_bytes())
        self.known_hosts.write_text("".join(_known_host(folder, port) for port in ports))
        self.config.write_text("".join(self._host(number, one) for number, one in enumerate(self.targets)))
        self._log = folder / "sshd.log"
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # it insists on the folder, and on this one
        groups = [ports[at : at + _MOST_PORTS] for at in range(0, len(ports), _MOST_PORTS)]
        self._processes = [self._start(folder / f"sshd_config_{number}", own) for number, own in enumerate(groups)]
        self._wait(ports)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
            process.wait(30)

    def _start(self, settings: Path, ports: list[int]) -> subprocess.Popen[bytes]:
        settings.write_text(_server_settings(settings.parent, ports))
        command = [_PROGRAM, "-D", "-e", "-f", str(settings)]
        with self._log.open("ab") as log:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _host(self, number: int, target: SshTarget) -> str:
        return (
            f"Host target-{number:02}\n HostName 127.0.0.1\n Port {target.port}\n User {self.user}\n"
            f" IdentityFile {self.key}\n IdentitiesOnly yes\n UserKnownHostsFile {self.known_hosts}\n BatchMode yes\n"
        )

    def _wait(self, ports: list[int]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        for port in ports:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    if any(one.poll() is not None for one in self._processes) or time.monotonic() > deadline:
                        raise RuntimeError(f"sshd did not start: {self._log.read_text()}") from None
                    time.sleep(0.05)


def is_installed() -> bool:
    return os.access(_PROGRAM, os.X_OK)


def _server_settings(folder: Path, ports: list[int]) -> str:
    return "".join(f"Port {port}\n" for port in ports) + (
        f"ListenAddress 127.0.0.1\nHostKey {folder / 'host'}\nAuthorizedKeysFile {folder / 'authorized_keys'}\n"
        f"PidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
        f"PermitRootLogin prohibit-password\nMaxStartups 200\nMaxSessions 50\nSubsystem sftp internal-sftp\n"
    )


def _known_host(folder: Path, port: int) -> str:
    kind, key = (folder / "host.pub").read_text().split()[:2]
    return f"[127.0.0.1]:{port} {kind} {key}\n"
