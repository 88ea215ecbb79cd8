"""`polpo admin reset-password`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import cyclopts


def reset_password(
    username: str,
    /,
    *,
    data_dir: str | None = None,
    stdin: bool = False,
    settings: Annotated[Path | None, cyclopts.Parameter(name=["--settings", "-s"])] = None,
) -> None:
    """Give a user a new password, when nobody can sign in who could do it in the portal. The server must not run.

    Prints the password, unless it was given. Ends the user's sessions and lock-out, makes the account active again,
    and lets people sign in by password if that was switched off.

    Parameters
    ----------
    username
        The user's name.
    data_dir
        The data folder of the server.
    stdin
        Read the password from the first line of the standard input, rather than make one up.
    settings
        A TOML file with the server's settings.
    """
    from polpo.server.recovering import reset_password
    from polpo.server.settings import load_settings

    given = sys.stdin.readline().rstrip("\r\n") if stdin else None
    chosen = reset_password(load_settings({"data_dir": data_dir}, os.environ, settings), username, given)
    sys.stdout.write(f"{username} can sign in again.\n" if given else f"{chosen}\n")
