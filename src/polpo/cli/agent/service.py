"""The agent as a service of systemd."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from polpo.cli.agent.program import THE_ONE, Which, agent, say
from polpo.kernel.errors import Invalid


@agent.command
def service(
    *,
    install: Annotated[bool, Parameter(name=["--install", "--reconfigure"], help="Write the unit, enable it.")] = False,
    uninstall: Annotated[bool, Parameter(help="Stop the service and remove its unit.")] = False,
    start: Annotated[bool, Parameter(help="Start it.")] = False,
    stop: Annotated[bool, Parameter(help="Stop it; scripts that run go on.")] = False,
    restart: Annotated[bool, Parameter(help="Start it anew; scripts that run go on.")] = False,
    status: Annotated[bool, Parameter(help="Show what systemd says of it.")] = False,
    print_unit: Annotated[bool, Parameter(name="--print", help="Print the unit instead of writing it.")] = False,
    user: Annotated[
        str, Parameter(name=["--user", "--username"], help="Whom the agent, and so every deployment, runs as.")
    ] = "",
    unit_folder: Annotated[Path | None, Parameter(help="Where units lie; /etc/systemd/system unless told.")] = None,
    which: Which = THE_ONE,
) -> None:
    """Install the agent as a service of systemd, and start and stop it."""
    from polpo.agent import systemd

    folder = which.find()
    unit = systemd.unit_of(folder, which.name, user, unit_folder or systemd.UNITS)
    if print_unit:
        say(unit.text())
        return
    done: list[str] = []
    if uninstall:
        done += systemd.uninstall(unit)
    if install:
        done += systemd.install(unit, folder)
    if stop:
        done += systemd.control(unit, "stop")
    if start and not (install and not systemd.systemctl_is_there()):
        done += systemd.control(unit, "start")
    if restart:
        done += systemd.control(unit, "restart")
    if status:
        done += systemd.control(unit, "status")
    if not done:
        raise Invalid("Say what to do: --install, --uninstall, --start, --stop, --restart, --status or --print.")
    for line in done:
        say(line)
