"""Offline package drops: nothing reaches them, and what is known of them goes into their bundles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from polpo.features.machines.resource import MACHINES
from polpo.kernel.errors import TaskError
from polpo.server.places import Notify
from polpo.steps.bundling import Drop
from polpo.steps.places import MachineAddress
from polpo.store.database import Database
from polpo.transports.offline import OfflineTransport
from polpo.transports.transport import Transport


def way_to_offline_drops(machine: MachineAddress, _notify: Notify | None) -> Transport:
    return OfflineTransport(machine.name)


class OfflineDrops:
    """Looks drops up in the database. Bundles are made below `spool`, and go into folders below `roots` only."""

    def __init__(self, database: Database, spool: Path, roots: Sequence[Path] = ()) -> None:
        self._database = database
        self._roots = tuple(root.resolve() for root in roots)
        self.spool = spool

    async def look_up(self, machine_id: str) -> Drop:
        with self._database.read() as session:
            machine = session.find(MACHINES, machine_id)
            if machine is None:
                raise TaskError("The offline package drop was deleted before its bundle was made.")
            endpoint = machine.endpoint
            destination = endpoint.destination
            is_folder = destination is not None and destination.destination_type == "FileSystem"
            sealed = endpoint.sensitive_variables_encryption_password
            return Drop(
                name=machine.name,
                password=(session.reveal(sealed) or "") if sealed else "",
                home=endpoint.octopus_working_directory or "",
                applications=endpoint.applications_directory or "",
                folder=self._checked(destination.drop_folder_path or "")
                if destination is not None and is_folder
                else None,
            )

    def _checked(self, folder: str) -> str:
        """Whoever may edit a target names a folder, but must not have the server write wherever it can."""
        place = Path(folder).resolve()
        if any(place.is_relative_to(root) for root in self._roots):
            return str(place)
        raise TaskError(
            f"The server does not write bundles to the drop folder {folder}: it is in none of the folders that the"
            " setting drop_folders names. An administrator of the server can add it there."
        )
