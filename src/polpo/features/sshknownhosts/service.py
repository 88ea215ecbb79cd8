"""Rules of known SSH hosts."""

from __future__ import annotations

from polpo.features.sshknownhosts.resource import SSH_KNOWN_HOSTS, SshKnownHost
from polpo.kernel.errors import Invalid, NotFound
from polpo.store.session import Session
from polpo.transports.ssh.hostkeys import FAMILIES, type_of_key

_KEY_TYPES = {*FAMILIES[0], *FAMILIES[1], "ssh-rsa"}
_SHOWN = 80


def known_hosts(session: Session, space_id: str, partial_host: str = "") -> list[SshKnownHost]:
    """In the order in which they were added."""
    wanted = partial_host.strip().casefold()
    found = session.all(SSH_KNOWN_HOSTS, SSH_KNOWN_HOSTS.table.c.space_id == space_id)
    return [one for one in found if wanted in one.host.casefold()]


def known_host_lines(session: Session, space_id: str) -> tuple[str, ...]:
    return tuple(f"{one.host} {one.key_type} {one.public_key}" for one in known_hosts(session, space_id))


def add_known_hosts(session: Session, space_id: str, entries: list[str]) -> list[SshKnownHost]:
    """All of them or none. Comments and what is known already are passed over; Invalid names the lines at fault."""
    lines = [entry.strip() for entry in entries if entry.strip() and not entry.lstrip().startswith("#")]
    if not lines:
        raise Invalid("KnownHostEntries: give at least one line 'host type key', as ssh-keyscan prints them.")
    faults = [fault for line in lines if (fault := _fault(line))]
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The known hosts cannot be saved.", faults)
    have = {(one.host, one.key_type, one.public_key) for one in known_hosts(session, space_id)}
    fresh = [parts for parts in dict.fromkeys(_parts(line) for line in lines) if parts not in have]
    return [
        session.insert(SSH_KNOWN_HOSTS, SshKnownHost(space_id=space_id, host=host, key_type=kind, public_key=key))
        for host, kind, key in fresh
    ]


def remove_known_host(session: Session, space_id: str, identity: str) -> None:
    found = session.find(SSH_KNOWN_HOSTS, identity)
    if found is None or found.space_id != space_id:
        raise NotFound(f"There is no known host with the id '{identity}' in this space.")
    session.delete(SSH_KNOWN_HOSTS, identity)


def _parts(line: str) -> tuple[str, str, str]:
    host, kind, key = line.split()[:3]
    return host, kind, key


def _fault(line: str) -> str | None:
    parts = line.split()
    shown = line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
    if len(parts) < 3 or line.startswith("@"):
        return f"KnownHostEntries: '{shown}' is not of the form 'host type key'."
    if parts[1] not in _KEY_TYPES:
        return f"KnownHostEntries: '{shown}' has a key of the type '{parts[1]}'; this server knows {_types()}."
    if type_of_key(parts[2]) != parts[1]:
        return f"KnownHostEntries: the key in '{shown}' is damaged, or of another type."
    return None


def _types() -> str:
    return ", ".join(sorted(_KEY_TYPES))
