"""The task that tries the SMTP configuration out: it sends one e-mail to an address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from polpo.engine import Engine, NewTask, TaskRun
from polpo.features.mail.service import ConfiguredMailer
from polpo.features.tasks.adhoc import offer
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.steps.email import address_of
from polpo.steps.services import Letter

TASK_KIND = "TestEmail"
_ARGUMENT = "EmailAddress"
_BODY = "This e-mail was sent to try out how the server sends e-mail. It arrived, so the configuration is right."


def _start(call: Call, arguments: Mapping[str, Any]) -> str:
    call.require(Permission.CONFIGURE_SERVER)
    given = str(arguments.get(_ARGUMENT) or "")
    address = address_of(given)
    if not address:
        sentence = f"Arguments.{_ARGUMENT} must be an e-mail address; it is '{given}'."
        raise Invalid(sentence, [sentence])
    wish = NewTask(kind=TASK_KIND, description=f"Send a test e-mail to {address}", arguments={_ARGUMENT: address})
    return call.parts.get(Engine).enqueue(call.session, wish)


offer(TASK_KIND, "Send a test e-mail", _start)


async def _send(mailer: ConfiguredMailer, run: TaskRun) -> None:
    address = str(run.task.arguments[_ARGUMENT])
    letter = Letter(to=[address], subject="Test e-mail", body=_BODY, ticket=f"test-{run.task.id.lower()}")
    await run.activity("send", mailer.send, letter)
    run.log.once("sent", run.log.root, "Info", f"The mail server took the e-mail for {address}.")


def email_trial(mailer: ConfiguredMailer) -> Any:
    """The run function."""
    return partial(_send, mailer)
