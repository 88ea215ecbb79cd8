"""`polpo`: one program, one word a part."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import cyclopts

from polpo.cli.admin import admin
from polpo.cli.agent import agent
from polpo.kernel.errors import AppError
from polpo.version import __version__

app = cyclopts.App(name="polpo", version=__version__, help="Deployment automation server.")
app.command(agent)
app.command(admin)


@app.command
def server(
    *,
    listen: str | None = None,
    agent_listen: str | None = None,
    data_dir: str | None = None,
    database_url: str | None = None,
    blob_url: str | None = None,
    node_name: str | None = None,
    task_cap: int | None = None,
    log_level: str | None = None,
    settings: Annotated[Path | None, cyclopts.Parameter(name=["--settings", "-s"])] = None,
) -> None:
    """Run the server until it is told to stop (Ctrl-C or SIGTERM).

    Parameters
    ----------
    listen
        host:port of the REST API.
    agent_listen
        host:port where polling agents connect.
    data_dir
        Folder for the database, the blobs and the master key.
    database_url
        Where the database is; a SQLite file in the data folder unless told. Several servers can share a PostgreSQL.
    blob_url
        Where packages and logs are; a folder in the data folder unless told.
    node_name
        What this server is called among several on one PostgreSQL; the machine's name unless told.
    task_cap
        How many tasks run at once.
    log_level
        debug, info, warning or error.
    settings
        A TOML file with the same names.
    """
    from polpo.server.main import serve
    from polpo.server.settings import forget_secrets, load_settings

    flags = {
        "listen": listen,
        "agent_listen": agent_listen,
        "data_dir": data_dir,
        "database_url": database_url,
        "blob_url": blob_url,
        "node_name": node_name,
        "task_cap": task_cap,
        "log_level": log_level,
    }
    loaded = load_settings(flags, os.environ, settings)
    forget_secrets()
    asyncio.run(serve(loaded))


def main() -> None:
    """The entry point: an expected error is one sentence and exit code 1, never a stack trace."""
    try:
        app()
    except AppError as error:
        sys.stderr.write(f"polpo: {error.message}\n")
        if error.help_text:
            sys.stderr.write(f"       {error.help_text}\n")
        sys.exit(1)
