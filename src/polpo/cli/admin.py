"""`polpo admin`: what is done to the data of an installation from outside of its server."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import cyclopts

from polpo.cli.masterkeys import keys
from polpo.cli.passwords import reset_password
from polpo.cli.verifying import verify_audit

admin = cyclopts.App(name="admin", help="Work on the data of a server.")
admin.command(keys, name="*")
admin.command(verify_audit)
admin.command(reset_password)


@admin.command
def generate(
    *,
    data_dir: str | None = None,
    projects: int = 1_000,
    releases: int = 10_000,
    tenants: int = 500,
    machines: int = 2_000,
    events: int = 1_000_000,
    environments: int = 5,
    seed: int = 1,
    settings: Annotated[Path | None, cyclopts.Parameter(name=["--settings", "-s"])] = None,
) -> None:
    """Fill an empty data folder with a large installation that is made up, to try Polpo at that size.

    Parameters
    ----------
    data_dir
        The folder to fill; it must not have projects yet.
    projects, releases, tenants, machines, events, environments
        How many of each.
    seed
        The same seed makes the same data.
    settings
        A TOML file with the server's settings.
    """
    from polpo.server.generation import Amounts, generate
    from polpo.server.settings import load_settings

    began = time.monotonic()

    def say(text: str) -> None:
        sys.stderr.write(f"[{time.monotonic() - began:6.1f} s] {text}\n")

    amounts = Amounts(
        projects=projects,
        releases=releases,
        tenants=tenants,
        machines=machines,
        events=events,
        environments=environments,
        seed=seed,
    )
    loaded = load_settings({"data_dir": data_dir}, os.environ, settings)
    generate(loaded, amounts, say)
    say(f"Done: start it with `polpo server --data-dir {loaded.data_dir}`")
