"""This server as one node of several on a shared database: its name, its joining and leaving, and its hard end."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from polpo.engine import Engine, lose_node
from polpo.features.masterkeys.ring import wanted_key
from polpo.kernel.errors import Invalid
from polpo.server.settings import Settings
from polpo.store.database import Database

if TYPE_CHECKING:
    from polpo.engine.liveness import Liveness

log = structlog.get_logger("polpo.nodes")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_EXIT_CODE = 70
_FILE = "node"  # in the data folder: the id of the last life of the node that it belongs to


def node_name(settings: Settings) -> str:
    """The name that was set, or the machine's; Invalid for one that cannot stand in addresses."""
    name = settings.node_name or socket.gethostname()[:40]
    if not _NAME.fullmatch(name):
        raise Invalid(
            f"A node cannot be called '{name}'; name it with --node-name: up to 40 letters, digits, dots, dashes and"
            " underscores, with a letter or a digit first."
        )
    return name


class Membership:
    """Nothing at all on a database of one process."""

    def __init__(
        self, settings: Settings, database: Database, engine: Engine, end_scripts: Callable[[], object]
    ) -> None:
        self._database = database
        self._engine = engine
        self._end_scripts = end_scripts
        self._file = settings.data / _FILE
        self._liveness = self._made(settings) if database.is_shared else None

    def join(self) -> None:
        """Invalid when another process has this node's name."""
        if self._liveness is None:
            return
        former = self._file.read_text().strip() if self._file.exists() else ""
        self._liveness.join(former)  # its process has ended: we hold the lock of the data folder
        self._refuse_replaced_key()
        replace_text(self._file, self._liveness.id + "\n")
        if ended := self._end_scripts():
            log.warning("scripts that the last life of this node left running were told to end", scripts=ended)

    def _refuse_replaced_key(self) -> None:
        """Only from now on do those who replace the master key see this node, and wait for its end."""
        with self._database.read() as session:
            wanted = wanted_key(session)
        if wanted != self._database.vault.key.id:
            raise Invalid(
                f"The master key was replaced while this node started: the data needs the key {wanted} now. Give it to"
                " this node, and start it again."
            )

    def leave(self) -> None:
        """Hands what runs here to the other nodes. Call it when nothing runs here any more."""
        if self._liveness is None:
            return
        self._liveness.leave()
        try:
            self._database.write_now(partial(lose_node, node=self._engine.node))
        except Exception:
            log.exception("the tasks of this node could not be handed over; the others take them over when they notice")

    def _made(self, settings: Settings) -> Liveness:
        from polpo.engine.liveness import Beats, Liveness, Load

        beats = Beats(settings.node_beat_seconds, settings.node_dead_seconds, settings.node_fence_seconds)
        engine = self._engine
        liveness = Liveness(
            self._database, engine.name, beats, lambda: Load(engine.cap, engine.is_draining), self._end_hard
        )
        engine.on_limits(liveness.beat_soon)
        return liveness

    def _end_hard(self, reason: str) -> None:
        """Without any clean-up that could write or wait: the others count on it."""
        try:
            log.critical("this node ends itself", node=self._engine.node, reason=reason)
            self._end_scripts()
            sys.stderr.flush()
        finally:
            os._exit(_EXIT_CODE)


def replace_text(path: Path, text: str) -> None:
    """The file has its old text or the new one, whatever happens."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text)
    beside.replace(path)
