"""A real SMTP server on a port of its own, which keeps what it is given."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from tests.api.certificatefiles import signed

LOGIN, SECRET = "polpo", "mail-pass-4711"


@dataclass
class Delivered:
    """A message and whom it was for, those in secret included."""

    sender: str
    recipients: list[str]
    message: EmailMessage

    @property
    def text(self) -> str:
        return self.message.get_content().strip()


@dataclass
class MailServer:
    """`refused` are addresses for which it takes no mail."""

    port: int = 0
    refused: set[str] = field(default_factory=set)
    delivered: list[Delivered] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the name is the library's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        message: Any = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        self.delivered.append(Delivered(str(envelope.mail_from), list(envelope.rcpt_tos), message))
        return "250 Message accepted"

    def configuration(self, **more: Any) -> dict[str, Any]:
        return {"SmtpHost": "127.0.0.1", "SmtpPort": self.port, "SendEmailFrom": "polpo@example.org", **more}


@asynccontextmanager
async def mail_server(folder: Path | None = None) -> AsyncIterator[MailServer]:
    """With a folder it takes mail only over TLS and from who signs in; its certificate is `cert.pem` there."""
    server = MailServer()
    more: dict[str, Any] = {}
    if folder is not None:
        more = {"tls_context": _tls(folder), "require_starttls": True, "auth_required": True, "authenticator": _check}
    listening = await asyncio.get_running_loop().create_server(lambda: SMTP(server, **more), "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield server


def _tls(folder: Path) -> ssl.SSLContext:
    pair = signed("localhost")
    (folder / "cert.pem").write_bytes(pair.pem())
    (folder / "key.pem").write_bytes(pair.key_pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def _check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    is_right = isinstance(given, LoginPassword) and (given.login, given.password) == (LOGIN.encode(), SECRET.encode())
    return AuthResult(success=is_right, handled=is_right)
