"""What an instance of the agent remembers: `agent.json` and `agent.pem` in its home, readable by its user only."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from polpo.halibut.certificates import Identity
from polpo.halibut.connecting import Proxy
from polpo.kernel.errors import Conflict, Invalid, NotFound
from polpo.kernel.filelocks import is_held

DEFAULT_PORT = 10933
DEFAULT_SERVER_PORT = 10943
_SUBSCRIPTION_LETTERS = "bcdefghjklmnpqrstuvwxyz23456789"
_THUMBPRINT = re.compile(r"[0-9A-F]{40}")
_NOT_IN_THUMBPRINTS = re.compile(r"[\s:]")


Mode = Literal["listening", "polling"]


class TrustedServer(msgspec.Struct, frozen=True, kw_only=True):
    """A server by its thumbprint. One that is polled has an address, and the subscription by which it knows us.

    `web` is the address of its REST API, of a server that we were registered with.
    """

    thumbprint: str
    mode: Mode
    address: str = ""
    subscription: str = ""
    web: str = ""


class AgentConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """`listen` is host:port, or empty for an agent that only polls.

    Of a server that is polled, each connection carries one request at a time: two, so that a large file does not hold
    up the rest. `proxy` is between the agent and the servers that it polls.
    """

    name: str
    listen: str = ""
    applications: str = ""
    polling_connections: int = 2
    proxy: Proxy | None = None
    servers: tuple[TrustedServer, ...] = ()

    def trusting(self, server: TrustedServer) -> AgentConfiguration:
        """With this server; what was known of the same one, in the same mode and at the same address, is replaced."""
        kept = [one for one in self.servers if _same_place(one) != _same_place(server)]
        return msgspec.structs.replace(self, servers=(*kept, server))

    def distrusting(self, thumbprint: str) -> AgentConfiguration:
        kept = tuple(one for one in self.servers if one.thumbprint != thumbprint)
        return msgspec.structs.replace(self, servers=kept)

    def retrusting(self, old: str, new: str) -> AgentConfiguration:
        """With the new thumbprint wherever the old one was; Invalid when that is nowhere."""
        if old not in {one.thumbprint for one in self.servers}:
            known = ", ".join(sorted({one.thumbprint for one in self.servers})) or "none"
            raise Invalid(f"The agent does not trust {old}. It trusts: {known}.")
        changed = [
            msgspec.structs.replace(one, thumbprint=new) if one.thumbprint == old else one for one in self.servers
        ]
        return msgspec.structs.replace(self, servers=tuple(dict.fromkeys(changed)))

    def subscription_for(self, thumbprint: str) -> str:
        """The one that the server knows already, else a new one."""
        known = [one.subscription for one in self.servers if one.thumbprint == thumbprint and one.subscription]
        return known[0] if known else new_subscription()


def _same_place(server: TrustedServer) -> tuple[str, str, str]:
    return server.thumbprint, server.mode, server.address


class Instance:
    """An agent's folder."""

    def __init__(self, home: Path) -> None:
        self.home = home.expanduser().absolute()
        self._file = self.home / "agent.json"
        self._certificate = self.home / "agent.pem"
        self._waiting = self.home / "agent.pem.next"

    @property
    def exists(self) -> bool:
        return self._file.exists()

    @property
    def written(self) -> tuple[float, ...]:
        """When the configuration and the certificate were written: another value tells that one was written since.

        Not which is later: clocks are set back.
        """
        files = (self._file, self._certificate) if self.has_certificate else (self._file,)
        return tuple(path.stat().st_mtime for path in files)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """While the agent of this folder runs; Conflict when it does already."""
        self.read()
        descriptor = os.open(self.home / "agent.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Conflict(f"The agent in {self.home} runs already; stop that one first.") from error
            yield
        finally:
            os.close(descriptor)

    @property
    def is_running(self) -> bool:
        return is_held(self.home / "agent.lock")

    def read(self) -> AgentConfiguration:
        """NotFound when there is no agent in this folder; Invalid when its file was damaged."""
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=AgentConfiguration)
        except FileNotFoundError as error:
            raise NotFound(
                f"There is no agent in {self.home}. Register one with 'polpo agent register', or name its folder with "
                "--home."
            ) from error
        except PermissionError as error:
            raise Invalid(f"{self._file} belongs to another user; run this command as that one.") from error
        except msgspec.MsgspecError as error:
            raise Invalid(f"The configuration {self._file} is damaged: {error}.") from error

    def write(self, configuration: AgentConfiguration) -> None:
        """As a whole or not at all, mode 600."""
        self._folder()
        descriptor, name = tempfile.mkstemp(dir=self.home, prefix=".agent-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(configuration), indent=2) + b"\n")
            Path(name).replace(self._file)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()
            raise

    # -- the certificate

    @property
    def has_certificate(self) -> bool:
        return self._certificate.exists()

    def identity(self) -> Identity:
        """The agent's certificate; made at the first use."""
        if not self.has_certificate:
            self.adopt(Identity.generate("Polpo Agent"))
        return Identity.load(self._certificate)

    def adopt(self, identity: Identity) -> None:
        """Has this certificate from now on. A running agent takes it up within seconds."""
        self._folder()
        identity.save(self._certificate)

    @property
    def waiting_identity(self) -> Identity | None:
        """The next certificate, of which servers are to hear before it is used."""
        return Identity.load(self._waiting) if self._waiting.exists() else None

    def let_wait(self, identity: Identity) -> None:
        self._folder()
        identity.save(self._waiting)

    def adopt_waiting(self) -> Identity:
        """Puts the next certificate in the place of the present one; NotFound when there is none."""
        if not self._waiting.exists():
            raise NotFound("No new certificate is waiting; make one with 'polpo agent new-certificate'.")
        self._waiting.replace(self._certificate)
        return self.identity()

    def _folder(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)


def new_subscription() -> str:
    return f"poll://{''.join(secrets.choice(_SUBSCRIPTION_LETTERS) for _ in range(20))}/"


def checked_thumbprint(text: str) -> str:
    """In the form in which thumbprints are compared; Invalid for what is none."""
    plain = _NOT_IN_THUMBPRINTS.sub("", text).upper()
    if not _THUMBPRINT.fullmatch(plain):
        raise Invalid(f"'{text}' is no thumbprint: 40 hexadecimal digits, as the server's certificate page shows them.")
    return plain


def split_host_port(address: str, default_port: int, what: str) -> tuple[str, int]:
    """`host`, `host:port` or `[v6]:port` in two; Invalid, naming `what`, when it is none of them."""
    host, separator, port = address.rpartition(":")
    if not separator or port.endswith("]"):
        host, port = address, str(default_port)
    if not host.strip("[]") or not port.isdigit() or int(port) > 65535:
        raise Invalid(f"{what} must be host:port, such as 127.0.0.1:{default_port}; it is '{address}'.")
    return host.strip("[]"), int(port)
