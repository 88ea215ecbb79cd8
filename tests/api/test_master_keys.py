"""Replacing the master key of an installation that keeps secrets of every kind, and living on without it."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
import zlib
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from tests.api.conftest import create
from tests.api.test_secrets import MARK, fill_project, plain_documents, run_once, tenant_values, tenanted_shop
from tests.conftest import API_KEY, PASSWORD

from polpo.features.accounts.resource import ACCOUNTS
from polpo.features.environmentstates.resource import ENVIRONMENT_STATES, EnvironmentState
from polpo.features.masterkeys.resealing import Resealing, is_unfinished, seal_some
from polpo.features.openidconnect.resource import SIGN_IN_ATTEMPTS, SignInAttempt
from polpo.features.subjecttokens.keys import ensure_key
from polpo.kernel.errors import AppError, Invalid
from polpo.kernel.masterkeys import KeyFile
from polpo.kernel.secrets import MasterKey
from polpo.server.application import Server, assemble
from polpo.server.auditing import verify_trail
from polpo.server.masterkeys import checked, lose, rotate, shown_key
from polpo.server.settings import Settings
from polpo.store.documents import SensitiveValue
from polpo.store.kinds import metadata
from polpo.store.sealing import places
from polpo.store.session import Session

_SEALED = re.compile(rb"v1:[A-Za-z0-9+/]{40}|v2:([0-9a-f]{12}):")


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[tuple[Server, httpx.AsyncClient]]:
    server = assemble(settings)
    await server.start()
    await server.works.newcomers.close()
    transport = httpx.ASGITransport(server.application)  # type: ignore[arg-type]
    headers = {"X-Octopus-ApiKey": API_KEY}
    async with httpx.AsyncClient(transport=transport, base_url="http://polpo.test", headers=headers) as client:
        yield server, client
    await server.close()


@pytest.fixture(scope="module")
def full_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data with secrets of every kind, in every place that keeps them."""
    folder = tmp_path_factory.mktemp("full") / "data"
    first = {"admin_password": PASSWORD, "admin_api_key": API_KEY}
    settings = Settings(data_dir=str(folder), agent_listen="127.0.0.1:0", **first)
    with ThreadPoolExecutor(1) as thread:  # for a loop of its own
        thread.submit(lambda: asyncio.run(_fill(settings))).result()
    return folder


async def _fill(settings: Settings) -> None:
    async with running(settings) as (server, client):
        project = await create(
            client, "projects", Name="Web Shop", ProjectGroupId="ProjectGroups-1", LifecycleId="Lifecycles-1"
        )
        shop = await tenanted_shop(client, server)
        assert [document async for document in plain_documents(client)]
        await fill_project(client, project, text=MARK)
        await tenant_values(client, text=MARK)
        await run_once(shop)
        script = {"ScriptBody": "true", "Syntax": "Bash", "TargetType": "OctopusServer"}
        template = {"Name": "t", "ActionType": "Octopus.Script", "Parameters": [{"Name": "Key"}]}
        body = {"Octopus.Action.Script.ScriptBody": "true", "Octopus.Action.Script.Syntax": "Bash"}
        made = await create(client, "actiontemplates", **template, Properties=body)
        script |= {"ActionTemplateId": made["Id"], "Properties": {"Key": {"HasValue": True, "NewValue": MARK}}}
        await shop.ended((await create(client, "tasks", Name="AdHocScript", Arguments=script))["Id"])
        await ensure_key(server.database)
        server.database.write_now(_keep_state)
        mail = {"SmtpHost": "h", "SmtpLogin": "l", "SmtpPassword": {"HasValue": True, "NewValue": MARK}}
        assert (await client.put("/api/smtpconfiguration", json=mail)).status_code == 200


def _keep_state(session: Session) -> None:
    secret = SensitiveValue(has_value=True, new_value=MARK)
    place = {"project_id": "Projects-1", "environment_id": "Environments-1", "tenant_id": None}
    session.insert(ENVIRONMENT_STATES, EnvironmentState(space_id="Spaces-1", name="k", secret=secret, **place))
    session.insert(SIGN_IN_ATTEMPTS, SignInAttempt(verifier=secret, expires=session.clock.now()))


@pytest.fixture
def settings(tmp_path: Path, full_folder: Path) -> Settings:
    shutil.copytree(full_folder, tmp_path / "data")
    return Settings(data_dir=str(tmp_path / "data"), agent_listen="127.0.0.1:0")


def every_value(database: Path) -> Iterator[tuple[str, bytes]]:
    """Of every column of every table, whatever anybody says of it; also what is deflated."""
    with sqlite3.connect(database) as connection:
        for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in connection.execute(f'select * from "{table}"'):  # noqa: S608
                for value in row:
                    if isinstance(value, str | bytes):
                        raw = value.encode() if isinstance(value, str) else value
                        yield table, _inflated(raw)


def _inflated(raw: bytes) -> bytes:
    """What is deflated, and what only begins as if it were, such as a hash."""
    try:
        return zlib.decompress(raw)
    except zlib.error:
        return raw


def seals(settings: Settings) -> dict[str, set[str]]:
    """The ids of the keys by the tables with texts that are sealed under them; empty for the form without an id."""
    found: dict[str, set[str]] = {}
    for table, value in every_value(settings.data / "polpo.db"):
        for match in _SEALED.finditer(value):
            found.setdefault(table, set()).add((match[1] or b"").decode())
    return found


def _old_id(settings: Settings) -> str:
    return MasterKey.from_text(shown_key(settings), "").id


def _opens(content: bytes, old: MasterKey) -> bool:
    return f"v2:{old.id}:".encode() in content or re.search(rb"v1:[A-Za-z0-9+/]{40}", content) is not None


async def test_replacing_the_key_seals_everything_anew(settings: Settings) -> None:
    old, before = KeyFile(settings.key_file).read(), seals(settings)
    assert old is not None
    engine = sa.create_engine(settings.database)
    with engine.connect() as connection:
        declared = {place.column.table.name for place in places(connection, metadata)}
    engine.dispose()
    unused = {"master_key", "worker"}  # of the first there are no rows now; no worker has an endpoint with a password
    assert set(before) <= declared
    assert declared - set(before) <= unused, "a kind that may hold secrets has none in this test: add one"
    said: list[str] = []

    rotate(settings, None, said.append)

    new = KeyFile(settings.key_file).read()
    assert new is not None
    assert new.id != old.id
    assert seals(settings) == {table: {new.id} for table in before}
    assert said[-1] == "Everything is sealed under the new key, and the old one is forgotten."
    left = [path.name for path in settings.data.rglob("*") if path.is_file() and _opens(path.read_bytes(), old)]
    assert left == [], "free pages of the database hold what the old key opens"
    assert checked(settings).losses == []
    assert verify_trail(settings).faults == []
    async with running(settings) as (server, client):
        with server.database.read() as session:
            accounts = session.all(ACCOUNTS)
            assert MARK in {session.reveal(one.token or one.password) for one in accounts}
        trail = (await client.get("/api/events?eventCategories=MasterKeyRotated")).json()["Items"]
        assert [old.id in one["Message"] and new.id in one["Message"] for one in trail] == [True, True]
    settings.key_file.write_text(old.to_text())
    raw = (settings.data / "polpo.db").read_bytes()
    with pytest.raises(Invalid, match=f"it is the key {old.id}, and the data needs the key {new.id}. Nothing was"):
        assemble(settings)
    assert (settings.data / "polpo.db").read_bytes() == raw


async def test_the_server_seals_the_rest_anew_and_no_secret_looks_changed(settings: Settings) -> None:
    old = _old_id(settings)
    rotate(settings, None, lambda _text: None, leaves_rest=True)
    assert _old_id(settings) != old
    assert seals(settings)["account"] == {old}
    async with running(settings) as (server, client):
        await server.works.close()
        account = (await client.get("/api/Spaces-1/accounts?partialName=token")).json()["Items"][0]
        assert (await client.put(account["Links"]["Self"], json=account | {"Description": "x"})).status_code == 200
        await Resealing(server.database).round()
        [changed] = (await client.get(f"/api/events?regarding={account['Id']}&eventCategories=Modified")).json()[
            "Items"
        ]
        assert "secret" not in str(changed["ChangeDetails"]["Differences"])
        with server.database.read() as session:
            assert not is_unfinished(session)
    assert {one for found in seals(settings).values() for one in found} == {_old_id(settings)}


@pytest.mark.parametrize("stretches", [5])
def test_a_replacing_that_is_killed_goes_on(settings: Settings, stretches: int) -> None:
    rotate(settings, None, lambda _text: None, leaves_rest=True)
    server = assemble(settings)
    for _ in range(stretches):
        seal_some(server.database)
    server.database.close()
    server.lock.release()

    assert checked(settings).losses == []
    rotate(settings, None, lambda _text: None)
    assert {one for found in seals(settings).values() for one in found} == {_old_id(settings)}


def test_the_key_that_the_database_wants_is_on_the_disk_before_it_wants_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _old_id(settings)

    def killed(_self: KeyFile) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(KeyFile, "turn", killed)
        with pytest.raises(KeyboardInterrupt):
            rotate(settings, None, lambda _text: None)
    assert _old_id(settings) == old
    server = assemble(settings)
    server.database.close()
    server.lock.release()
    assert _old_id(settings) != old
    assert checked(settings).is_unfinished
    KeyFile(settings.key_file).write_next(MasterKey.new())  # of one that was killed before it told the database
    rotate(settings, None, lambda _text: None)
    assert checked(settings).losses == []


async def test_a_lost_key_costs_the_secrets_and_nothing_else(settings: Settings) -> None:
    settings.key_file.unlink()
    with pytest.raises(Invalid, match="This node has no master key"):
        assemble(settings)
    said: list[str] = []
    lose(settings, said.append, is_confirmed=False)
    assert not settings.key_file.exists()
    assert any(line.startswith("Lost: the account 'token' (Accounts-") for line in said)
    assert said[-1] == "Nothing was changed: add --confirm to do it."
    told = [line for line in said if line.startswith("Lost")]
    said.clear()

    lose(settings, said.append, is_confirmed=True)

    assert sorted(line for line in said if line.startswith("Lost")) == sorted(told)
    listing = "\n".join(told)
    for expected in (
        "the variable set variableset-Projects-1 in Spaces-1: Variables 'Word' Secret",
        "the proxy 'proxy'",
        "the key of the audit trail",
        "the certificate of the server, by which agents know it",
        "Lost: what 3 tasks had kept; those that have not ended fail",
        "the certificate 'shop' (Certificates-1) in Spaces-1: CertificateData, Password",
    ):
        assert expected in listing
    assert checked(settings).losses == []
    assert verify_trail(settings).faults == []
    async with running(settings) as (_, client):
        [account] = (await client.get("/api/Spaces-1/accounts?partialName=token")).json()["Items"]
        assert account["Token"] == {"HasValue": False, "NewValue": None, "Hint": None}
        variables = (await client.get("/api/Spaces-1/variables/variableset-Projects-1")).json()["Variables"]
        assert [one["Name"] for one in variables] == ["Word", "Asked"]
        assert (await client.get("/api/users/me")).status_code == 200  # what people sign in with is not sealed
    said.clear()
    lose(settings, said.append, is_confirmed=True)
    assert said[0] == "The master key opens everything; nothing is lost."


async def test_a_copy_of_the_data_without_the_key_opens_nothing(settings: Settings, tmp_path: Path) -> None:
    """What a backup is that leaves out the master key."""
    KeyFile(settings.key_file).path.unlink()
    settings = Settings(data_dir=settings.data_dir, master_key=MasterKey.new().to_text())
    with pytest.raises(Invalid, match="The master key of POLPO_MASTER_KEY is not the one"):
        assemble(settings)
    for name, value in every_value(settings.data / "polpo.db"):
        assert MARK.encode() not in value, name
    said: list[str] = []
    lose(settings, said.append, is_confirmed=False)
    assert any("the account 'token'" in line for line in said)


def test_a_key_of_the_settings_is_replaced_by_a_named_file(settings: Settings, tmp_path: Path) -> None:
    present = Settings(data_dir=settings.data_dir, master_key=shown_key(settings))
    settings.key_file.unlink()
    with pytest.raises(Invalid, match="name a file by --new-key-file"):
        rotate(present, None, lambda _text: None)
    rotate(present, tmp_path / "new.key", lambda _text: None)
    with pytest.raises(Invalid, match="is not the one that this data was written with"):
        assemble(present)
    new = Settings(data_dir=settings.data_dir, master_key_file=str(tmp_path / "new.key"))
    assert checked(new).losses == []
    with pytest.raises(Invalid, match="is the present one"):
        rotate(new, tmp_path / "new.key", lambda _text: None)


async def test_a_key_is_not_replaced_under_a_running_server(settings: Settings) -> None:
    async with running(settings):
        for work in (
            lambda: rotate(settings, None, lambda _text: None),
            lambda: lose(settings, lambda _text: None, is_confirmed=True),
        ):
            with pytest.raises(AppError, match="Another server"):
                work()
        assert any("fits the data" in line for line in checked(settings).lines())


def test_a_folder_without_data_is_left_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path / "none"))
    for work in (
        lambda: rotate(settings, None, lambda _text: None),
        lambda: lose(settings, lambda _text: None, is_confirmed=True),
        lambda: checked(Settings(data_dir=settings.data_dir, master_key=MasterKey.new().to_text())),
    ):
        with pytest.raises(Invalid, match="There is no data of a server"):
            work()
    with pytest.raises(Invalid, match="There is no master key"):
        shown_key(settings)
    assert not (tmp_path / "none").exists()
