"""Handing one message to an SMTP server."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from polpo.kernel.errors import TaskError
from polpo.steps.services import Letter

_TLS_PORT = 465
_PRIORITIES = {"High": ("1", "urgent", "high"), "Normal": ("3", "normal", "normal"), "Low": ("5", "non-urgent", "low")}


@dataclass(frozen=True)
class MailServer:
    """`timeout` in seconds, for each answer of the server. Encrypted from the start on port 465, else by STARTTLS."""

    host: str
    port: int
    sender: str
    is_encrypted: bool = False
    timeout: float = 12.0
    login: str = ""
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        return f"The mail server {self.host}:{self.port}"


def composed(letter: Letter, sender: str, moment: datetime) -> EmailMessage:
    """The message as it is sent. Who gets it in secret is not in it."""
    message = EmailMessage(policy=SMTP.clone(utf8=not _is_ascii(letter, sender)))
    message["From"] = sender
    for header, addresses in (("To", letter.to), ("Cc", letter.cc)):
        if addresses:
            message[header] = ", ".join(addresses)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = f"<{letter.ticket}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    for header, value in zip(("X-Priority", "Priority", "Importance"), _PRIORITIES[letter.priority], strict=True):
        message[header] = value
    message.set_content(letter.body, subtype="html" if letter.is_html else "plain")
    return message


def _is_ascii(letter: Letter, sender: str) -> bool:
    return all(address.isascii() for address in [sender, *letter.recipients])


class Delivery:
    """One conversation with the server, in a thread of its own; `abort` ends it from another one."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._client: smtplib.SMTP | None = None

    def abort(self) -> None:
        if self._client is not None:
            self._client.close()

    def deliver(self, message: EmailMessage, recipients: list[str]) -> dict[str, str]:
        """Returns whom the server refused, with its words; TaskError when nobody gets the message."""
        try:
            with self._connected() as client:
                refused = client.send_message(message, parseaddr(self._server.sender)[1], recipients)
        except (OSError, smtplib.SMTPException) as error:
            raise TaskError(f"{self._server.name} {_told(error, self._server.login)}") from error
        return {address: _words(answer) for address, answer in refused.items()}

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context()
        if server.is_encrypted and server.port == _TLS_PORT:
            client: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        self._client = client
        try:
            if server.is_encrypted and server.port != _TLS_PORT:
                client.starttls(context=context)
            if server.login:
                client.login(server.login, server.password)
        except BaseException:
            client.close()
            raise
        return client


def _told(error: Exception, login: str) -> str:
    """What went wrong, in the server's words where it had some."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        words = "; ".join(f"{address}: {_words(answer)}" for address, answer in error.recipients.items())
        return f"takes mail for none of the recipients. {words}"
    if isinstance(error, smtplib.SMTPResponseException):
        who = f" the login '{login}'" if isinstance(error, smtplib.SMTPAuthenticationError) else ""
        return f"refused{who}: {_words((error.smtp_code, error.smtp_error))}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"cannot do what it is asked for: {error}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"shows a certificate that is not trusted: {error.verify_message}."
    return f"cannot be reached: {str(error) or type(error).__name__}"


def _words(answer: tuple[int, bytes | str]) -> str:
    code, text = answer
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(said.split())}"
