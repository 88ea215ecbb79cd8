"""`polpo admin`, the words about the master key."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import cyclopts

if TYPE_CHECKING:
    from polpo.server.settings import Settings

SettingsFile = Annotated[Path | None, cyclopts.Parameter(name=["--settings", "-s"])]

keys = cyclopts.App(name="keys")


@keys.command
def show_master_key(*, data_dir: str | None = None, settings: SettingsFile = None) -> None:
    """Print the master key, to be kept in a safe place apart from the backups.

    Parameters
    ----------
    data_dir
        The server's data folder.
    settings
        A TOML file with the server's settings.
    """
    from polpo.server.masterkeys import shown_key

    sys.stdout.write(f"{shown_key(_loaded(data_dir, None, settings))}\n")


@keys.command
def check_master_key(
    *, data_dir: str | None = None, database_url: str | None = None, settings: SettingsFile = None
) -> None:
    """Tell whether the master key fits the data and opens everything; also while the server runs.

    Ends with 1 when something cannot be opened.

    Parameters
    ----------
    data_dir
        The server's data folder.
    database_url
        Where the database is; a SQLite file in the data folder unless told.
    settings
        A TOML file with the server's settings.
    """
    from polpo.server.masterkeys import checked

    report = checked(_loaded(data_dir, database_url, settings))
    for line in report.lines():
        _say(line)
    if report.losses:
        sys.exit(1)


@keys.command
def rotate_master_key(
    *,
    data_dir: str | None = None,
    database_url: str | None = None,
    new_key_file: Path | None = None,
    leave_to_server: bool = False,
    settings: SettingsFile = None,
) -> None:
    """Replace the master key of servers that rest, and seal everything anew under the new one.

    It can be killed at any moment: the data opens with the old key or with the new one, and what is left is done by the
    server.

    Parameters
    ----------
    data_dir
        The server's data folder.
    database_url
        Where the database is; a SQLite file in the data folder unless told.
    new_key_file
        The file with the new key; it is made when there is none. Needed where the key is in POLPO_MASTER_KEY.
    leave_to_server
        Only put the new key in its place; the server seals everything anew while it works.
    settings
        A TOML file with the server's settings.
    """
    from polpo.server.masterkeys import rotate

    rotate(_loaded(data_dir, database_url, settings), new_key_file, _say, leaves_rest=leave_to_server)


@keys.command(name=["lost-master-key", "recover"])
def lost_master_key(
    *,
    data_dir: str | None = None,
    database_url: str | None = None,
    confirm: bool = False,
    settings: SettingsFile = None,
) -> None:
    """Make an installation work again whose master key is lost: list and clear what cannot be read any more.

    A new key takes the place of the lost one. Secrets are to be entered again; nothing else is lost.

    Parameters
    ----------
    data_dir
        The server's data folder.
    database_url
        Where the database is; a SQLite file in the data folder unless told.
    confirm
        Do it; without, what would be lost is told and nothing is changed.
    settings
        A TOML file with the server's settings.
    """
    from polpo.server.masterkeys import lose

    lose(_loaded(data_dir, database_url, settings), _say, is_confirmed=confirm)


def _loaded(data_dir: str | None, database_url: str | None, settings: Path | None) -> Settings:
    from polpo.server.settings import load_settings

    return load_settings({"data_dir": data_dir, "database_url": database_url}, os.environ, settings)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
