"""Mutual TLS with self-signed certificates under asyncio.

The standard library cannot ask for a client certificate that it does not know already, so the context hands asyncio an
object that runs on OpenSSL memory buffers through pyOpenSSL, which takes any certificate; who it is, is decided by
thumbprint afterwards. Not for uvloop.
"""

from __future__ import annotations

import ssl
from asyncio.sslproto import SSLProtocol
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from OpenSSL import SSL

from polpo.halibut.certificates import Identity, thumbprint_of

_RECORD = 16 * 1024
# asyncio gives each TLS connection a buffer of this size for as long as it lives, and a server keeps a connection to
# each of its agents. Two records are as fast as the sixteen that it takes by itself.
SSLProtocol.max_size = 2 * _RECORD


class _Pipe:
    """What asyncio expects of an `ssl.SSLObject`, on a pyOpenSSL connection."""

    def __init__(
        self, context: SSL.Context, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, *, accepts: bool
    ) -> None:
        self._connection = SSL.Connection(context, None)
        self._incoming = incoming
        self._outgoing = outgoing
        (self._connection.set_accept_state if accepts else self._connection.set_connect_state)()

    def _pump_in(self) -> None:
        while self._incoming.pending:
            self._connection.bio_write(self._incoming.read(_RECORD))

    def _pump_out(self) -> None:
        while True:
            try:
                self._outgoing.write(self._connection.bio_read(_RECORD * 4))
            except SSL.WantReadError:
                return

    def _translated(self, call: Any, *arguments: Any) -> Any:
        self._pump_in()
        try:
            return call(*arguments)
        except SSL.WantReadError as error:
            raise ssl.SSLWantReadError from error
        except SSL.ZeroReturnError:
            return b""
        except SSL.SysCallError as error:
            raise ssl.SSLEOFError(f"the peer ended the connection: {error}") from error
        except SSL.Error as error:
            raise ssl.SSLError(f"TLS failed: {error}") from error
        finally:
            self._pump_out()

    def do_handshake(self) -> None:
        self._translated(self._connection.do_handshake)

    def read(self, size: int = _RECORD, buffer: bytearray | None = None) -> bytes | int:
        data = self._translated(self._connection.recv, size)
        if buffer is None:
            return bytes(data)
        buffer[: len(data)] = data
        return len(data)

    def write(self, data: bytes) -> int:
        view, sent = memoryview(data), 0
        while sent < len(view):
            sent += self._translated(self._connection.send, bytes(view[sent : sent + _RECORD]))
        return sent

    def unwrap(self) -> None:
        self._translated(self._connection.shutdown)

    def pending(self) -> int:
        return int(self._connection.pending())

    def getpeercert(self, binary_form: bool = False) -> Any:
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        if certificate is None:
            return None
        return certificate.public_bytes(Encoding.DER) if binary_form else {}

    def cipher(self) -> tuple[str | None, str | None, int | None]:
        connection = self._connection
        return connection.get_cipher_name(), connection.get_cipher_version(), connection.get_cipher_bits()

    def version(self) -> str:
        return str(self._connection.get_protocol_version_name())

    def compression(self) -> None:
        return None


class MutualContext(ssl.SSLContext):
    """Shows our certificate and asks for the peer's, whatever it is; both sides of a connection use one."""

    _openssl: SSL.Context

    @classmethod
    def of(cls, identity: Identity) -> MutualContext:
        context = cls(ssl.PROTOCOL_TLS_CLIENT)
        openssl = SSL.Context(SSL.TLS_METHOD)
        openssl.set_min_proto_version(SSL.TLS1_2_VERSION)
        openssl.use_certificate(x509.load_pem_x509_certificate(identity.certificate_pem))
        # It is our own key: to prove its numbers prime again takes most of the time of a start.
        key = load_pem_private_key(identity.key_pem, None, unsafe_skip_rsa_key_validation=True)
        openssl.use_privatekey(cast("RSAPrivateKey", key))
        openssl.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        openssl.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        openssl.set_mode(SSL.MODE_RELEASE_BUFFERS)  # of a connection that is idle
        context._openssl = openssl
        return context

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> Any:
        del server_hostname, session
        return _Pipe(self._openssl, incoming, outgoing, accepts=server_side)


def peer_thumbprint(transport: Any) -> str | None:
    """The thumbprint of the certificate that the other side showed, or None when it showed none."""
    pipe = transport.get_extra_info("ssl_object")
    der = pipe.getpeercert(binary_form=True) if pipe is not None else None
    return thumbprint_of(der) if der else None
