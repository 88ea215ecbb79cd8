"""Secrets of every kind of document stay inside: no answer and no event shows one, as it was given or as it is kept."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import msgspec
from tests.api.certificatefiles import sent, signed
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script

from polpo.features.accounts.resource import ACCOUNTS
from polpo.server.application import Server
from polpo.server.features import COLLECTIONS

MARK = "hush-hush"
SECRET = {"HasValue": True, "NewValue": MARK}
_GUID = "39b44e47-37d4-4fcd-949c-2d831ebfa65e"
_PROMPT = {"Label": "Word", "DisplaySettings": {"Octopus.ControlType": "Sensitive"}}
_TEMPLATE = {"Name": "Key", "DefaultValue": SECRET, "DisplaySettings": {"Octopus.ControlType": "Sensitive"}}
_PAIR = signed("shop.example.com")
#: How sealed texts begin, and what a private key looks like.
_SEALED = re.compile(r'"v1:|PRIVATE KEY')


async def plain_documents(client: httpx.AsyncClient) -> AsyncIterator[Any]:
    """One of each kind that is created by one request and can be changed and deleted by its own address."""
    yield await create(client, "accounts", Name="token", AccountType="Token", Token=SECRET)
    yield await create(client, "accounts", Name="ada", AccountType="UsernamePassword", Username="a", Password=SECRET)
    keys = {"AccessKey": "k", "SecretKey": SECRET}
    yield await create(client, "accounts", Name="aws", AccountType="AmazonWebServicesAccount", **keys)
    ids = {"SubscriptionNumber": _GUID, "ClientId": _GUID, "TenantId": _GUID}
    yield await create(client, "accounts", Name="azure", AccountType="AzureServicePrincipal", Password=SECRET, **ids)
    web = {"FeedUri": "https://example.org/v3/index.json", "Username": "me"}
    yield await create(client, "feeds", Name="nuget", FeedType="NuGet", Password=SECRET, **web)
    yield await create(client, "feeds", Name="ecr", FeedType="AwsElasticContainerRegistry", Region="eu-west-1", **keys)
    told = {"Host": "h", "Port": 1, "ProxyType": "HTTP", "Username": "u"}
    yield await create(client, "proxies", Name="proxy", Password=SECRET, **told)
    details = {"Type": "UsernamePassword", "Username": "git", "Password": SECRET}
    yield await create(client, "git-credentials", Name="git", Details=details)
    way = {"WebhookURI": "https://example.org/", "WebhookHeaderKey": "X-Token", "WebhookHeaderValue": SECRET}
    yield await create(client, "subscriptions", Name="hook", EventNotificationSubscription=way)
    parameter = {"Name": "Key", "DefaultValue": SECRET}
    properties = {"Octopus.Action.Script.ScriptBody": "true", "Token": SECRET}
    told = {"ActionType": "Octopus.Script", "Properties": properties, "Parameters": [parameter]}
    yield await create(client, "actiontemplates", Name="template", **told)
    yield await create(client, "libraryvariablesets", Name="Shared", ContentType="Variables", Templates=[_TEMPLATE])
    drop = {"CommunicationStyle": "OfflineDrop", "SensitiveVariablesEncryptionPassword": SECRET}
    places = {"Roles": ["web"], "EnvironmentIds": ["Environments-1"]}
    yield await create(client, "machines", Name="drop", Endpoint=drop, **places)
    hook = {"Filter": {"FilterType": "WebhookFilter", "Secret": SECRET}, "Action": {"ActionType": "CreateRelease"}}
    yield await create(client, "projecttriggers", Name="hook", ProjectId="Projects-1", **hook)
    yield await create(client, "certificates", **sent(_PAIR.pfx(MARK), MARK))


async def fill_project(client: httpx.AsyncClient, project: Any, *, text: str) -> None:
    """A process, variables, and a template with secrets."""
    secret = {"HasValue": True, "NewValue": text}
    project = (await client.get(project["Links"]["Self"])).json()
    answer = await client.put(project["Links"]["Self"], json={**project, "Templates": [_TEMPLATE]})
    assert answer.status_code == 200, answer.text
    word = {"Name": "Word", "Type": "Sensitive", "IsSensitive": True, "Value": text}
    asked = {"Name": "Asked", "Type": "Sensitive", "IsSensitive": True, "Value": text, "Prompt": _PROMPT}
    for owner in ("Projects-1", "LibraryVariableSets-1"):
        path = f"{SPACE}/variables/variableset-{owner}"
        if (known := await client.get(path)).status_code == 200:
            answer = await client.put(path, json={**known.json(), "Variables": [word, asked]})
            assert answer.status_code == 200, answer.text
    step = script("Go", 'test "$(get_octopusvariable Word)" && echo "it is $(get_octopusvariable Asked)"')
    step["Properties"]["Token"] = step["Actions"][0]["Properties"]["Token"] = secret
    for path in ("projects/Projects-1/deploymentprocesses", "runbookProcesses/RunbookProcess-Runbooks-1"):
        process = (await client.get(f"{SPACE}/{path}")).json()
        answer = await client.put(f"{SPACE}/{path}", json={**process, "Steps": [step]})
        assert answer.status_code == 200, answer.text


async def tenant_values(client: httpx.AsyncClient, *, text: str) -> None:
    path = f"{SPACE}/tenants/Tenants-1/variables"
    known = (await client.get(path)).json()
    [template] = known["ProjectVariables"]["Projects-1"]["Templates"]
    secret = {"HasValue": True, "NewValue": text}
    known["ProjectVariables"]["Projects-1"]["Variables"] = {"Environments-1": {template["Id"]: secret}}
    answer = await client.put(path, json=known)
    assert answer.status_code == 200, answer.text


async def _people(client: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> set[str]:
    """What people sign in with. Returns texts that were shown once, to the one who asked."""
    person = {"Username": "eve", "DisplayName": "Eve", "Password": f"{MARK}-Password-1"}
    user = (await client.post("/api/users", json=person)).json()
    shown = await client.put(user["Links"]["Self"], json={**user, "Password": f"{MARK}-Password-2"})
    assert MARK not in shown.text
    key = (await client.post(f"/api/users/{user['Id']}/apikeys", json={"Purpose": "p"})).json()
    await client.post("/api/users/invitations", json={"AddToTeamIds": []})
    invited = (await client.post(f"{SPACE}/users/invitations", json={"AddToTeamIds": []})).json()
    answer = await anonymous.post("/api/users/login", json={"Username": "eve", "Password": f"{MARK}-Password-2"})
    assert answer.status_code == 200, answer.text
    token = (await client.post("/api/users/me/access-token", json={})).json()
    mail = {"SmtpHost": "h", "SmtpLogin": "l", "SmtpPassword": SECRET}
    assert (await client.put("/api/smtpconfiguration", json=mail)).status_code == 200
    again = {"SmtpHost": "h", "Details": {"NewSmtpPassword": MARK, "SmtpLogin": "l"}}
    assert (await client.put("/api/smtpconfiguration", json=again)).status_code == 200
    found = {key["ApiKey"], invited["InvitationCode"], token.get("AccessToken")}
    return {one for one in found if one} | set(anonymous.cookies.values())


async def run_once(shop: Shop) -> None:
    """A deployment, and a run of a runbook, with a sensitive value that somebody entered."""
    await shop.release()
    task_id = await shop.deploy(variables={"Asked": MARK})
    await shop.ended(task_id)
    await create(shop.client, "runbookSnapshots?publish=true", RunbookId="Runbooks-1", Name="S1")
    body: dict[str, Any] = {"projectName": "Web Shop", "runbookName": "Restart", "environmentNames": ["Dev"]}
    body |= {"variables": {"Asked": MARK}}
    answer = await shop.client.post(f"{SPACE}/runbook-runs/create/v1", json=body)
    assert answer.status_code == 200, answer.text
    await shop.ended(answer.json()["RunbookRunServerTasks"][0]["ServerTaskId"])


def _links(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _links(item)
    elif isinstance(value, list):
        for item in value:
            yield from _links(item)
    elif isinstance(value, str) and value.startswith("/api/"):
        yield re.sub(r"\{[^}]*\}", "", value)


async def every_answer(client: httpx.AsyncClient) -> AsyncIterator[tuple[str, httpx.Response]]:
    """All lists, and what they link to, as far as links reach."""
    routes = [route for collection in COLLECTIONS for route in collection.routes if route.method == "GET"]
    lists = [route.path for route in routes if "{" not in route.path and route.path.startswith("/api")]
    left = [path.replace("/api/", f"{SPACE}/", 1) for path in lists] + lists
    seen: set[str] = set()
    while left:
        path = left.pop()
        if path in seen or ("/feeds/" in path and "/packages" in path):  # these ask other servers
            continue
        seen.add(path)
        answer = await client.get(path)
        yield path, answer
        if answer.headers.get("content-type", "").partition(";")[0] == "application/json":
            left += _links(answer.json())


def _leaks(text: str, others: set[str]) -> list[str]:
    found = [one for one in {MARK, base64.b64encode(MARK.encode()).decode(), *others} if one in text]
    return found + _SEALED.findall(text)


async def _trail(client: httpx.AsyncClient) -> str:
    pages = [(await client.get(f"/api/events?take=100&skip={skip}")).text for skip in range(0, 1000, 100)]
    return "".join([*pages, (await client.get("/api/events?asCsv=true")).text])


async def tenanted_shop(client: httpx.AsyncClient, server: Server) -> Shop:
    """The first project with an environment, a runbook and a tenant."""
    environment = (await create(client, "environments", Name="Dev"))["Id"]
    await create(client, "runbooks", Name="Restart", ProjectId="Projects-1")
    await create(client, "tenants", Name="Acme", ProjectEnvironments={"Projects-1": [environment]})
    return Shop(client, server, {"Dev": environment})


async def test_no_secret_is_ever_shown(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, server: Server, project: Any
) -> None:
    shop = await tenanted_shop(client, server)
    made = [document async for document in plain_documents(client)]
    assert MARK not in str(made)
    for text in (MARK, f"other {MARK}"):
        await fill_project(client, project, text=text)
        await tenant_values(client, text=text)
    shown = await _people(client, anonymous)
    await run_once(shop)
    for document in made:
        fresh = (await client.get(document["Links"]["Self"])).json()
        changed = fresh | {"Name": f"{fresh['Name']} 2"}
        answer = await client.put(document["Links"]["Self"], json=changed)
        assert answer.status_code == 200, answer.text

    leaking, broken, count = {}, [], 0
    async for path, answer in every_answer(client):
        count += 1
        if found := _leaks(answer.text, shown):
            leaking[path] = found
        if answer.status_code == 500:
            broken.append((path, answer.status_code))
    assert (leaking, broken) == ({}, [])
    assert count > 300

    for document in [*made[::-1], project]:
        answer = await client.delete(document["Links"]["Self"])
        assert answer.status_code == 200, answer.text
    trail = await _trail(client)
    assert "was deleted" in trail
    assert _leaks(trail, shown) == []
    assert '"Digest"' not in trail


async def test_nobody_sends_what_the_server_has_sealed(client: httpx.AsyncClient, server: Server) -> None:
    """Such a text is from the database; as somebody's secret it would be opened without the master key."""
    sealed = server.database.vault.encrypt("opensesame")
    arguments = server.database.vault.for_purpose("script").encrypt('{"Key": "opensesame"}')
    account = {"Name": "stolen", "AccountType": "Token", "Token": {"HasValue": True, "NewValue": sealed}}
    script = {"Name": "AdHocScript", "Arguments": {"Sealed": arguments, "ScriptBody": "env", "Syntax": "Bash"}}
    escaped = msgspec.json.encode(account).replace(b"v2:", b"\\u0076\\u0032:")
    for path, body in (
        ("accounts", msgspec.json.encode(account)),
        ("accounts", escaped),
        ("tasks", msgspec.json.encode(script)),
        ("accounts/Accounts-1", msgspec.json.encode([[sealed]])),
    ):
        answer = await client.post(f"{SPACE}/{path}", content=body, headers={"content-type": "application/json"})
        assert answer.status_code in {400, 404, 405}, answer.text
        assert sealed not in answer.text
        if answer.status_code == 400:
            assert "that this server has encrypted for itself; enter the secret instead" in answer.text
    for typed in ("v1:looks sealed", f"v2:{server.database.vault.key.id}:{40 * 'A'}", "v1:" + 40 * "A"):
        account = {"Name": typed[:20], "AccountType": "Token", "Token": {"HasValue": True, "NewValue": typed}}
        made = await create(client, "accounts", **account)
        with server.database.read() as session:
            assert session.reveal(session.get(ACCOUNTS, made["Id"]).token) == typed
