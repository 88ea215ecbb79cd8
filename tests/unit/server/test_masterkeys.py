"""The words of `polpo admin` about the master key, and several nodes whose key is replaced."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.postgres import Postgres

from polpo.cli.main import app
from polpo.kernel.errors import Conflict, Invalid
from polpo.kernel.masterkeys import KeyFile
from polpo.kernel.secrets import MasterKey, Vault
from polpo.server.application import assemble
from polpo.server.masterkeys import checked, rotate
from polpo.server.settings import Settings
from polpo.store.database import Database

_PASSWORD = "correct horse battery"
_BEATS = """insert into cluster_node (id, name, started, beat, dead_after, cap, draining, state)
values ('b@1', 'b', 1, extract(epoch from clock_timestamp()) - :ago, 30, 5, false, 'alive')"""


def _made(settings: Settings) -> Settings:
    server = assemble(settings)
    server.database.close()
    server.lock.release()
    return settings


def _tell(*words: str) -> int | str | None:
    try:
        app(["admin", *words])
    except SystemExit as ended:
        return ended.code
    return 0


def test_the_words_about_the_master_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = _made(Settings(data_dir=str(tmp_path / "data"), admin_password=_PASSWORD))
    data = ("--data-dir", settings.data_dir)
    first = settings.key_file.read_text()
    assert {stat.S_IMODE(path.stat().st_mode) for path in settings.data.glob("polpo.db*")} == {0o600}
    assert _tell("show-master-key", *data) == 0
    assert capsys.readouterr().out == first
    assert _tell("rotate-master-key", *data) == 0
    assert "Everything is sealed under the new key" in capsys.readouterr().out
    assert _tell("check-master-key", *data) == 0
    assert "fits the data" in capsys.readouterr().out

    settings.key_file.write_text(first)
    with pytest.raises(Invalid, match="does not fit: the data needs"):
        _tell("check-master-key", *data)
    assert _tell("recover", *data) == 0
    assert "Nothing was changed: add --confirm" in capsys.readouterr().out
    assert _tell("lost-master-key", "--confirm", *data) == 0
    assert "Lost: the certificate of the server" in capsys.readouterr().out
    assert [path.name for path in settings.data.glob("master.key.*")] == [
        f"master.key.{MasterKey.from_text(first, '').id}"
    ]
    _made(settings)


def test_a_key_is_not_replaced_while_another_node_lives(postgresql: Postgres, tmp_path: Path) -> None:
    url, key = postgresql.url(postgresql.create()), MasterKey.new()
    of = {"database_url": url, "admin_password": _PASSWORD, "agent_listen": "127.0.0.1:0"}
    settings = _made(Settings(data_dir=str(tmp_path / "a"), master_key=key.to_text(), **of))
    with pytest.raises(Invalid, match="This node has no master key"):
        assemble(Settings(data_dir=str(tmp_path / "b"), **of))
    assert not (tmp_path / "b" / "master.key").exists()
    database = Database(url, Vault(key))
    database.write_now(lambda session: session.connection.execute(sa.text(_BEATS), {"ago": 0}))
    with pytest.raises(Conflict, match="Stop the other nodes first, they still use the old key: b"):
        rotate(settings, tmp_path / "new.key", lambda _text: None)
    assert checked(settings).losses == []
    database.write_now(lambda session: session.connection.execute(sa.text("update cluster_node set beat = beat - 60")))
    rotate(settings, tmp_path / "new.key", lambda _text: None)
    database.close()
    new = Settings(data_dir=str(tmp_path / "a"), master_key_file=str(tmp_path / "new.key"), **of)
    assert checked(new).losses == []
    assert KeyFile(tmp_path / "new.key").read() is not None


async def test_a_node_that_started_with_the_replaced_key_ends(postgresql: Postgres, tmp_path: Path) -> None:
    url, key = postgresql.url(postgresql.create()), MasterKey.new()
    of = {"database_url": url, "admin_password": _PASSWORD, "agent_listen": "127.0.0.1:0"}
    node = assemble(Settings(data_dir=str(tmp_path / "a"), master_key=key.to_text(), node_name="a", **of))
    try:
        other = Settings(data_dir=str(tmp_path / "b"), master_key=key.to_text(), node_name="b", **of)
        rotate(other, tmp_path / "new.key", lambda _text: None)
        with pytest.raises(Invalid, match="The master key was replaced while this node started"):
            await node.start()
    finally:
        await node.close()
