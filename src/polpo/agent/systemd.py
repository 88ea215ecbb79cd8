"""The agent as a service of systemd: its unit, and the commands around it."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from polpo.agent.configuration import Instance
from polpo.kernel.errors import Invalid, Unavailable

Deed = Literal["start", "stop", "restart", "status"]
UNITS = Path("/etc/systemd/system")
_COMMAND_SECONDS = 120


@dataclass(frozen=True)
class Unit:
    """The service of one instance. `user` is who it runs as, `folder` where units lie."""

    name: str
    home: Path
    user: str = "root"
    folder: Path = UNITS

    @property
    def path(self) -> Path:
        return self.folder / f"{self.name}.service"

    def text(self) -> str:
        """No sandbox: what the service may not do, deployments may not do either. Its user is the border."""
        return f"""\
[Unit]
Description=Polpo agent in {str(self.home).replace("%", "%%")}
After=network-online.target
Wants=network-online.target

[Service]
Type=simple
User={self.user}
ExecStart={_quoted(program())} agent run --home {_quoted(str(self.home))}
Restart=always
RestartSec=2
# Only the agent is stopped: scripts run on, and the agent attaches to them when it is back.
KillMode=process
# A script that takes too much memory is ended by itself, not the agent with it.
OOMPolicy=continue
TimeoutStopSec=30
TasksMax=infinity
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
"""


def unit_of(instance: Instance, name: str, user: str = "", folder: Path = UNITS) -> Unit:
    """The unit of an instance; Invalid when there is no such user on this machine."""
    who = user or pwd.getpwuid(os.geteuid()).pw_name
    try:
        pwd.getpwnam(who)
    except KeyError as error:
        raise Invalid(
            f"This machine has no user '{who}'; make it first, for example: useradd --system {who}."
        ) from error
    slug = re.sub(r"[^A-Za-z0-9._-]+", "-", name).lower()
    return Unit("polpo-agent" if slug == "agent" else f"polpo-agent-{slug}", instance.home, who, folder)


def install(unit: Unit, instance: Instance) -> list[str]:
    """Writes the unit, gives the agent's folder to its user, and enables it; returns what was done, a line each."""
    instance.read()
    if unit.path.exists() and f"--home {_quoted(str(unit.home))}" not in unit.path.read_text():
        raise Invalid(f"{unit.path} is the service of another agent; give this one a name with --instance.")
    _write(unit)
    done = [f"Wrote {unit.path}: the agent runs as {unit.user}."]
    if give(instance.home, unit.user):
        done.append(f"Gave {instance.home} to {unit.user}.")
    if not systemctl_is_there():
        return [*done, f"There is no systemctl here; on a machine with systemd: systemctl enable --now {unit.name}"]
    _systemctl("daemon-reload")
    _systemctl("enable", unit.name)
    return [*done, f"It starts with the machine (systemctl enable {unit.name})."]


def uninstall(unit: Unit) -> list[str]:
    """Stops, disables and removes the unit. The agent's folder stays, and scripts that run go on."""
    if not unit.path.exists():
        raise Invalid(f"There is no service {unit.path}.")
    if systemctl_is_there():
        _systemctl("disable", "--now", unit.name)
    unit.path.unlink()
    if systemctl_is_there():
        _systemctl("daemon-reload")
    return [f"Removed {unit.path}. The agent's folder {unit.home} stays."]


def control(unit: Unit, deed: Deed) -> list[str]:
    if not systemctl_is_there():
        raise Unavailable(f"There is no systemctl on this machine, so the service {unit.name} cannot {deed} by it.")
    said = _systemctl(deed, unit.name)
    return [said] if said else [f"systemctl {deed} {unit.name}: done."]


def give(folder: Path, user: str) -> bool:
    """Makes the user the owner of all in the folder; False when that is so already."""
    entry = pwd.getpwnam(user)
    mine = [folder, *folder.rglob("*")]
    foreign = [path for path in mine if path.lstat().st_uid != entry.pw_uid]
    try:
        for path in foreign:
            os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)
    except PermissionError as error:
        raise Invalid(f"Only root can give {folder} to {user}; run this command as root.") from error
    return bool(foreign)


def program() -> str:
    """How this program is called again: the `polpo` beside our Python, else the one that was called."""
    beside = Path(sys.executable).with_name("polpo")
    return str(beside) if beside.exists() else shutil.which("polpo") or f"{sys.executable} -m polpo"


def systemctl_is_there() -> bool:
    return shutil.which("systemctl") is not None


def _write(unit: Unit) -> None:
    try:
        unit.path.write_text(unit.text())
        unit.path.chmod(0o644)
    except OSError as error:
        raise Invalid(
            f"{unit.path} cannot be written: {error.strerror}. Run this command as root, or see the unit with --print."
        ) from error


def _systemctl(*words: str) -> str:
    done = subprocess.run(["systemctl", *words], capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False)
    said = (done.stdout.strip() or done.stderr.strip()) if done.returncode else done.stdout.strip()
    if done.returncode and words[0] != "status":
        raise Unavailable(f"systemctl {' '.join(words)} failed: {said or f'exit code {done.returncode}'}")
    return said


def _quoted(word: str) -> str:
    """As a unit file needs it; a command of several words stays as it is."""
    if word.startswith(sys.executable + " "):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if " " in escaped else escaped
