"""The proof of the audit trail: its head, and its verification beside a running server."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from tests.api.conftest import create

from polpo.cli.verifying import verify_audit
from polpo.features.events.chain import Link
from polpo.features.events.tables import event
from polpo.kernel.errors import Invalid
from polpo.server.application import Server
from polpo.server.auditing import verify_trail
from polpo.server.settings import Settings


async def test_the_trail_is_verified_beside_its_server(client: httpx.AsyncClient, server: Server) -> None:
    head = (await client.get("/api/events/head")).json()
    await create(client, "environments", Name="Production")

    verdict = verify_trail(server.settings, Link.from_text(head["Text"]))

    assert (verdict.faults, verdict.checked) == ([], head["Number"] + 1)
    assert verdict.notes == [f"The head that you kept, Events-{head['Number']}, is in the trail."]
    newer = (await client.get("/api/events/head")).json()
    assert verdict.head is not None
    assert newer == {
        "Id": f"Events-{head['Number'] + 1}",
        "Number": head["Number"] + 1,
        "Hash": verdict.head.hash.hex(),
        "Text": str(verdict.head),
    }


async def test_the_command_tells_of_what_was_altered_and_fails(
    client: httpx.AsyncClient,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = (await client.get("/api/events/head")).json()["Number"]
    monkeypatch.setenv("POLPO_DATABASE_URL", server.settings.database_url)
    verify_audit(data_dir=server.settings.data_dir)
    assert f"Verified: {number} events, 0 faults.\nhead   {number}:" in capsys.readouterr().out
    hide = sa.update(event).where(event.c.seq == number).values(category="Deleted")
    await server.database.write(lambda session: session.connection.execute(hide).close())

    with pytest.raises(SystemExit) as ended:
        verify_audit(data_dir=server.settings.data_dir)

    assert ended.value.code == 1
    assert f"FAULT  Events-{number} was altered: its column category" in capsys.readouterr().out


def test_what_is_not_there_is_neither_verified_nor_made(tmp_path: Path, server_settings: Settings) -> None:
    if not server_settings.database_url:
        with pytest.raises(Invalid, match="There is no database"):
            verify_trail(Settings(data_dir=str(tmp_path / "nowhere")))
        assert not (tmp_path / "nowhere").exists()
    (server_settings.data / "master.key").unlink()
    with pytest.raises(Invalid, match="without the master key"):
        verify_trail(server_settings)
    assert not (server_settings.data / "master.key").exists()
    with pytest.raises(Invalid, match="is no head of the audit trail"):
        Link.from_text("17:abc")
