"""A PostgreSQL of the tests' own: in a temporary folder, on a free port of this machine, gone with the session.

Where its programs are not installed, the tests that want it are skipped and say so; in CI they fail.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

ROLE = "polpo"
#: What losing the machine may cost is of no interest here; the speed is.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=200")


class Postgres:
    """One server. `create` gives a new, empty database; the role owns it and is no superuser."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], folder: Path, user: int | None) -> None:
        self.port = port
        self.user = user
        self.process = process
        self.folder = folder
        self._made = 0

    def url(self, database: str, role: str = ROLE) -> str:
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database, "postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def cut_off(self, application: str) -> None:
        """Ends all sessions of that name."""
        sessions = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(sessions, [application])

    def create(self) -> str:
        """The new database's name."""
        self._made += 1
        name = f"test_{self._made}"
        self.execute(f"CREATE DATABASE {name} OWNER {ROLE}")
        return name

    def drop(self, name: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def remember(self, name: str) -> None:
        """Keeps what the tables hold now, for `reset`."""
        self.execute(_REMEMBER, name)

    def reset(self, name: str) -> None:
        """The tables hold what they held when it was told to remember, or nothing. Faster than a copy by ten times."""
        self.execute(_RESET, name)


_REMEMBER = """
CREATE SCHEMA kept;
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', one.name);
  END LOOP;
END $$
"""
_RESET = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT p.tablename AS name, k.tablename IS NOT NULL AS kept FROM pg_tables p
    LEFT JOIN pg_tables k ON k.schemaname = 'kept' AND k.tablename = p.tablename WHERE p.schemaname = 'public'
  LOOP
    EXECUTE format('DELETE FROM public.%I', one.name);
    IF one.kept THEN
      EXECUTE format('INSERT INTO public.%1$I SELECT * FROM kept.%1$I', one.name);
    END IF;
  END LOOP;
END $$
"""


@contextmanager
def postgres(*settings: str) -> Iterator[Postgres]:
    """Runs a server, without durability unless `settings` (name=value) say otherwise."""
    _program("initdb")
    folder = Path(tempfile.mkdtemp(prefix="polpo-pg-"))
    as_user = _unprivileged(folder)
    data = folder / "data"
    _run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N", as_user=as_user)
    server = start(folder, _free_port(), *settings, as_user=as_user)
    try:
        server.execute(f"CREATE ROLE {ROLE} LOGIN")
        yield server
    finally:
        server.process.send_signal(signal.SIGINT)  # ends without waiting for those who are connected
        server.process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path, port: int, *settings: str, as_user: int | None = None) -> Postgres:
    """Starts the server on data that is there already; returns when it answers."""
    options = [part for one in settings or _FAST for part in ("-c", one)]
    command = [_program("postgres"), "-D", folder / "data", "-p", str(port), "-k", folder, *options]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [*map(str, command), "-c", "listen_addresses=127.0.0.1"], stdout=log, stderr=log, user=as_user, cwd=folder
        )
    server = Postgres(port, process, folder, as_user)
    deadline = time.monotonic() + 60
    while True:
        try:
            server.execute("SELECT 1")
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}") from None
            time.sleep(0.02)
        else:
            return server


def _unprivileged(folder: Path) -> int | None:
    """PostgreSQL refuses to run as root; None when we are not."""
    if os.geteuid() != 0:
        return None
    names = {one.pw_name: one for one in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return user.pw_uid


def _run(program: str, *arguments: object, as_user: int | None) -> None:
    command = [_program(program), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, user=as_user, cwd="/", check=False)
    if done.returncode:
        raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}")


def _program(name: str) -> str:
    """Debian keeps the server's programs out of PATH, in a folder for each version."""
    found = shutil.which(name)
    if found is None:
        folders = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
        if not folders:
            missing = f"{name} is not installed; install Debian's package 'postgresql'."
            if os.environ.get("CI"):
                raise RuntimeError(missing)
            pytest.skip(missing)
        found = str(folders[-1])
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
