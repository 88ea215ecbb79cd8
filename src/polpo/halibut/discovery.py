"""Asking an address who is there, without being known to it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl

from polpo.halibut.certificates import thumbprint_of
from polpo.halibut.connecting import Proxy, open_tls, reach
from polpo.halibut.errors import CannotConnect
from polpo.halibut.proxying import authority


async def discover(host: str, port: int, seconds: float = 30.0, proxy: Proxy | None = None) -> str:
    """The thumbprint of whoever speaks the agent protocol there; CannotConnect names the layer that failed.

    It proves nothing: the thumbprint must be compared with one that came another way.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    deadline = asyncio.get_running_loop().time() + seconds
    raw = await reach(host, port, deadline, seconds, proxy)
    where = authority(host, port)
    reader, writer = await open_tls(raw, context, where, deadline, seconds)
    try:
        async with asyncio.timeout_at(deadline):
            writer.write(b"HELLO\r\n\r\n")
            answer = await reader.read(5)
    except (OSError, TimeoutError) as error:
        raise CannotConnect(f"{where} does not speak the agent protocol: it did not answer.", "tls") from error
    finally:
        certificate = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(5):
                await writer.wait_closed()
    if answer != b"HTTP/" or not certificate:
        raise CannotConnect(f"{where} does not speak the agent protocol; is the port right?", "tls")
    return thumbprint_of(certificate)
