"""Making an SSH connection: each layer by itself, so that a failure says where it happened."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import asyncssh

from polpo.halibut.connecting import reach
from polpo.halibut.errors import CannotConnect, RequestNotSent
from polpo.transports.ssh.address import Login, SshAddress
from polpo.transports.ssh.errors import SshRefused
from polpo.transports.ssh.hostkeys import (
    FAMILIES,
    algorithms_for,
    has_fingerprint,
    keys_of_host,
    shown_fingerprint,
)

#: What is cheap comes first: the default exchange of OpenSSH costs ten times as much (docs/reference/performance.md).
EXCHANGES = (
    "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521", "diffie-hellman-group16-sha512", "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha256",
)  # fmt: skip
_CIPHERS = (
    "aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com",
    "aes128-ctr", "aes192-ctr", "aes256-ctr",
)  # fmt: skip
#: Packets that cannot be read are ValueErrors.
_NO_SSH = (asyncssh.KeyExchangeFailed, asyncssh.ProtocolError, asyncssh.ProtocolNotSupported, ValueError)
_KEEP_ALIVE_SECONDS, _KEEP_ALIVES = 10, 3


async def connect(address: SshAddress, seconds: float) -> asyncssh.SSHClientConnection:
    """A connection to the machine that it should be, signed in.

    CannotConnect, RequestNotSent and SshRefused name the layer. Where the type of the host's key is not known and the
    first one shown is another one than that of the fingerprint, the other types are asked for.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    key = await asyncio.to_thread(_private_key, address.login) if address.login.private_key else None
    attempt = _Attempt(address, key, deadline, seconds)
    try:
        return await attempt.make(algorithms_for(address.algorithm))
    except _OtherKey as error:
        if address.algorithm or not address.fingerprint:
            raise
        for family in FAMILIES:
            if error.algorithm not in family and (found := await attempt.other(family)) is not None:
                return found
        raise


class _OtherKey(SshRefused):
    def __init__(self, message: str, algorithm: str) -> None:
        super().__init__(message, "host key")
        self.algorithm = algorithm


def _private_key(login: Login) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_private_key(login.private_key, login.passphrase or None)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise SshRefused(f"The private key of the account cannot be opened: {error}.", "sign-in") from error


class _Client(asyncssh.SSHClient):
    """Judges the host's key, and answers questions of the server with the password."""

    def __init__(self, address: SshAddress) -> None:
        self._address = address
        self._was_asked = False
        self.shown: asyncssh.SSHKey | None = None

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        del host, addr, port
        self.shown = key
        address = self._address
        if address.fingerprint:
            return has_fingerprint(key.public_data, address.fingerprint)
        return key.public_data in keys_of_host(address.known_hosts, address.host, address.port)

    def kbdint_auth_requested(self) -> str | None:
        """Once: a wrong password stays wrong."""
        if not self._address.login.password or self._was_asked:
            return None
        self._was_asked = True
        return ""

    def kbdint_challenge_received(
        self, name: str, instructions: str, lang: str, prompts: Sequence[tuple[str, bool]]
    ) -> list[str] | None:
        del name, instructions, lang
        return [self._address.login.password] * len(prompts) if len(prompts) < 2 else None


class _Attempt:
    def __init__(self, address: SshAddress, key: asyncssh.SSHKey | None, deadline: float, seconds: float) -> None:
        self._address = address
        self._key = key
        self._deadline = deadline
        self._seconds = seconds

    async def other(self, family: tuple[str, ...]) -> asyncssh.SSHClientConnection | None:
        """None when the server has no such key, or that is another one, too."""
        try:
            return await self.make(family)
        except SshRefused as error:
            if error.layer == "sign-in":
                raise
            return None

    async def make(self, algorithms: tuple[str, ...]) -> asyncssh.SSHClientConnection:
        address, client = self._address, _Client(self._address)
        raw = await reach(address.host, address.port, self._deadline, self._seconds, address.proxy)
        try:
            async with asyncio.timeout_at(self._deadline):
                connection, _ = await asyncssh.create_connection(
                    lambda: client, sock=raw, options=self._options(algorithms)
                )
        except TimeoutError as error:
            raise CannotConnect(
                f"{address} took the connection but had not signed us in within {self._seconds:.0f} s.", "connect"
            ) from error
        except asyncssh.HostKeyNotVerifiable as error:
            raise self._other_key(client) from error
        except asyncssh.PermissionDenied as error:
            raise SshRefused(self._not_let_in(), "sign-in") from error
        except _NO_SSH as error:
            reason = getattr(error, "reason", None) or str(error)
            raise SshRefused(f"{address} took the connection but no SSH came of it: {reason}.", "protocol") from error
        except (asyncssh.Error, OSError) as error:
            reason = getattr(error, "reason", None) or str(error) or type(error).__name__
            raise RequestNotSent(f"{address} ended the connection before we were signed in: {reason}.") from error
        return connection

    def _options(self, algorithms: tuple[str, ...]) -> asyncssh.SSHClientConnectionOptions:
        login = self._address.login
        return asyncssh.SSHClientConnectionOptions(
            username=login.username,
            password=login.password or None,
            client_keys=[self._key] if self._key is not None else None,
            preferred_auth=["publickey"] if self._key is not None else ["password", "keyboard-interactive"],
            known_hosts=([], [], []),
            server_host_key_algs=algorithms,
            kex_algs=EXCHANGES,
            encryption_algs=_CIPHERS,
            compression_algs=["none"],
            agent_path=None,
            gss_host=None,
            config=None,
            keepalive_interval=_KEEP_ALIVE_SECONDS,
            keepalive_count_max=_KEEP_ALIVES,
            login_timeout=self._seconds,
        )

    def _other_key(self, client: _Client) -> SshRefused:
        address, key = self._address, client.shown
        if key is None:
            return SshRefused(f"{address} showed a host key that cannot be read.", "host key")
        shown = f"{address} showed the host key {shown_fingerprint(key.public_data)} ({key.get_algorithm()})"
        if address.fingerprint:
            return _OtherKey(f"{shown}; expected was {address.fingerprint}.", key.get_algorithm())
        if keys_of_host(address.known_hosts, address.host, address.port):
            return SshRefused(f"{shown}, and the known hosts have another one for it.", "host key")
        return SshRefused(f"{shown}, and there is nothing to compare it with.", "host key")

    def _not_let_in(self) -> str:
        login = self._address.login
        by = "private key" if login.private_key else "password"
        return f"{self._address} does not let the user '{login.username}' in with the account's {by}."
