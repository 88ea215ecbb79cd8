"""Which layer fails on the way to an SSH server, and how its connections are kept."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from openssh import sshd_for_tests
from polpo.halibut.connecting import Proxy
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import TaskError
from polpo.transports.ssh.address import Login
from polpo.transports.ssh.pool import SshConnections
from polpo.transports.ssh.transport import SshTransport
from polpo.transports.transport import MachineUnreachable
from tinyproxy import tinyproxy
from unit.scripthost.running import script, until
from unit.transports.ssh.machines import HOPELESS, Machines, run


async def failure(machines: Machines, **changes: Any) -> MachineUnreachable:
    with pytest.raises(MachineUnreachable) as caught:
        await machines.at(policy=HOPELESS, **changes).capabilities()
    return caught.value


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
async def test_the_fingerprint_of_any_of_the_host_keys_is_right(machines: Machines, kind: str) -> None:
    for md5 in (False, True):
        fingerprint = machines.server.fingerprint(kind, md5=md5)
        assert "bash" in await machines.at(fingerprint=fingerprint).capabilities()


async def test_another_host_key_is_refused_and_shown(machines: Machines) -> None:
    error = await failure(machines, fingerprint="SHA256:AAAA")
    assert error.layer == "host key"
    shown = machines.server.fingerprint()
    assert f"showed the host key {shown} (ssh-ed25519); expected was SHA256:AAAA." in error.message
    rsa = await failure(machines, algorithm="ssh-rsa")
    assert f"showed the host key {machines.server.fingerprint('rsa')} (ssh-rsa)" in rsa.message


async def test_without_a_fingerprint_the_known_hosts_decide(machines: Machines) -> None:
    place = f"[127.0.0.1]:{machines.server.ports[0]}"
    known = (f"{place} {machines.server.host_key()}",)
    assert await machines.at(fingerprint="", known_hosts=known).capabilities()
    other = await failure(machines, fingerprint="", known_hosts=(f"{place} ssh-ed25519 AAAA",))
    assert "the known hosts have another one for it" in other.message
    nobody = await failure(machines, fingerprint="")
    assert (nobody.layer, "there is nothing to compare it with" in nobody.message) == ("host key", True)


_BARE = (
    "sh",
    "cat",
    "tail",
    "head",
    "tar",
    "mkdir",
    "mkfifo",
    "mv",
    "rm",
    "sleep",
    "grep",
    "wc",
    "chmod",
    "find",
    "id",
)

FORMS = {
    "ed25519 with a passphrase": ["-t", "ed25519", "-N", "secret"],
    "rsa in PEM": ["-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "secret"],
    "ecdsa in PKCS 8": ["-t", "ecdsa", "-m", "PKCS8", "-N", "secret"],
    "ecdsa without a passphrase": ["-t", "ecdsa", "-N", ""],
}


def make_key(file: Path, *options: str) -> None:
    subprocess.run(["ssh-keygen", "-q", "-f", str(file), *options], check=True)


@pytest.mark.parametrize("form", FORMS)
async def test_keys_in_every_form_let_in(machines: Machines, tmp_path: Path, form: str) -> None:
    file = tmp_path / "key"
    make_key(file, *FORMS[form])
    before = machines.server.key.with_suffix(".pub").read_text()
    machines.server.key.with_suffix(".pub").write_text(before + file.with_suffix(".pub").read_text())
    login = Login(machines.server.user, private_key=file.read_bytes(), passphrase="secret")
    assert await machines.at(login=login).capabilities()
    machines.server.key.with_suffix(".pub").write_text(before)


async def test_who_is_not_let_in_is_told_so_once(machines: Machines, tmp_path: Path) -> None:
    file = tmp_path / "key"
    make_key(file, "-t", "ed25519", "-N", "secret")
    user = machines.server.user
    for login, told in (
        (
            Login(user, private_key=file.read_bytes(), passphrase="secret"),
            f"does not let the user '{user}' in with the",
        ),
        (Login(user, private_key=file.read_bytes(), passphrase="wrong"), "private key of the account cannot be opened"),
        (Login(user, password="wrong"), "with the account's password"),
    ):
        error = await failure(machines, login=login)
        assert (error.layer, told in error.message) == ("sign-in", True), error.message
        assert "wrong" not in error.message


async def test_what_is_no_ssh_server_is_told_apart(machines: Machines, unused_tcp_port: int) -> None:
    gone = await failure(machines, port=unused_tcp_port)
    assert gone.layer == "connect"
    assert f"web-1 (127.0.0.1:{unused_tcp_port}) cannot be reached: " in gone.message
    assert (await failure(machines, host="no.such.host.invalid")).layer == "resolve"

    def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad\r\n\r\n")
        writer.close()

    greeter = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with greeter:
        error = await failure(machines, port=greeter.sockets[0].getsockname()[1])
    assert error.layer in {"protocol", "connect"}


async def test_machines_are_reached_through_a_proxy(machines: Machines) -> None:
    with tinyproxy() as port:
        transport = machines.at(proxy=Proxy("127.0.0.1", port))
        assert "bash" in await transport.capabilities()
        assert (await run(transport, script("exit 3")))[0] == 3
    error = await failure(machines, proxy=Proxy("127.0.0.1", port))
    assert error.layer == "proxy"


class _Passwords(asyncssh.SSHServer):
    """Asks for the password in one way only."""

    def __init__(self, *, asks: bool) -> None:
        self._asks = asks

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return not self._asks

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("deploy", "opensesame")

    def kbdint_auth_supported(self) -> bool:
        return self._asks

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
        return ("", "", "", [("Password:", False)])

    def validate_kbdint_response(self, username: str, responses: Any) -> bool:
        return username == "deploy" and list(responses) == ["opensesame"]


async def _pump(source: Any, target: Any) -> None:
    with contextlib.suppress(ConnectionError, asyncssh.Error):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    target.close()


@asynccontextmanager
async def password_server(home: Path, *, asks: bool) -> AsyncIterator[tuple[int, str]]:
    """Port and fingerprint of a server that runs commands for who knows the password."""

    async def serve(process: asyncssh.SSHServerProcess[bytes]) -> None:
        shell = await asyncio.create_subprocess_shell(
            process.command or "", env={**os.environ, "HOME": str(home)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        await asyncio.gather(_pump(process.stdin, shell.stdin), _pump(shell.stdout, process.stdout))
        process.exit(await shell.wait())

    key = asyncssh.generate_private_key("ssh-ed25519")
    server = await asyncssh.create_server(
        lambda: _Passwords(asks=asks), "127.0.0.1", 0, server_host_keys=[key], process_factory=serve, encoding=None
    )
    async with server:
        yield server.sockets[0].getsockname()[1], key.get_fingerprint()


@pytest.mark.parametrize("asks", [False, True])
async def test_a_password_lets_in_whichever_way_it_is_asked_for(
    machines: Machines, tmp_path: Path, *, asks: bool
) -> None:
    async with password_server(tmp_path, asks=asks) as (port, fingerprint):
        there = {"port": port, "fingerprint": fingerprint}
        assert "tar" in await machines.at(login=Login("deploy", "opensesame"), **there).capabilities()
        assert (await failure(machines, login=Login("deploy", "wrong"), **there)).layer == "sign-in"
        await machines.connections.close()


async def test_one_connection_serves_every_call_and_is_closed_when_idle(machines: Machines, tmp_path: Path) -> None:
    await asyncio.gather(*(machines.at().capabilities() for _ in range(4)), machines.at(1).capabilities())
    assert len(machines.connections) == 2
    impatient = SshTransport(
        SshConnections(tmp_path, idle_seconds=0.01), machines.address, name="web-1", policy=HOPELESS
    )
    connections = impatient._connections
    for _ in range(2):
        assert await impatient.capabilities()
        await until(lambda: len(connections) == 0)


@pytest.mark.parametrize("sessions", [1, 2])
async def test_more_scripts_than_the_server_has_sessions_all_end(tmp_path: Path, sessions: int) -> None:
    with sshd_for_tests(tmp_path / "sshd", settings=[f"MaxSessions {sessions}"]) as server:
        machines = Machines(server, tmp_path)
        bodies = [script(f"echo {number}; sleep 0.3; exit {number}") for number in range(4)]
        results = await asyncio.gather(*(run(machines.at(), body) for body in bodies))
        await machines.connections.close()
    assert [code for code, _ in results] == [0, 1, 2, 3]
    assert [heard.of("STDOUT") for _, heard in results] == [["0"], ["1"], ["2"], ["3"]]


async def test_a_server_that_runs_no_commands_is_told(tmp_path: Path) -> None:
    with sshd_for_tests(tmp_path / "sshd", settings=["ForceCommand echo no commands for you"]) as server:
        machines = Machines(server, tmp_path)
        error = await failure(machines)
        await machines.connections.close()
    assert error.layer == "shell"
    assert "its shell cannot be used; it says: no commands for you" in error.message


async def test_a_bare_shell_is_enough(tmp_path: Path) -> None:
    """Without bash, Python, flock, setsid and a program for hashes."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in _BARE:
        (tools / name).symlink_to(shutil.which(name) or name)
    with sshd_for_tests(tmp_path / "sshd") as server:
        [config] = server.configs
        config.write_text(config.read_text().replace("SetEnv HOME", f"SetEnv PATH={tools} HOME"))
        server.stop()
        server.start()
        machines = Machines(server, tmp_path)
        assert await machines.at().capabilities() == ("SSH", "tar")
        command = script("echo $PATH; echo bad >&2; exit 4")
        code, heard = await run(machines.at(), command)
        stored = await machines.at().upload("Files/a", DataStream.of_bytes(b"content"))
        await machines.connections.close()
    assert (code, heard.of("STDOUT"), heard.of("STDERR")) == (4, [str(tools)], ["bad"])
    assert heard.of("DEBUG")[0] == "This machine has no flock: only the server keeps scripts apart."
    assert (server.homes[0] / ".octopus/OctopusServer/Files/a").read_bytes() == b"content"
    assert stored.full_path.endswith("/Files/a")


async def test_files_are_sent_and_fetched_whole(machines: Machines, tmp_path: Path) -> None:
    content = os.urandom(5_000_000)
    (tmp_path / "source").write_bytes(content)
    for source in (DataStream.of_file(tmp_path / "source"), DataStream.of_bytes(b"")):
        stored = await machines.at().upload("Files/it's one.bin", source)
        assert stored.full_path == f"{machines.home()}/Files/it's one.bin"
        fetched = await machines.at().download("Files/it's one.bin")
        assert fetched is not None
        assert await fetched.read() == await source.read()
        fetched.discard()
    assert await machines.at().download("Files/nothing") is None
    with pytest.raises(TaskError, match=r"web-1 .* cannot do it: The folder /proc/none cannot be made: "):
        await machines.at().upload("/proc/none/file", DataStream.of_bytes(b"x"))
    with pytest.raises(TaskError, match="must not hold line ends"):
        await machines.at().upload("a\nb", DataStream.of_bytes(b"x"))
    assert [path.name for path in (machines.home() / "Files").iterdir()] == ["it's one.bin"]
