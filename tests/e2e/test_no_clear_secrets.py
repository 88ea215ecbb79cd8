"""Nothing sensitive is in clear anywhere: while a deployment uses it, and in all that is left behind."""

from __future__ import annotations

import asyncio
import base64
import gzip
import secrets
import sqlite3
import time
import urllib.parse
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import story
from run import Demo
from tests.api import test_secrets as kinds

from polpo.engine.disguises import disguises, in_base64

_BOUND = 60
_SCRIPT = """\
word="$(get_octopusvariable Word)" asked="$(get_octopusvariable Asked)"
echo "plain $word, in base64 $(printf %s "$word" | base64), asked $asked"
echo "key $(get_octopusvariable Certificate.PrivateKeyPem) of $(get_octopusvariable Account.SecretKey)"
set_octopusvariable Made "$word-made" -sensitive
if [ "$(get_octopusvariable Octopus.Action.Name)" = wait ]; then
  touch "{folder}/begun"
  until [ -e "{folder}/go" ]; do sleep 0.1; done
fi
if [ "$(get_octopusvariable Octopus.Action.Name)" = fail ]; then fail_step "it was $word"; fi
"""


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> str:
    """What every secret of the test begins with; nothing else on this machine does."""
    mark = f"Hush/{secrets.token_hex(8)}+&'"
    monkeypatch.setattr(kinds, "MARK", mark)
    monkeypatch.setitem(kinds.SECRET, "NewValue", mark)
    return mark


def _forms(text: str) -> set[bytes]:
    """All in which it may lie somewhere: encoded, escaped, in other character sets."""
    forms = {form for form in disguises(text) if len(form) >= 12}
    raw = text.encode()
    forms |= {raw.hex(), raw.hex().upper(), urllib.parse.quote(urllib.parse.quote(text, safe=""), safe="")}
    return {form.encode() for form in forms} | {text.encode("utf-16-le")}


class Search:
    def __init__(self, *texts: str) -> None:
        self._forms = set[bytes]().union(*(_forms(text) for text in texts if text))

    def add(self, raw: bytes) -> None:
        self._forms |= {raw, raw.hex().encode(), *(one.encode() for one in in_base64(raw))}

    def finds(self, content: bytes) -> list[bytes]:
        return [content[max(at - 60, 0) : at + 20] for one in self._forms if (at := content.find(one)) >= 0]


def _inflated(content: bytes) -> bytes:
    try:
        return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else zlib.decompress(content)
    except (OSError, zlib.error, EOFError):
        return content


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each file, as it is and inflated; of a database each value, too."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        content = path.read_bytes()
        yield str(path), content
        yield f"{path} (inflated)", _inflated(content)
        if content.startswith(b"SQLite format 3"):
            yield from _values(path)


def _values(database: Path) -> Iterator[tuple[str, bytes]]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in connection.execute(f'select * from "{table}"'):  # noqa: S608
                for value in row:
                    if isinstance(value, bytes):
                        yield table, _inflated(value)


def _processes(demo: Demo) -> Iterator[tuple[str, bytes]]:
    """The words and the environment of each process of the installation."""
    own = {program.pid for program in demo.programs}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            words, place = (entry / "cmdline").read_bytes(), str((entry / "cwd").readlink())
            environment = (entry / "environ").read_bytes()
        except OSError:
            continue
        folder = str(demo.folder)
        if int(entry.name) in own or place.startswith(folder) or folder.encode() in words:
            yield f"words of process {entry.name} {words[:80]!r}", words
            yield f"environment of process {entry.name} {words[:80]!r}", environment


# -- the installation


def _fill_project(api: story.Api, demo: Demo, mark: str, account: str, certificate: str) -> None:
    """Waits on the agent, then runs on the server, then fails on the agent."""
    process = api.get("/projects/Projects-1/deploymentprocesses")
    process["Steps"] = [_step(demo, "wait", mark), _step(demo, "server", mark), _step(demo, "fail", mark)]
    api.put("/projects/Projects-1/deploymentprocesses", process)
    variables = api.get("/projects/Projects-1/variables")
    prompt = {"Label": "Asked", "DisplaySettings": {"Octopus.ControlType": "Sensitive"}}
    variables["Variables"] = [
        {"Name": "Word", "Type": "Sensitive", "IsSensitive": True, "Value": f"{mark}word"},
        {"Name": "Asked", "Type": "Sensitive", "IsSensitive": True, "Prompt": prompt},
        {"Name": "Account", "Type": "AmazonWebServicesAccount", "Value": account},
        {"Name": "Certificate", "Type": "Certificate", "Value": certificate},
    ]
    api.put("/projects/Projects-1/variables", variables)
    api.post("/releases/create/v1", {"ProjectName": "Shop", "ReleaseVersion": "1.0.0"})


def _step(demo: Demo, name: str, mark: str) -> dict[str, Any]:
    properties = {
        "Octopus.Action.Script.ScriptSource": "Inline",
        "Octopus.Action.Script.Syntax": "Bash",
        "Octopus.Action.Script.ScriptBody": _SCRIPT.replace("{folder}", str(demo.folder)),
        "Octopus.Action.RunOnServer": "True" if name == "server" else "False",
        "Hidden": {"HasValue": True, "NewValue": f"{mark}property"},
    }
    action = {"Name": name, "ActionType": "Octopus.Script", "Properties": properties}
    return {"Name": name, "Properties": {"Octopus.Action.TargetRoles": story.ROLE}, "Actions": [action]}


def _deploy(api: story.Api, mark: str) -> str:
    body = {"ProjectName": "Shop", "ReleaseVersion": "1.0.0", "EnvironmentNames": ["Development"]}
    answer = api.post("/deployments/create/untenanted/v1", {**body, "Variables": {"Asked": f"{mark}asked"}})
    return str(answer["DeploymentServerTasks"][0]["ServerTaskId"])


async def _documents(demo: Demo) -> dict[str, str]:
    """One of each kind with secrets; the ids of the account and of the certificate."""
    headers = {"X-Octopus-ApiKey": demo.api_key}
    async with httpx.AsyncClient(base_url=demo.address, headers=headers, trust_env=False, timeout=60) as client:
        made = [document async for document in kinds.plain_documents(client)]
        oidc = {"Issuer": "https://id.example", "ClientId": "c", "ClientSecret": kinds.SECRET, "IsEnabled": False}
        mail = {"SmtpHost": "127.0.0.1", "SmtpPort": 1, "SmtpLogin": "l", "SmtpPassword": kinds.SECRET}
        assert (await client.put("/api/smtpconfiguration", json=mail)).status_code == 200
        for provider in ("generic-oidc", "azuread", "okta", "directoryservices", "ldap"):
            path = f"/api/configuration/{provider}/values"
            if (known := await client.get(path)).status_code == 200:
                answer = await client.put(path, json={**known.json(), **oidc, "ConnectPassword": kinds.SECRET})
                assert kinds.MARK not in answer.text
    return {document["Name"]: document["Id"] for document in made}


def _blunders(demo: Demo, mark: str) -> list[bytes]:
    """Requests that are wrong and have a secret in them; what is answered."""
    text = f"{mark}blunder"
    bodies: list[tuple[str, Any]] = [
        ("accounts", {"Name": "x", "AccountType": "Token", "Token": text}),
        ("accounts", {"Name": "x", "AccountType": "Token", "Token": {"HasValue": text, "NewValue": text}}),
        ("accounts", {"Name": "x", "AccountType": "Token", "Token": {"HasValue": True, "NewValue": {text: text}}}),
        ("accounts", {"Name": "x", "AccountType": "SshKeyPair", "Username": "u", "PrivateKeyFile": {"NewValue": text}}),
        ("accounts", {"Name": "x", "AccountType": "SshKeyPair", "Username": "u", "PrivateKeyFile": kinds.SECRET}),
        ("certificates", {"Name": "x", "CertificateData": {"HasValue": True, "NewValue": text}, "Password": text}),
        ("certificates", {"Name": "x", "CertificateData": kinds.SECRET, "Password": kinds.SECRET}),
        ("feeds", {"Name": "x", "FeedType": "NuGet", "FeedUri": "none", "Password": [text]}),
        ("git-credentials", {"Name": "", "Details": {"Type": "UsernamePassword", "Username": "", "Password": text}}),
        ("tasks", {"Name": "AdHocScript", "Arguments": {"Properties": {"Key": [text]}, "ScriptBody": "x"}}),
        ("accounts", f'{{"Name": "x", "Token": "{text}'),
    ]
    answers = []
    headers = {"X-Octopus-ApiKey": demo.api_key, "content-type": "application/json"}
    with httpx.Client(base_url=demo.address, headers=headers, trust_env=False, timeout=60) as client:
        for path, body in bodies:
            sent = {"content": body} if isinstance(body, str) else {"json": body}
            answer = client.post(f"/api/Spaces-1/{path}", **sent)  # type: ignore[arg-type]
            assert 400 <= answer.status_code < 500, (path, body, answer.text)
            answers.append(answer.content)
        answers.append(client.post("/api/users/login", json={"Username": "admin", "Password": text}).content)
        answers.append(client.get("/api/users/me", headers={"X-Octopus-ApiKey": f"API-{'Q' * 40}"}).content)
    return answers


def _wait(condition: Any, what: str) -> None:
    deadline = time.monotonic() + _BOUND
    while not condition():
        assert time.monotonic() < deadline, f"{what} within {_BOUND} s"
        time.sleep(0.05)


def test_nothing_sensitive_is_in_clear_anywhere(demo: Demo, mark: str) -> None:
    demo.start_server()
    api = demo.connect()
    story.make_environments(api)
    demo.start_agent("Development")
    api.post("/projects", {"Name": "Shop", "LifecycleId": "Lifecycles-1", "ProjectGroupId": "ProjectGroups-1"})
    ids = asyncio.run(_documents(demo))
    search = Search(mark, f"{mark}word", demo.password, demo.api_key)
    search.add(kinds._PAIR.key.private_numbers().private_value.to_bytes(32))
    assert search.finds(b"x" + base64.b64encode(f"ab{mark}word".encode()))  # it does find what is hidden well
    _fill_project(api, demo, mark, ids["aws"], ids["shop"])

    task_id = _deploy(api, mark)
    _wait((demo.folder / "begun").exists, "the step begins")
    found = {what: search.finds(content) for what, content in _processes(demo)}
    assert len(found) >= 8, "the server, the agent, the supervisor and the script are looked at"
    assert {what: one for what, one in found.items() if one} == {}
    during = {what: search.finds(content) for what, content in _contents(demo.folder)}
    (demo.folder / "go").touch()
    task = story.follow(api, task_id)
    assert not task["FinishedSuccessfully"]
    assert "it was *****" in task["ErrorMessage"] or "*****" in api.client.get(f"/tasks/{task_id}/raw").text

    answers = _blunders(demo, mark)
    shown = [*answers, api.client.get(f"/tasks/{task_id}/raw").content, api.client.get("/events?take=500").content]
    shown += [api.client.get(f"/tasks/{task_id}/details?verbose=true&tail=1000").content]
    shown += [api.client.get("/events?take=500&asCsv=true").content]
    assert [one for content in shown if (one := search.finds(content))] == []
    demo.stop()
    after = {what: search.finds(content) for what, content in _contents(demo.folder)}
    assert {what: one for what, one in after.items() if one} == {}
    printed = {what for what, one in during.items() if one}  # what the script itself prints, in its folder until read
    assert {Path(what.partition(" ")[0]).name for what in printed} <= {"output.log"}
