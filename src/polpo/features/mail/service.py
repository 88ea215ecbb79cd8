"""Sending letters by the configured server, and whom a team's mail goes to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from polpo.features.configuration.sections import SMTP
from polpo.features.configuration.service import read_section
from polpo.features.mail.delivering import Delivery, MailServer, composed
from polpo.features.teams.resource import TEAMS
from polpo.features.teams.service import EVERYONE
from polpo.features.users.resource import USERS
from polpo.kernel.errors import TaskError
from polpo.steps.services import Letter
from polpo.store.database import Database
from polpo.store.session import Session

#: The bound of a whole conversation, in times of what one answer may take.
_ANSWERS = 5
_AT_ONCE = 4


class ConfiguredMailer:
    """Sends a few letters at once, each in a thread, and none for ever."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def members(self, team_ids: Sequence[str]) -> list[str]:
        with self._database.read() as session:
            return addresses_of_teams(session, team_ids)

    async def send(self, letter: Letter) -> dict[str, str]:
        with self._database.read() as session:
            server, now = mail_server(session), session.clock.now()
        message = composed(letter, server.sender, now)
        delivery = Delivery(server)
        async with self._turns:
            try:
                async with asyncio.timeout(_ANSWERS * server.timeout):
                    return await asyncio.to_thread(delivery.deliver, message, letter.recipients)
            except TimeoutError as error:
                raise TaskError(f"{server.name} took longer than {_ANSWERS * server.timeout:g} seconds.") from error
            finally:
                delivery.abort()


def mail_server(session: Session) -> MailServer:
    """As it is configured; TaskError says what is missing and where to set it."""
    smtp = read_section(session, SMTP)
    missing = [
        name for name, text in (("SmtpHost", smtp.smtp_host), ("SendEmailFrom", smtp.send_email_from)) if not text
    ]
    if missing:
        raise TaskError(
            f"No e-mail can be sent: {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set. An"
            " administrator sets them under Configuration, SMTP (PUT /api/smtpconfiguration)."
        )
    kind = smtp.details.credential_type if smtp.details else "UsernamePassword"
    if kind != "UsernamePassword":
        raise TaskError(
            f"No e-mail can be sent: the SMTP configuration asks for credentials of the type {kind}, and this server"
            " signs in to mail servers by user name and password only."
        )
    return MailServer(
        host=smtp.smtp_host,
        port=smtp.smtp_port or 25,
        sender=smtp.send_email_from,
        is_encrypted=smtp.enable_ssl,
        timeout=(smtp.timeout or 12_000) / 1000,
        login=smtp.smtp_login or "",
        password=session.reveal(smtp.smtp_password) or "",
    )


def addresses_of_teams(session: Session, team_ids: Sequence[str]) -> list[str]:
    teams = session.by_ids(TEAMS, team_ids)
    if unknown := [one for one in team_ids if one not in teams]:
        raise TaskError(f"There is no team with the id '{unknown[0]}' whose members could get the e-mail.")
    if EVERYONE in teams:
        users = session.all(USERS)
    else:
        members = [member for one in team_ids for member in teams[one].member_user_ids]
        known = session.by_ids(USERS, members)
        users = [known[member] for member in dict.fromkeys(members) if member in known]
    return [user.email_address for user in users if user.is_active and user.email_address]
