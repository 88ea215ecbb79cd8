"""What can go wrong between two peers.

WireError
 +-- CannotConnect      nobody there, or not who it should be; the message names the failing layer
 |    +-- ProxyRefused   the HTTP proxy on the way does not let us through
 +-- RequestNotSent     the connection broke before the request was out: safe to send again
 |    +-- NotTrusted     the other side ended it at the sight of our certificate
 +-- ConnectionLost     it broke afterwards: whether the request was carried out is unknown
 +-- RequestTimedOut    a polling agent did not collect the request in time
 +-- ProtocolBroken     the other side sent what the protocol does not allow
 +-- RemoteError        the other side answered with an error
      +-- PeerFailed         which may have been one of the network
      +-- ServiceFailed      of the service itself
           +-- ServiceNotFound
"""

from __future__ import annotations

from typing import Literal

from polpo.kernel.errors import WireError


class CannotConnect(WireError):
    """No connection to the other side could be made; `layer` says how far we got."""

    def __init__(self, message: str, layer: Literal["resolve", "proxy", "connect", "tls", "certificate"]) -> None:
        super().__init__(message)
        self.layer = layer


class ProxyRefused(CannotConnect):
    """The proxy answers that it will not connect us: to ask again does not help."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "proxy")


class RequestNotSent(WireError):
    """The request did not leave this machine."""


class NotTrusted(RequestNotSent):
    """The other side most likely does not know our certificate."""


class ConnectionLost(WireError):
    """The connection ended while an answer was awaited."""


class RequestTimedOut(WireError):
    """A polling agent did not come to collect the request."""


class ProtocolBroken(WireError):
    """The peer does not speak the agent protocol."""


class RemoteError(WireError):
    """The other side answered with an error; `remote_details` is its own account."""

    def __init__(self, message: str, remote_details: str | None = None) -> None:
        super().__init__(message)
        self.remote_details = remote_details or ""


class PeerFailed(RemoteError):
    """The other side does not say that its service failed: it may have been the way there."""


class ServiceFailed(RemoteError):
    """The other side's service threw: to ask again does not help."""


class ServiceNotFound(ServiceFailed):
    """The other side has no such service or method."""
