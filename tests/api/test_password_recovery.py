"""`polpo admin reset-password`: letting somebody in again when nobody can sign in."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import httpx
import pytest
from tests.api.test_signing_in import WRONG, sign_in, told
from tests.conftest import API_KEY, QUICK

from polpo.cli.main import app
from polpo.features.users.passwords import Passwords
from polpo.kernel.errors import AppError
from polpo.server.application import Server, assemble
from polpo.server.recovering import reset_password
from polpo.server.settings import Settings


def _caller(server: Server) -> httpx.AsyncClient:
    server.parts.get(Passwords).hasher = QUICK
    transport = httpx.ASGITransport(server.application)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://polpo.test")


def reset_by_command(name: str, settings: Settings, *more: str) -> None:
    with pytest.raises(SystemExit) as ended:
        app(["admin", "reset-password", name, "--data-dir", settings.data_dir, *more])
    assert ended.value.code in {0, None}


async def test_who_is_kept_out_by_everything_is_let_in_again(
    server_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    key = {"X-Octopus-ApiKey": API_KEY}
    before = assemble(server_settings)
    async with _caller(before) as caller:
        await sign_in(caller)
        session = dict(caller.cookies)
        caller.cookies.clear()
        for _ in range(5):
            await sign_in(caller, password=WRONG)
        off = await caller.put(
            "/api/configuration/authentication-usernamepassword/values", json={"IsEnabled": False}, headers=key
        )
        assert off.status_code == 200
    await before.close()

    reset_by_command("Admin", server_settings)

    password = capsys.readouterr().out.strip()
    after = assemble(server_settings)
    async with _caller(after) as caller:
        assert (await sign_in(caller, password=password)).status_code == 200
        caller.cookies.clear()
        caller.headers.update(key)
        [event] = await told(caller, "PasswordReset")
        del caller.headers["X-Octopus-ApiKey"]
        caller.cookies = httpx.Cookies(session)
        assert (await caller.get("/api/users/me")).status_code == 401
    await after.close()
    assert len(password) == 20
    assert event["Message"] == "The command line set a new password for admin."
    assert (event["Username"], event["IdentityEstablishedWith"]) == ("system", "command line")


def test_the_password_can_be_given_but_not_on_the_command_line(
    server_settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("four words and more\n"))

    reset_by_command("admin", server_settings, "--stdin")

    assert capsys.readouterr().out == "admin can sign in again.\n"


def test_what_cannot_be_done_is_told_in_a_sentence(server_settings: Settings, tmp_path: Path) -> None:
    nowhere = Settings(data_dir=str(tmp_path / "nowhere"))
    for settings, name, password, fault in (
        (server_settings, "nobody", None, "There is no user called 'nobody'."),
        (server_settings, "admin", "password", "guessed first"),
        (nowhere, "admin", None, "There is no database"),
    ):
        with pytest.raises(AppError, match=fault):
            reset_password(settings, name, password)
    assert not (tmp_path / "nowhere").exists()


async def test_a_running_server_is_left_alone(server: Server, server_settings: Settings) -> None:
    with pytest.raises(AppError, match="works with the data folder"):
        reset_password(server_settings, "admin")
