"""Where the server may go when a user names the address: to the public Internet, and where an administrator allows.

Without this guard, whoever may enter the address of a repository, an issuer or a webhook could have the server ask
machines that only it can reach: its own ports, the internal network, the metadata of a cloud. A name is resolved once,
and what was judged is what is connected to: a second answer of the name server changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from polpo.kernel.addresses import Address, Network, inside, is_own, plain
from polpo.kernel.errors import Invalid

WEB = ("https", "http")

_PORTS = {"https": 443, "http": 80}
_LONGEST = 2000
_SHOWN = 200

Resolver = Callable[[str, int], Sequence[str]]


class Refused(Invalid):
    """The server does not go there; the message is a sentence that names the address, why, and the setting."""


class Unresolved(Invalid):
    """No machine has this name."""


@dataclass(frozen=True)
class _Allowed:
    """One entry of the setting. Without a port, every port."""

    host: str = ""
    network: Network | None = None
    port: int | None = None

    def takes(self, host: str, port: int, address: Address | None) -> bool:
        if self.port not in (None, port):
            return False
        if self.network is None:
            return self.host == host
        return address is not None and address.version == self.network.version and address in self.network


class Destinations:
    """`allowed` are names (`git.corp.example`), names with a port, addresses, networks (`10.1.0.0/16`), or `*`.

    Invalid when an entry is none of these. `resolve` and `own` are for tests.
    """

    def __init__(
        self,
        allowed: Iterable[str] = (),
        *,
        resolve: Resolver | None = None,
        own: Callable[[Address], bool] = is_own,
    ) -> None:
        entries = [entry.strip() for entry in allowed if entry.strip()]
        self._everything = "*" in entries
        self._allowed = [_read(entry) for entry in entries if entry != "*"]
        self._resolve = resolve or _resolved
        self._own = own

    def check(self, url: str, schemes: Sequence[str] = WEB) -> SplitResult:
        """Refuses what can be refused without asking a name server; for when an address is saved."""
        parts = split(url, schemes)
        host = _plain_name(parts.hostname or "")
        port = port_of(parts)
        literal = _literal(host)
        if literal is not None:
            self._judge(host, port, [literal])
        elif host == "localhost" or host.endswith(".localhost"):
            self._judge(host, port, [ipaddress.IPv4Address("127.0.0.1")])
        return parts

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses to connect to, never empty. Waits for the name server. Refused, or Unresolved."""
        name = _plain_name(host)
        literal = _literal(name)
        if literal is not None:
            return self._judge(name, port, [literal])
        try:
            found = self._resolve(name, port)
        except (OSError, UnicodeError) as error:
            raise Unresolved(f"There is no machine named '{name[:_SHOWN]}'.") from error
        return self._judge(name, port, [plain(ipaddress.ip_address(one)) for one in dict.fromkeys(found)])

    def _judge(self, host: str, port: int, found: Sequence[Address]) -> list[str]:
        open_to_us = [one for one in found if self._why_not(host, port, one) is None]
        if open_to_us:
            return [str(one) for one in open_to_us]
        if not found:
            raise Unresolved(f"The name '{host[:_SHOWN]}' has no address.")
        raise Refused(_sentence(host, port, found[0], str(self._why_not(host, port, found[0]))))

    def _why_not(self, host: str, port: int, address: Address) -> str | None:
        if self._everything or any(entry.takes(host, port, address) for entry in self._allowed):
            return None
        why = inside(address)
        return why or ("is the server's own machine" if self._own(address) else None)


def split(url: str, schemes: Sequence[str] = WEB) -> SplitResult:
    """The parts of an address that is well formed, of one of the schemes, and holds no password. Refused otherwise."""
    text = url.strip()
    parts = _parts(text)
    if parts is None or parts.scheme not in schemes or not parts.hostname:
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        raise Refused(f"The address must begin with {wanted} and be well formed; it is '{text[:_SHOWN]}'.")
    if parts.username is not None or parts.password is not None:
        raise Refused("The address must not hold a user name or a password.")
    return parts


def _parts(text: str) -> SplitResult | None:
    if len(text) > _LONGEST or any(ord(one) <= 32 or ord(one) == 127 for one in text):
        return None
    try:
        parts = urlsplit(text)
        port_of(parts)
    except ValueError:
        return None
    return None if "\\" in parts.netloc else parts


def port_of(parts: SplitResult) -> int:
    return parts.port or _PORTS.get(parts.scheme, 0)


def _sentence(host: str, port: int, address: Address, why: str) -> str:
    where = f"{host}:{port}" if str(address) == host else f"{host}:{port} ({address})"
    return (
        f"The server does not connect to {where}: this address {why}."
        " An administrator of the server can allow it in the setting outbound_allow."
    )


def _plain_name(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()


def _literal(host: str) -> Address | None:
    try:
        return plain(ipaddress.ip_address(host))
    except ValueError:
        return None


def _read(entry: str) -> _Allowed:
    """An address or a network, else a name; either of one address with a port."""
    network = _network(entry.strip("[]"))
    if network is not None:
        return _Allowed(network=network)
    host, colon, number = entry.rpartition(":")
    port = None
    if colon:
        if not number.isdecimal() or not 0 < int(number) < 65536:
            raise _malformed(entry)
        entry, port = host, int(number)
    network = _network(entry.strip("[]"))
    name = _plain_name(entry)
    if network is None and (not name or any(one in name for one in "/:*@ ")):
        raise _malformed(entry)
    return _Allowed(host=name, network=network, port=port)


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _malformed(entry: str) -> Invalid:
    return Invalid(
        f"The setting outbound_allow has '{entry[:_SHOWN]}', which is no name of a machine (with a port or without),"
        " no address and no network such as 10.1.0.0/16."
    )


def _resolved(host: str, port: int) -> list[str]:
    return [str(answer[4][0]) for answer in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
