"""The agent's certificate, by which servers know it."""

from __future__ import annotations

import asyncio
import base64
import binascii
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from cyclopts import Parameter

from polpo.cli.agent.program import NOBODY, THE_ONE, Login, Which, agent, say
from polpo.kernel.errors import Invalid

if TYPE_CHECKING:
    from polpo.agent.configuration import Instance
    from polpo.halibut.certificates import Identity

PfxPassword = Annotated[
    str,
    Parameter(
        name=["--pfx-password", "--pfxPassword"], env_var="POLPO_PFX_PASSWORD", help="The password of the PFX file."
    ),
]
Switch = Annotated[bool, Parameter(help="Use the new certificate now, whether the servers know it or not.")]


@agent.command
def new_certificate(
    *,
    login: Login = NOBODY,
    if_blank: Annotated[bool, Parameter(name=["--if-blank", "-b"], help="Only if the agent has none.")] = False,
    export_pfx: Annotated[
        Path | None,
        Parameter(name=["--export-pfx", "-e"], help="Only write the new certificate to this file, for import later."),
    ] = None,
    pfx_password: PfxPassword = "",
    switch: Switch = False,
    which: Which = THE_ONE,
) -> None:
    """Make a new certificate. The old one stays in use until the servers know the new one.

    With --server and an API key, the server is told, and the new certificate is used at once.
    """
    from polpo.agent.certificates import write_pfx
    from polpo.halibut.certificates import Identity

    folder = which.find()
    if export_pfx is not None:
        made = Identity.generate("Polpo Agent")
        write_pfx(made, export_pfx, pfx_password)
        say(f"Wrote the certificate {made.thumbprint} to {export_pfx}.")
        return
    if if_blank and folder.has_certificate:
        say(f"The agent has the certificate {folder.identity().thumbprint} already.")
        return
    waiting = folder.waiting_identity if login.server or switch else None
    _take(folder, waiting or Identity.generate("Polpo Agent"), login, which, switches=switch)


@agent.command
def import_certificate(
    *,
    login: Login = NOBODY,
    from_file: Annotated[Path | None, Parameter(name=["--from-file", "-f"], help="A PFX file.")] = None,
    from_base64: Annotated[str, Parameter(help="The content of a PFX file as base64.")] = "",
    pfx_password: PfxPassword = "",
    switch: Switch = False,
    which: Which = THE_ONE,
) -> None:
    """Take a certificate and its key from a PFX file, as `new-certificate` takes one that it makes."""
    from polpo.agent.certificates import of_pfx, read_pfx

    if (from_file is None) == (not from_base64):
        raise Invalid("Say where the certificate is: --from-file or --from-base64.")
    if from_file is not None:
        identity = read_pfx(from_file, pfx_password)
    else:
        try:
            identity = of_pfx(base64.b64decode(from_base64, validate=True), pfx_password, "--from-base64")
        except binascii.Error as error:
            raise Invalid("--from-base64 is no base64.") from error
    _take(which.find(), identity, login, which, switches=switch)


def _take(folder: Instance, identity: Identity, login: Login, which: Which, *, switches: bool) -> None:
    from polpo.agent.certificates import announce, others, renew

    if renew(folder, identity):
        say(f"The agent's certificate is {identity.thumbprint}.")
        return
    if login.server:

        async def tell() -> str:
            async with login.connect() as api:
                names, server = await announce(folder, api)
            say(f"{login.server} knows the new certificate of {', '.join(names)}.")
            return server

        told = asyncio.run(tell())
        switches = switches or not others(folder, told)
        if not switches:
            say(f"These do not know it yet: {', '.join(others(folder, told))}. Tell them too, then say --switch.")
    if switches:
        say(f"The agent's certificate is {folder.adopt_waiting().thumbprint}. A running agent takes it up by itself.")
        return
    say(f"The new certificate {identity.thumbprint} waits; the old one is used until the servers know it:")
    say(f"polpo agent new-certificate{which} --server … --api-key …, or enter it there by hand and say --switch.")


@agent.command
def show_thumbprint(
    *,
    format: Annotated[Literal["text", "json"], Parameter(help="For people, or for programs.")] = "text",
    export_file: Annotated[
        Path | None, Parameter(name=["--export-file", "-e"], help="Write it to this file instead.")
    ] = None,
    which: Which = THE_ONE,
) -> None:
    """Print the thumbprint by which servers know this agent."""
    folder = which.find()
    folder.read()
    thumbprint = folder.identity().thumbprint
    shown = msgspec.json.encode({"Thumbprint": thumbprint}).decode() if format == "json" else thumbprint
    if export_file is None:
        say(shown)
    else:
        export_file.write_text(shown)
        say(f"Wrote the thumbprint to {export_file}.")
