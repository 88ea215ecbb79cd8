"""Mutual TLS with self-signed certificates. No I/O: encrypted bytes in and out, plain bytes in and out.

The standard library cannot ask for a client certificate that it does not know already. So this runs on OpenSSL's memory
buffers through pyOpenSSL, which takes any certificate; who it is, is decided by thumbprint afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from ipaddress import ip_address
from typing import TypeVar, cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from OpenSSL import SSL

from polpo.halibut.certificates import Identity, thumbprint_of

T = TypeVar("T")

_RECORD = 16 * 1024
_PIECE = 64 * 1024


class TlsFailed(Exception):
    """The other side does not speak TLS as we do; the message is OpenSSL's reason."""


class TlsEnded(Exception):
    """The other side ended the encrypted conversation, or cut it short."""


class TlsContext:
    """What all connections of a party share: its certificate, if it shows one, and what it asks of others: any."""

    def __init__(self, identity: Identity | None) -> None:
        context = SSL.Context(SSL.TLS_METHOD)
        context.set_min_proto_version(SSL.TLS1_2_VERSION)
        if identity is not None:
            context.use_certificate(x509.load_pem_x509_certificate(identity.certificate_pem))
            # It is our own key: to prove its numbers prime again takes most of the time of a start.
            key = load_pem_private_key(identity.key_pem, None, unsafe_skip_rsa_key_validation=True)
            context.use_privatekey(cast("RSAPrivateKey", key))
        context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        context.set_options(SSL.OP_NO_RENEGOTIATION | SSL.OP_NO_TICKET)
        context.set_mode(SSL.MODE_RELEASE_BUFFERS)  # of a connection that is idle
        self._context = context

    def accepting(self) -> TlsEnd:
        return TlsEnd(self._context, accepts=True)

    def connecting(self, host: str) -> TlsEnd:
        """A name is told to the other side, which a gateway may need to pass the connection on; an address is not."""
        return TlsEnd(self._context, accepts=False, name=host)


class TlsEnd:
    """Our end of one connection. After `feed`, `handshake`, `read` and `write` there may be something `outgoing`."""

    def __init__(self, context: SSL.Context, *, accepts: bool, name: str = "") -> None:
        self._connection = SSL.Connection(context, None)
        if accepts:
            self._connection.set_accept_state()
        else:
            self._connection.set_connect_state()
            if name and not _is_address(name):
                self._connection.set_tlsext_host_name(name.encode("idna"))

    def feed(self, encrypted: bytes) -> None:
        self._connection.bio_write(encrypted)

    def outgoing(self) -> bytes:
        """What is to be sent now."""
        pieces: list[bytes] = []
        while True:
            try:
                piece = self._connection.bio_read(_PIECE if pieces else _RECORD + 512)
            except SSL.WantReadError:
                return b"".join(pieces)
            pieces.append(piece)

    def handshake(self) -> bool:
        """Whether it is done; if not, more has to arrive."""
        return self._tried(self._shake_hands, otherwise=False)

    def _shake_hands(self) -> bool:
        self._connection.do_handshake()
        return True

    def read(self) -> bytes:
        """What has arrived, up to a record; empty when more has to arrive first."""
        return self._tried(partial(self._connection.recv, _RECORD), otherwise=b"")

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            sent = self._tried(partial(self._connection.send, bytes(view[:_RECORD])), otherwise=0)
            if not sent:
                raise TlsFailed("the handshake is not over")
            view = view[sent:]

    def farewell(self) -> None:
        self._tried(self._connection.shutdown, otherwise=True)

    def _tried(self, call: Callable[[], T], *, otherwise: T) -> T:
        try:
            return call()
        except SSL.WantReadError:
            return otherwise
        except (SSL.ZeroReturnError, SSL.SysCallError) as error:
            raise TlsEnded from error
        except SSL.Error as error:
            raise TlsFailed(_reason(error)) from error

    @property
    def version(self) -> str:
        return str(self._connection.get_protocol_version_name())

    def thumbprint(self) -> str | None:
        """Of the certificate that the other side showed, or None when it showed none."""
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        return None if certificate is None else thumbprint_of(certificate.public_bytes(Encoding.DER))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _reason(error: SSL.Error) -> str:
    causes = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return str(causes[0][2]) if causes else str(error) or "no reason is known"
