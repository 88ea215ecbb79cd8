"""What steps that work on the server ask of it. Features answer; the server puts both together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec

Priority = Literal["Low", "Normal", "High"]


class Letter(msgspec.Struct, kw_only=True):
    """An e-mail. `ticket` names it: a second letter of the same ticket is the same one, sent once more."""

    to: list[str]
    cc: list[str] = []
    bcc: list[str] = []
    subject: str
    body: str
    is_html: bool = False
    priority: Priority = "Normal"
    ticket: str

    @property
    def recipients(self) -> list[str]:
        return [*self.to, *self.cc, *self.bcc]


class Mailer(Protocol):
    async def members(self, team_ids: Sequence[str]) -> list[str]:
        """The addresses of the active members of teams; TaskError for a team that does not exist."""
        ...

    async def send(self, letter: Letter) -> dict[str, str]:
        """Hands the letter to the mail server; returns whom that refused, with its words.

        TaskError when it took the letter for nobody, or when there is none.
        """
        ...


@dataclass(frozen=True)
class Services:
    mailer: Mailer
