"""What an instance of the agent remembers: `agent.json` and `agent.pem` in its home, readable by its user only."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import tempfile
from pathlib import Path
from typing import Literal

import msgspec

from polpo.halibut.certificates import Identity
from polpo.kernel.errors import Invalid, NotFound

DEFAULT_PORT = 10933
DEFAULT_SERVER_PORT = 10943
_SUBSCRIPTION_LETTERS = "bcdefghjklmnpqrstuvwxyz23456789"
_THUMBPRINT = re.compile(r"[0-9A-F]{40}")
_NOT_IN_THUMBPRINTS = re.compile(r"[\s:]")


class TrustedServer(msgspec.Struct, frozen=True, kw_only=True):
    """A server by its thumbprint. One that is polled has an address, and the subscription by which it knows us."""

    thumbprint: str
    mode: Literal["listening", "polling"]
    address: str = ""
    subscription: str = ""


class AgentConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """`listen` is host:port, or empty for an agent that only polls.

    Of a server that is polled, each connection carries one request at a time: two, so that a large file does not hold
    up the rest.
    """

    name: str
    listen: str = ""
    applications: str = ""
    polling_connections: int = 2
    servers: tuple[TrustedServer, ...] = ()

    def trusting(self, server: TrustedServer) -> AgentConfiguration:
        """With this server; what was known of the same one, in the same mode and at the same address, is replaced."""
        kept = [one for one in self.servers if _same_place(one) != _same_place(server)]
        return msgspec.structs.replace(self, servers=(*kept, server))

    def distrusting(self, thumbprint: str) -> AgentConfiguration:
        kept = tuple(one for one in self.servers if one.thumbprint != thumbprint)
        return msgspec.structs.replace(self, servers=kept)

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

    @property
    def exists(self) -> bool:
        return self._file.exists()

    @property
    def changed_at(self) -> float:
        """When the configuration was last written, in seconds since 1970."""
        return self._file.stat().st_mtime

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
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=self.home, prefix=".agent-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(configuration), indent=2) + b"\n")
            Path(name).replace(self._file)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()
            raise

    def identity(self) -> Identity:
        """The agent's certificate; made at the first use."""
        if not self._certificate.exists():
            self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
            Identity.generate("Polpo Agent").save(self._certificate)
        return Identity.load(self._certificate)


def default_home(instance: str) -> Path:
    """Where the agent of this name lives unless told: one place for root, one below the home of anybody else."""
    base = Path("/var/lib/polpo") if os.geteuid() == 0 else Path.home() / ".local/share/polpo"
    return base / "agents" / re.sub(r"[^a-z0-9._-]+", "-", instance.lower())


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
