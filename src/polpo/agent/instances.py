"""Several agents on one machine: where each one's folder is, and what two of them cannot share."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

from polpo.agent.configuration import DEFAULT_PORT, Instance, split_host_port
from polpo.kernel.errors import Conflict, Invalid, NotFound

DEFAULT_NAME = "Agent"
_ROOT_VARIABLE = "POLPO_AGENTS_FOLDER"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}")
_ANYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - what a listening address may say, not what we listen on


class _Record(msgspec.Struct):
    name: str
    home: str


@dataclass(frozen=True)
class NamedInstance:
    name: str
    instance: Instance


def instances_folder() -> Path:
    """One place for root, one below the home of anybody else, unless POLPO_AGENTS_FOLDER says otherwise."""
    if told := os.environ.get(_ROOT_VARIABLE):
        return Path(told)
    return Path("/var/lib/polpo/agents") if os.geteuid() == 0 else Path.home() / ".local/share/polpo/agents"


def found(home: Path | None, name: str | None) -> Instance:
    """The agent that a command means: by its folder, by its name, else the default one, else the only one.

    It need not exist yet; Invalid when there are several and none was named.
    """
    if home is not None:
        return Instance(home)
    if name is not None:
        return Instance(home_of(name))
    default = Instance(home_of(DEFAULT_NAME))
    there = [] if default.exists else instances()
    if len(there) > 1:
        names = ", ".join(one.name for one in there)
        raise Invalid(f"This machine has several agents: {names}. Say which with --instance.")
    return there[0].instance if there else default


def home_of(name: str) -> Path:
    """Where the agent of this name lives, or would."""
    path = _record(name)
    try:
        return Path(_read(path).home)
    except (FileNotFoundError, NotADirectoryError):
        return instances_folder() / _slug(name)


def _read(path: Path) -> _Record:
    """Invalid when it is damaged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Record)
    except msgspec.MsgspecError as error:
        raise Invalid(
            f"The record {path} of an agent is damaged: {error}. Mend it, or remove it and name the agent's folder"
            " with --home."
        ) from error


def instances() -> list[NamedInstance]:
    """The agents of this machine that have names, sorted by these."""
    folder = instances_folder()
    if not folder.is_dir():
        return []
    known: dict[str, NamedInstance] = {}
    for path in sorted(folder.iterdir()):
        name = path.stem if path.suffix == ".json" else path.name
        if path.suffix == ".json":
            record = _read(path)
            known[path.stem] = NamedInstance(record.name, Instance(Path(record.home)))
        elif path.is_dir():
            known.setdefault(name, NamedInstance(DEFAULT_NAME if name == _slug(DEFAULT_NAME) else name, Instance(path)))
    return [one for one in known.values() if one.instance.exists]


def record(name: str, home: Path | None) -> Instance:
    """Gives a new agent its name, and the folder if one is named. Conflict when the name or the folder is taken."""
    path = _record(name)
    instance = Instance(home if home is not None else home_of(name))
    for other in instances():
        if _slug(other.name) == _slug(name):
            raise Conflict(
                f"There is an agent named '{other.name}' on this machine already, in {other.instance.home}. "
                "Choose another --instance."
            )
        if other.instance.home == instance.home:
            raise Conflict(f"The folder {instance.home} is that of the agent '{other.name}'; choose another --home.")
    if instance.exists:
        raise Conflict(f"There is an agent in {instance.home} already; choose another --home.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    path.write_bytes(msgspec.json.encode(_Record(name, str(instance.home))) + b"\n")
    return instance


def forget(name: str) -> None:
    """Takes the agent's name from the list; its folder stays. NotFound when there is no such agent."""
    path = _record(name)
    if not path.exists():
        raise NotFound(f"No agent named '{name}' was made by 'polpo agent create-instance' on this machine.")
    path.unlink()


def refuse_clash(instance: Instance, listen: str) -> None:
    """Conflict when another agent of this machine is configured to listen at the same address."""
    if not listen:
        return
    host, port = split_host_port(listen, DEFAULT_PORT, "--listen")
    for other in instances():
        if other.instance.home == instance.home or not (theirs := other.instance.read().listen):
            continue
        their_host, their_port = split_host_port(theirs, DEFAULT_PORT, "The address to listen on")
        shares = host == their_host or host in _ANYWHERE or their_host in _ANYWHERE
        if port and port == their_port and shares:
            raise Conflict(
                f"The agent '{other.name}' of this machine listens on {theirs} already; give this one another port "
                "with --listen host:port."
            )


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", name.lower())


def _record(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise Invalid(f"'{name}' cannot name an agent: use letters, digits, blanks, '.', '_' and '-'.")
    return instances_folder() / f"{_slug(name)}.json"
