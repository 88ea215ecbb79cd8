"""The step that sends an e-mail."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

from polpo.kernel.errors import TaskError
from polpo.steps.properties import Properties
from polpo.steps.services import Letter, Mailer, Priority
from polpo.steps.work import StepKind, StepResult, Work, not_served

_PREFIX = "Octopus.Action.Email."
#: Each with the property that names teams.
_FIELDS = {"to": ("To", "ToTeamIds"), "cc": ("CC", "CCTeamIds"), "bcc": ("Bcc", "BccTeamIds")}
_PRIORITIES: tuple[Priority, ...] = ("Normal", "Low", "High")
_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"]+@[^\s@,;:<>()\[\]\".]+(\.[^\s@,;:<>()\[\]\".]+)*")
_NAMED = re.compile(r".*<([^<>]*)>\s*")


async def perform_email(mailer: Mailer, work: Work) -> StepResult:
    """Fails when nobody gets it. What a crash keeps from being noted as sent is sent again, as the same message."""
    letter = await _letter(mailer, work)
    refused = await mailer.send(letter)
    took = len(letter.recipients) - len(refused)
    work.node.info(f"Sent '{letter.subject}' to {took} {'recipient' if took == 1 else 'recipients'}.")
    for address, words in refused.items():
        work.node.warning(f"The mail server does not take mail for {address}: {words}")
    return StepResult(has_warnings=bool(refused))


async def _letter(mailer: Mailer, work: Work) -> Letter:
    properties = Properties(work)
    found: dict[str, list[str]] = {}
    taken: set[str] = set()
    for name, (addresses, teams) in _FIELDS.items():
        everybody = _written(work, properties, addresses)
        if team_ids := properties.names(_PREFIX + teams):
            everybody += await mailer.members(team_ids)
        new = {one.casefold(): one for one in everybody if one.casefold() not in taken}
        taken |= new.keys()
        found[name] = list(new.values())
    if not taken:
        raise TaskError(
            f"Step '{work.action_name}' has nobody to send its e-mail to: name addresses, or teams whose members have"
            " addresses."
        )
    mask = work.run.masker.mask
    return Letter(
        to=found["to"],
        cc=found["cc"],
        bcc=found["bcc"],
        subject=" ".join(mask(properties.text(_PREFIX + "Subject")).split()),
        body=mask(properties.text(_PREFIX + "Body")),
        is_html=properties.flag(_PREFIX + "IsHtml"),
        priority=properties.choice(_PREFIX + "Priority", _PRIORITIES),
        ticket=hashlib.sha256(f"{work.run.task.id}/{work.key}/{work.attempt}".encode()).hexdigest()[:32],
    )


def _written(work: Work, properties: Properties, field: str) -> list[str]:
    found = {text: address_of(text) for text in properties.names(_PREFIX + field)}
    for text, address in found.items():
        if not address:
            raise TaskError(f"Step '{work.action_name}' names '{text}' in {field}, which is no e-mail address.")
    return list(found.values())


def address_of(text: str) -> str:
    """The address in `ann@example.org` or `Ann <ann@example.org>`; empty when there is none."""
    named = _NAMED.fullmatch(text)
    address = (named.group(1) if named else text).strip()
    return address if _ADDRESS.fullmatch(address) else ""


def email_faults(properties: Mapping[str, str]) -> Iterator[str]:
    named = [one for pair in _FIELDS.values() for one in pair if properties.get(_PREFIX + one, "").strip()]
    if not named:
        yield "needs somebody to send the e-mail to: name addresses or teams."
    for name in ("Subject", "Body"):
        if not properties.get(_PREFIX + name, "").strip():
            yield f"needs the {name.lower()} of the e-mail."


EMAIL = StepKind(
    type="Octopus.Email",
    name="Send an email",
    description="Sends an e-mail to addresses and to the members of teams.",
    place="server",
    perform=not_served,
    can_retry=False,
    faults=email_faults,
)
