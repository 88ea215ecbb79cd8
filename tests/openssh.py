"""A real SSH server (OpenSSH) in a temporary folder: each of its ports is a machine with a home of its own.

Where it is not installed, the tests that want it are skipped and say so; in CI they fail.
"""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

#: The program listens on no more ports than that.
_MOST_PORTS = 16
_PRIVILEGE_SEPARATION = Path("/run/sshd")


class NoSshd(Exception):
    """The program is not installed."""


@dataclass
class Sshd:
    """`ports` and `homes` belong together; `key` is the private key that lets in, `user` whom."""

    folder: Path
    ports: list[int]
    settings: Sequence[str] = ()
    user: str = field(default_factory=getpass.getuser)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def key(self) -> Path:
        return self.folder / "user"

    @property
    def homes(self) -> list[Path]:
        return [self.folder / "homes" / str(number) for number in range(len(self.ports))]

    def fingerprint(self, kind: str = "ed25519", *, md5: bool = False) -> str:
        """As OpenSSH shows it."""
        file = f"{self.folder}/host_{kind}.pub"
        shown = _run("ssh-keygen", "-l", "-E", "md5" if md5 else "sha256", "-f", file)
        return shown.split()[1]

    def host_key(self, kind: str = "ed25519") -> str:
        """Type and key, as in a file of known hosts."""
        return " ".join((self.folder / f"host_{kind}.pub").read_text().split()[:2])

    def prepare(self) -> None:
        for kind in ("ed25519", "ecdsa", "rsa"):
            bits = ("-b", "2048") if kind == "rsa" else ()
            _run("ssh-keygen", "-q", "-t", kind, *bits, "-N", "", "-f", f"{self.folder}/host_{kind}")
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.key))
        for home in self.homes:
            home.mkdir(parents=True)
        for number, config in enumerate(self.configs):
            few = slice(number * _MOST_PORTS, (number + 1) * _MOST_PORTS)
            config.write_text("\n".join([*self._lines(self.ports[few], self.homes[few]), ""]))

    @property
    def configs(self) -> list[Path]:
        return [self.folder / f"sshd_config_{number}" for number in range(-(-len(self.ports) // _MOST_PORTS))]

    def _lines(self, ports: list[int], homes: list[Path]) -> list[str]:
        lines = [f"Port {port}" for port in ports]
        lines += ["ListenAddress 127.0.0.1", "PidFile none", "UsePAM no", "StrictModes no", "PermitRootLogin yes"]
        lines += ["MaxStartups 200", "MaxSessions 10", f"AuthorizedKeysFile {self.key}.pub"]
        lines += [f"HostKey {self.folder}/host_{kind}" for kind in ("ed25519", "ecdsa", "rsa")]
        lines[:0] = self.settings  # the first value of a setting counts
        for port, home in zip(ports, homes, strict=True):
            lines += [f"Match LocalPort {port}", f"  SetEnv HOME={home}"]
        return lines

    def start(self) -> None:
        """Returns when it answers. It can be started again after `stop`."""
        program = sshd_program()
        if os.geteuid() == 0:
            _PRIVILEGE_SEPARATION.mkdir(exist_ok=True, mode=0o755)
        for config in self.configs:
            with (self.folder / "log").open("ab") as log:
                command = [program, "-D", "-e", "-f", str(config)]
                self.processes.append(subprocess.Popen(command, stderr=log, start_new_session=True))
        deadline = time.monotonic() + 20
        while not all(_answers(port) for port in self.ports):
            if any(one.poll() is not None for one in self.processes) or time.monotonic() > deadline:
                raise AssertionError(f"sshd did not start:\n{(self.folder / 'log').read_text()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """The server and every connection end; what was started over them does not."""
        for process in self.processes:
            connections = _connections(process.pid)
            process.terminate()
            process.wait(20)
            _kill(connections)
        self.processes.clear()

    def cut(self) -> int:
        """Ends every connection, as when the network goes away for a moment; returns how many processes that were."""
        found = [pid for process in self.processes for pid in _connections(process.pid)]
        _kill(found)
        return len(found)


@contextmanager
def sshd(folder: Path, machines: int = 1, settings: Sequence[str] = ()) -> Iterator[Sshd]:
    """Runs the server; NoSshd when it is not installed."""
    sshd_program()
    server = Sshd(folder, free_ports(machines), settings)
    server.prepare()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def sshd_for_tests(folder: Path, machines: int = 1, settings: Sequence[str] = ()) -> Iterator[Sshd]:
    """The same for tests: without the program they are skipped, in CI they fail."""
    import pytest  # the bench uses this file without it

    try:
        sshd_program()
    except NoSshd as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI has to test with it: {error}")
        pytest.skip(str(error))
    folder.mkdir(parents=True, exist_ok=True)
    with sshd(folder, machines, settings) as server:
        yield server


def sshd_program() -> str:
    program = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise NoSshd("sshd is not installed: apt-get install openssh-server")
    return program


def free_ports(count: int) -> list[int]:
    """Ports of this machine that are free now."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _connections(pid: int) -> list[int]:
    """The processes of the server that serve somebody; not the shells that they have started."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            if Path(f"/proc/{child}/comm").read_text().strip() == "sshd":
                found += [int(child), *_connections(int(child))]
        except FileNotFoundError:
            continue
    return found


def _kill(pids: Sequence[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _answers(port: int) -> bool:
    with socket.socket() as trial:
        trial.settimeout(1)
        return trial.connect_ex(("127.0.0.1", port)) == 0


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
