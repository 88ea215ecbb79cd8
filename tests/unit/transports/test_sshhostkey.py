"""Being shown the host key of an SSH server, and of what is none."""

from __future__ import annotations

import pytest

from api.sshserver import FINGERPRINT, GREETING, KEY, offer, packet, shown_key, ssh_server
from polpo.halibut.errors import CannotConnect
from polpo.transports.sshhostkey import NoSshServer, ask_host_key

VERSION = b"SSH-2.0-x\r\n"


@pytest.mark.parametrize("greeting", [GREETING, VERSION + offer(b"ecdh-sha2-nistp256")])
async def test_the_fingerprint_is_the_one_that_openssh_shows(greeting: bytes) -> None:
    async with ssh_server(greeting + shown_key(KEY)) as port:
        found = await ask_host_key("127.0.0.1", port, 5)

    assert (found.algorithm, found.fingerprint) == ("ssh-ed25519", FINGERPRINT)


@pytest.mark.parametrize(
    "says",
    [
        b"220 mail.example.com ready\r\n" * 60,
        b"x" * 300_000,
        VERSION + bytes(64),
        VERSION + b"\xff" * 64,
        VERSION + offer(b"diffie-hellman-group1-sha1"),
        VERSION + packet(bytes([1]) + bytes(12)),
        VERSION + packet(b""),
        GREETING + shown_key(b"\0\0\1\0short"),
        GREETING + packet(bytes([31]) + b"\xff\xff\xff\xff"),
    ],
    ids=[
        "another protocol",
        "no line",
        "an empty packet",
        "a huge packet",
        "no exchange in common",
        "goodbye",
        "no payload",
        "a short key",
        "a short reply",
    ],
)
async def test_what_does_not_speak_ssh_is_told(says: bytes) -> None:
    async with ssh_server(says) as port:
        with pytest.raises(NoSshServer, match="does not speak SSH"):
            await ask_host_key("127.0.0.1", port, 5)


async def test_silence_is_told() -> None:
    async with ssh_server(b"") as port:
        with pytest.raises(NoSshServer, match="did not answer within 0 s"):
            await ask_host_key("127.0.0.1", port, 0.05)


async def test_nobody_is_told(unused_tcp_port: int) -> None:
    with pytest.raises(CannotConnect, match="cannot be reached"):
        await ask_host_key("127.0.0.1", unused_tcp_port, 5)
