"""What is done to the master key of an installation whose servers rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from polpo.engine.cluster import beating
from polpo.features.events.chain import Chain
from polpo.features.events.trail import Recorder
from polpo.features.masterkeys.losing import Loss, clear_unreadable, forget_unreadable, lost_fact, unreadable
from polpo.features.masterkeys.resealing import is_unfinished, seal_some
from polpo.features.masterkeys.ring import adopt_key, fits, note_key, replace_key, tell, vault_of, wanted_key
from polpo.features.serverinfo.installation import load_installation
from polpo.kernel.errors import Conflict, Invalid
from polpo.kernel.masterkeys import KeyFile
from polpo.kernel.secrets import MasterKey, replace_sealed
from polpo.server.datalock import DataLock
from polpo.server.keysource import KeySource
from polpo.server.opening import data_beside, open_database
from polpo.server.settings import Settings
from polpo.store.database import Database
from polpo.store.kinds import metadata
from polpo.store.sealing import everything, places
from polpo.store.session import Session

Say = Callable[[str], None]
_OLD_FORM = "one of them, in the form of older versions"


def shown_key(settings: Settings) -> str:
    """The key as a text, to be kept in a safe place. Invalid when there is none."""
    return KeySource.of(settings).known().to_text()


# -- replacing


def rotate(settings: Settings, new_key_file: Path | None, say: Say, *, leaves_rest: bool = False) -> None:
    """Puts a new key in the place of the present one, then seals everything anew, or leaves that to the server.

    The key of `new_key_file` becomes the new one; one is made there when there is no such file. It must be named when
    the present key is in the settings, which only their owner can change. Killed at any moment, the data can be opened:
    with the old key or with the new one, whichever the database says, and the new one is on the disk before it says so.
    """
    source = KeySource.of(settings)
    if source.given and new_key_file is None:
        raise Invalid(
            "The present master key is in POLPO_MASTER_KEY, so a new one must be put there by you: name a file by"
            " --new-key-file, in which it is or will be written."
        )
    with _resting(settings, source.choose) as database:
        database.recorder = _recorder(database)
        new = _prepared(source, KeyFile(new_key_file) if new_key_file else None)
        if new.id == database.vault.key.id:
            raise Invalid(f"The new master key is the present one ({new.id}); give another one.")
        database.write_now(partial(_replaced, new=new))
        if not source.given:
            source.file.turn()
        with database.read() as session:
            database.vault = vault_of(session, new)
        say(f"The key {new.id} is the master key from now on; it is in {new_key_file or source.file.path}.")
        _tell_where(settings, source, say)
        if leaves_rest:
            say("What is sealed under the old key still opens; the server seals it anew while it works.")
        else:
            _seal_all(database, say)


def _prepared(source: KeySource, own: KeyFile | None) -> MasterKey:
    """The new key, safe on the disk."""
    key = (own.read() if own else None) or MasterKey.new()
    if own is not None and own.read() is None:
        own.write(key)
    if not source.given:
        source.file.write_next(key)
    return key


def _replaced(session: Session, new: MasterKey) -> None:
    _refuse_while_nodes_live(session)
    replace_key(session, new)


def _tell_where(settings: Settings, source: KeySource, say: Say) -> None:
    if source.given:
        say("Put it in the place of the old one in POLPO_MASTER_KEY, at every node, before a server is started again.")
    elif settings.database_url:
        say("Where several nodes share the database, copy the file to each of them before it is started again.")
    say("Keep a copy apart from the data; keep the old key as long as backups that need it.")


def _seal_all(database: Database, say: Say) -> None:
    stretches = 0
    while seal_some(database):
        stretches += 1
        if stretches % 100 == 0:
            say(f"Sealing everything anew: {stretches * 100:,} rows looked at")
    _compact(database, say)
    say("Everything is sealed under the new key, and the old one is forgotten.")


def _compact(database: Database, say: Say) -> None:
    """Free pages of a database keep what was replaced, and there the old key would still open it."""
    with database.read() as session:
        tables = sorted({place.column.table.name for place in places(session.connection, metadata)})
    say("Removing what is left of the old seals")
    try:
        database.backend.compact(tables)
    except Exception as error:  # noqa: BLE001 - of either database, such as a full disk; the rest is done
        say(f"That could not be done ({error}): until the database is vacuumed, a copy of it opens with the old key.")


# -- checking


@dataclass(frozen=True)
class Report:
    """`sealed` counts texts by their key; `faults` are sentences."""

    key: str
    source: str
    sealed: Counter[str]
    is_unfinished: bool
    faults: list[str]
    losses: list[Loss]

    def lines(self) -> Iterator[str]:
        yield f"The master key {self.key} of {self.source} fits the data."
        for key, count in sorted(self.sealed.items()):
            yield f"  sealed under {key}: {count:,}"
        if self.is_unfinished:
            yield "An older key is still needed: the server seals everything anew while it works."
        yield from self.faults
        yield from (f"It does not open {loss}." for loss in self.losses)


def checked(settings: Settings) -> Report:
    """Reads only, also while the server runs. Invalid when the key does not fit at all."""
    source = KeySource.of(settings)
    key = source.known()
    _refuse_without_data(settings)
    with data_beside(settings, key) as database:
        with database.read() as session:
            if not fits(session, key):
                raise Invalid(
                    f"The master key {key.id} of {source.name} does not fit: the data needs {wanted_key(session)}."
                )
            sealed, is_open = _counted(session), is_unfinished(session)
        faults = [] if source.given else list(source.file.faults())
        return Report(key.id, source.name, sealed, is_open, faults, list(unreadable(database)))


def _counted(session: Session) -> Counter[str]:
    counted: Counter[str] = Counter()

    def count(sealed: str) -> str:
        counted[f"the key {sealed[3:15]}" if sealed.startswith("v2:") else _OLD_FORM] += 1
        return sealed

    for found in everything(session.connection, places(session.connection, metadata)):
        replace_sealed(found.text, count)
    return counted


# -- losing


def lose(settings: Settings, say: Say, *, is_confirmed: bool) -> None:
    """Lets an installation work again whose key is lost: a new key, and all that the old one had sealed is cleared.

    Without a confirmation nothing is changed; the first step, the new key, is told only.
    """
    source = KeySource.of(settings)
    if not is_confirmed:
        _tell_losses(_looked_at(settings, source), say, "would be cleared")
        return
    with _resting(settings, partial(_accepted, source), _adopted) as database:
        forgotten = database.write_now(forget_unreadable)
        database.recorder = _recorder(database)
        database.write_now(_told)
        losses = chain(map(lost_fact, forgotten), clear_unreadable(database))
        _tell_losses(losses, say, "is cleared")
        say(f"The master key is {database.vault.key.id} of {source.name}.")


def _told(session: Session) -> None:
    tell(session, f"The master key was lost, and what it opened is cleared; {session.vault.key.id} is the new one")


def _looked_at(settings: Settings, source: KeySource) -> Iterator[Loss]:
    """Judged by the present key, if there is one: a key that fits has lost nothing."""
    _refuse_without_data(settings)
    with data_beside(settings, source.read() or MasterKey.new()) as database:
        yield from unreadable(database)


def _accepted(source: KeySource, session: Session) -> MasterKey:
    """The key that fits; or else the one of the settings, or a new one, and a file that does not fit is set aside."""
    try:
        return source.choose(session)
    except Invalid:
        key = source.read()
    if key is not None and source.given:
        return key
    if key is not None:
        source.file.path.replace(source.file.path.with_name(f"{source.file.path.name}.{key.id}"))
    new = MasterKey.new()
    source.file.write(new)
    return new


def _adopted(session: Session, key: MasterKey) -> None:
    """A key that fits is noted; any other takes the place of the lost one."""
    if fits(session, key):
        note_key(session, key)
    else:
        _refuse_while_nodes_live(session)
        adopt_key(session, key)


def _tell_losses(losses: Iterable[Loss], say: Say, what_happens: str) -> None:
    count, tasks = 0, set()
    for loss in losses:
        if loss.task_id:
            tasks.add(loss.task_id)
        else:
            say(f"Lost: {loss}")
            count += 1
    if tasks:
        say(f"Lost: what {len(tasks):,} tasks had kept; those that have not ended fail, and none can be resumed")
    elif not count:
        say("The master key opens everything; nothing is lost.")
        return
    say(f"Of {count + len(tasks):,} items, what cannot be read {what_happens}; everything else stays as it is.")
    if what_happens.startswith("would"):
        say("Nothing was changed: add --confirm to do it.")


# -- the data


@contextmanager
def _resting(
    settings: Settings,
    choose: Callable[[Session], MasterKey],
    note: Callable[[Session, MasterKey], None] = note_key,
) -> Iterator[Database]:
    """The data of servers none of which runs. Invalid when one does."""
    _refuse_without_data(settings)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = DataLock(settings.data)
    try:
        database = open_database(settings, choose, note=note)
        try:
            yield database
        finally:
            database.close()
    finally:
        lock.release()


def _recorder(database: Database) -> Recorder:
    return Recorder(Chain(database.write_now(load_installation).audit_key))


def _refuse_without_data(settings: Settings) -> None:
    if not settings.database_url and not (settings.data / "polpo.db").exists():
        raise Invalid(f"There is no data of a server in {settings.data}; name its folder by --data-dir.")


def _refuse_while_nodes_live(session: Session) -> None:
    if session.connection.dialect.name != "postgresql":
        return  # the lock of the data folder has been taken
    if names := beating(session):
        raise Conflict(f"Stop the other nodes first, they still use the old key: {', '.join(names)}.")
