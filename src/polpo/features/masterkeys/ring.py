"""Which keys the data needs, and whether a key is the one."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.features.masterkeys.tables import master_key
from polpo.features.serverinfo.installation import sealed_certificate
from polpo.kernel.clock import iso
from polpo.kernel.errors import Conflict
from polpo.kernel.secrets import MasterKey, Vault
from polpo.store.changes import Happening
from polpo.store.session import Session

_ROTATED = "MasterKeyRotated"


def wanted_key(session: Session) -> str | None:
    """The id of the key that the data is sealed under; None where nobody has noted one. Any schema, also none."""
    if not _has_table(session, master_key):
        return None
    found = sa.select(master_key.c.id).where(master_key.c.key.is_(None))
    return session.connection.execute(found).scalar_one_or_none()


def holds_data(session: Session) -> bool:
    """Whether a key was ever used here."""
    return wanted_key(session) is not None or sealed_certificate(session) is not None


def fits(session: Session, key: MasterKey) -> bool:
    """Whether the data was written with the key, or with none yet. Reads only, from a database of any version."""
    if (wanted := wanted_key(session)) is not None:
        return wanted == key.id
    certificate = sealed_certificate(session)
    return certificate is None or Vault(key, "server-certificate").is_sealed(certificate)


def note_key(session: Session, key: MasterKey) -> None:
    """Remembers the first key; Conflict when another node has been there first with another one."""
    wanted = wanted_key(session)
    if wanted is None:
        _insert(session, key.id)
    elif wanted != key.id:
        raise Conflict(f"The data needs the master key {wanted}, and this is the key {key.id}.")


def vault_of(session: Session, key: MasterKey) -> Vault:
    """With the older keys that something may still be sealed under."""
    kept = session.connection.execute(sa.select(master_key.c.key).where(master_key.c.key.is_not(None))).scalars()
    vault = Vault(key, "master-key")
    return Vault(key, older=[MasterKey.from_text(vault.decrypt(one), "A kept master key") for one in kept])


def replace_key(session: Session, new: MasterKey) -> None:
    """From here on the new key is the one. What was sealed before still opens by it, and waits to be sealed anew."""
    vault = Vault(new, "master-key")
    session.connection.execute(sa.delete(master_key))
    for key in {key.id: key for key in (session.vault.key, *session.vault.older) if key.id != new.id}.values():
        _insert(session, key.id, vault.encrypt(key.to_text()))
    _insert(session, new.id, position="{}")
    tell(session, f"The master key {session.vault.key.id} was replaced by the key {new.id}")


def adopt_key(session: Session, new: MasterKey) -> None:
    """The same where the old key is lost, and with it what was sealed under it."""
    session.connection.execute(sa.delete(master_key))
    _insert(session, new.id)


def tell(session: Session, message: str) -> None:
    session.happened(Happening(_ROTATED, f"{message}.", None, "MasterKeys", ()))


def _insert(session: Session, identity: str, key: str | None = None, position: str | None = None) -> None:
    row = {"id": identity, "since": iso(session.clock.now()), "key": key, "position": position, "moved": 0}
    session.connection.execute(sa.insert(master_key).values(row))


def _has_table(session: Session, table: sa.Table) -> bool:
    return sa.inspect(session.connection).has_table(table.name)
