"""Which master key a server uses: the one of the settings, or the one in a file; and whether it fits the data."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from polpo.features.masterkeys.ring import fits, holds_data, wanted_key
from polpo.kernel.errors import Invalid
from polpo.kernel.masterkeys import KeyFile
from polpo.kernel.secrets import MasterKey
from polpo.server.settings import Settings
from polpo.store.session import Session

log = structlog.get_logger("polpo.server")


@dataclass(frozen=True)
class KeySource:
    """`given` is the text of the settings; where there is one, no file counts."""

    given: str
    file: KeyFile

    @classmethod
    def of(cls, settings: Settings) -> KeySource:
        return cls(settings.master_key, KeyFile(settings.key_file))

    @property
    def name(self) -> str:
        return "POLPO_MASTER_KEY" if self.given else str(self.file.path)

    def read(self) -> MasterKey | None:
        """None when there is none yet."""
        return MasterKey.from_text(self.given, "POLPO_MASTER_KEY") if self.given else self.file.read()

    def known(self) -> MasterKey:
        """Invalid when there is none."""
        if (key := self.read()) is None:
            raise Invalid(
                f"There is no master key: POLPO_MASTER_KEY is not set, and there is no file {self.file.path}."
            )
        return key

    def choose(self, session: Session) -> MasterKey:
        """The key for this data; a new one, kept in the file, for data that is new. Invalid when it does not fit."""
        key = self.read()
        if key is None:
            return self._made(session)
        if not fits(session, key):
            return self._turned(session, key)
        if not self.given:
            for fault in self.file.faults():
                log.warning(fault)
        return key

    def _made(self, session: Session) -> MasterKey:
        if holds_data(session):
            raise Invalid(
                "This node has no master key, and the database was written with one that is elsewhere: give it that key"
                f" in POLPO_MASTER_KEY, or copy the file master.key of the first node to {self.file.path}.",
                help_text="If the key is lost, `polpo admin lost-master-key` tells what is lost with it.",
            )
        key = MasterKey.new()
        self.file.write(key)
        return key

    def _turned(self, session: Session, key: MasterKey) -> MasterKey:
        """Ends a replacing of the key that was killed between the database and the file."""
        following = None if self.given else self.file.read_next()
        if following is not None and fits(session, following):
            self.file.turn()
            log.warning("the master key that was about to be used is used now", key=following.id)
            return following
        wanted = wanted_key(session)
        raise Invalid(
            f"The master key of {self.name} is not the one that this data was written with: it is the key {key.id}, and"
            f" the data needs {f'the key {wanted}' if wanted else 'another one'}. Nothing was changed.",
            help_text="Give the server the key of this data; if it is lost, see `polpo admin lost-master-key`.",
        )
