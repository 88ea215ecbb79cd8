"""Who sees targets, accounts, certificates, tenants and freezes, and who changes them where."""

from __future__ import annotations

from typing import Any

import httpx
from tests.api.certificatefiles import sent, signed
from tests.api.conftest import SPACE, create
from tests.api.people import Headers, person
from tests.api.scopes import DEV, PROD, REGION, world

from polpo.server.application import Server

#: A list, the right to it, how that is narrowed, and the names that are seen.
SEEN: list[tuple[str, str, dict[str, Any], str]] = [
    ("environments", "EnvironmentView", {"environment_ids": [DEV]}, "Dev"),
    ("environments/v2", "EnvironmentView", {"environment_ids": [PROD]}, "Prod"),
    ("environments/all", "EnvironmentView", {"tenant_ids": ["Tenants-1"]}, "Dev Prod"),
    ("machines", "MachineView", {"environment_ids": [DEV]}, "both m1"),
    ("machines", "MachineView", {"environment_ids": [PROD]}, "both m2"),
    ("machines/all", "MachineView", {"environment_ids": [PROD]}, "both m2"),
    ("machines", "MachineView", {"project_ids": ["Projects-1"]}, "both m1 m2"),
    ("machinepolicies/MachinePolicies-1/machines", "MachineView", {"environment_ids": [DEV]}, "both m1"),
    (f"environments/{PROD}/machines", "MachineView", {"environment_ids": [DEV]}, "both"),
    ("machineroles/all", "MachineView", {"environment_ids": [DEV]}, "shared web"),
    ("accounts", "AccountView", {"environment_ids": [DEV]}, "dev open"),
    ("accounts/all", "AccountView", {"environment_ids": [PROD]}, "open prod"),
    ("certificates", "CertificateView", {"environment_ids": [PROD]}, "cprod copen"),
    ("tenants", "TenantView", {"tenant_ids": ["Tenants-2"]}, "T2"),
    ("tenants/all", "TenantView", {"environment_ids": [DEV]}, "T1 T2"),
]
IN_DEV: dict[str, Any] = {"environment_ids": [DEV]}

#: A request, the right that is held in Dev alone, and the answer.
DONE: list[tuple[str, str, str, Any, int]] = [
    ("MachineEdit", "PUT", "machines/Machines-1", {"EnvironmentIds": [DEV]}, 200),
    ("MachineEdit", "PUT", "machines/Machines-1", {"EnvironmentIds": [DEV, PROD]}, 403),
    ("MachineEdit", "PUT", "machines/Machines-2", {"EnvironmentIds": [DEV]}, 403),
    ("MachineEdit", "PUT", "machines/Machines-3", {"EnvironmentIds": [DEV]}, 403),
    ("MachineCreate", "POST", "machines", {"EnvironmentIds": [DEV]}, 201),
    ("MachineCreate", "POST", "machines", {"EnvironmentIds": [DEV, PROD]}, 403),
    ("MachineDelete", "DELETE", "machines/Machines-3", None, 403),
    ("MachineView", "GET", "machines/Machines-2/connection", None, 403),
    ("MachineView", "GET", "machines/Machines-1/connection", None, 200),
    ("MachineCreate", "GET", "machines/discover?host=127.0.0.1&port=1", None, 400),
    ("EnvironmentEdit", "PUT", f"environments/{DEV}", {"Name": "Dev"}, 200),
    ("EnvironmentEdit", "PUT", f"environments/{PROD}", {"Name": "Prod"}, 403),
    ("EnvironmentEdit", "PUT", "environments/sortorder", [PROD, DEV], 403),
    ("EnvironmentCreate", "POST", "environments", {"Name": "Third"}, 403),
    ("EnvironmentDelete", "DELETE", f"environments/{PROD}", None, 403),
    ("EnvironmentView", "GET", f"projects/Projects-1/environments/{DEV}/urls", None, 200),
    ("EnvironmentView", "GET", f"projects/Projects-1/environments/{PROD}/urls", None, 403),
    ("EnvironmentEdit", "DELETE", f"projects/Projects-1/environments/{DEV}/untenanted/states/x", None, 404),
    ("EnvironmentEdit", "DELETE", f"projects/Projects-1/environments/{PROD}/tenants/Tenants-1/states/x", None, 403),
    ("AccountView", "GET", "accounts/Accounts-1", None, 200),
    ("AccountView", "GET", "accounts/Accounts-3", None, 200),
    ("AccountView", "GET", "accounts/Accounts-2", None, 403),
    ("AccountView", "GET", "accounts/Accounts-2/usages", None, 403),
    ("AccountView", "GET", "accounts/Accounts-2/pk", None, 403),
    ("AccountView", "GET", "accounts/azureenvironments", None, 200),
    ("AccountEdit", "PUT", "accounts/Accounts-1", {"Name": "dev", "EnvironmentIds": [DEV]}, 200),
    ("AccountEdit", "PUT", "accounts/Accounts-1", {"Name": "dev", "EnvironmentIds": []}, 403),
    ("AccountEdit", "PUT", "accounts/Accounts-3", {"Name": "open", "EnvironmentIds": [DEV]}, 403),
    ("AccountCreate", "POST", "accounts", {"Name": "new", "EnvironmentIds": [DEV]}, 201),
    ("AccountCreate", "POST", "accounts", {"Name": "newer", "EnvironmentIds": [PROD]}, 403),
    ("AccountDelete", "DELETE", "accounts/Accounts-2", None, 403),
    ("CertificateView", "GET", "certificates/Certificates-1/export?format=Pem", None, 200),
    ("CertificateView", "GET", "certificates/Certificates-1/export?format=Pem&includePrivateKey=true", None, 403),
    ("CertificateView", "GET", "certificates/Certificates-1/export", None, 403),
    ("CertificateView", "GET", "certificates/Certificates-2/export?format=Pem", None, 403),
    ("CertificateView", "GET", "certificates/Certificates-2/usages", None, 403),
    ("CertificateEdit", "POST", "certificates/Certificates-1/archive", None, 200),
    ("CertificateEdit", "POST", "certificates/Certificates-2/archive", None, 403),
    ("CertificateEdit", "POST", "certificates/Certificates-2/replace", {"CertificateData": "x"}, 403),
    ("DeploymentView", "GET", f"projects/Projects-1/environments/{DEV}/untenanted/livestatus", None, 200),
    ("DeploymentView", "GET", f"projects/Projects-1/environments/{PROD}/untenanted/livestatus", None, 403),
    ("MachineEdit", "POST", "observability/kubernetes-monitors", {"MachineId": "Machines-2"}, 403),
]
ACCOUNT = {"AccountType": "UsernamePassword", "Username": "u"}
MACHINE = {"Roles": ["web"], "Endpoint": REGION}


async def equipped(client: httpx.AsyncClient) -> None:
    """The world with a target in both environments, and accounts and certificates for each, and for all."""
    await world(client)
    await create(client, "machines", Name="both", EnvironmentIds=[DEV, PROD], Roles=["shared"], Endpoint=REGION)
    pair = signed("shop")
    for name, places in (("dev", [DEV]), ("prod", [PROD]), ("open", [])):
        await create(client, "accounts", Name=name, EnvironmentIds=places, **ACCOUNT)
        file = sent(pair.pem() + pair.key_pem(), None, Name=f"c{name}", EnvironmentIds=places)
        await create(client, "certificates", **file)


async def test_lists_show_what_may_be_seen(client: httpx.AsyncClient, server: Server) -> None:
    await equipped(client)
    for number, (path, permission, within, seen) in enumerate(SEEN):
        who = await person(server, f"p{number}", permission, **within)
        body = (await client.get(f"{SPACE}/{path}", headers=who)).json()
        items = body if isinstance(body, list) else body["Items"]
        assert sorted(one if isinstance(one, str) else one["Name"] for one in items) == sorted(seen.split()), path
    who = await person(server, "counting", "EnvironmentView", "MachineView", environment_ids=[DEV])
    summary = (await client.get(f"{SPACE}/environments/summary", headers=who)).json()
    assert [one["Environment"]["Name"] for one in summary["EnvironmentSummaries"]] == ["Dev"]
    assert summary["MachineHealthStatusSummaries"] == {"Healthy": 2}
    who = await person(server, "blind", "EnvironmentView")
    assert (await client.get(f"{SPACE}/environments/summary", headers=who)).json()["TotalMachines"] == 0


async def test_rights_in_one_environment_change_nothing_elsewhere(client: httpx.AsyncClient, server: Server) -> None:
    await equipped(client)
    people: dict[str, Headers] = {}
    for number, (permission, method, path, body, status) in enumerate(DONE):
        if permission not in people:
            people[permission] = await person(server, permission, permission, **IN_DEV)
        sent_body = body
        if isinstance(body, dict) and path.partition("/")[0] in {"machines", "accounts"}:
            more = MACHINE if path.startswith("machines") else ACCOUNT
            sent_body = {"Name": f"n{number}", **more, **body}
        answer = await client.request(method, f"{SPACE}/{path}", json=sent_body, headers=people[permission])
        assert answer.status_code == status, (permission, method, path, answer.text)
    exporter = await person(server, "exporter", "CertificateView", "CertificateExportPrivateKey", **IN_DEV)
    answer = await client.get(f"{SPACE}/certificates/Certificates-1/export", headers=exporter)
    assert "PRIVATE KEY" in answer.text
    shown = (await client.get(f"{SPACE}/certificates/Certificates-1", headers=exporter)).text
    assert "PRIVATE KEY" not in shown


async def test_tenants_are_connected_to_what_one_sees_and_give_values_where_one_may_edit(
    client: httpx.AsyncClient, server: Server
) -> None:
    await world(client)
    templates: list[dict[str, Any]] = [{"Name": name, "DisplaySettings": {}} for name in ("One", "Two")]
    for number in (1, 2):
        project = (await client.get(f"{SPACE}/projects/Projects-{number}")).json()
        await client.put(project["Links"]["Self"], json={**project, "Templates": templates})
    rights = ("TenantView", "TenantEdit", "ProjectView", "VariableEdit", "EnvironmentView")
    who = await person(server, "eva", *rights, project_ids=["Projects-1"], environment_ids=[DEV])
    path = f"{SPACE}/tenants/Tenants-1"
    tenant = (await client.get(path, headers=who)).json()
    kept = {**tenant, "Description": "seen", "ProjectEnvironments": {"Projects-1": [DEV]}}
    assert (await client.put(path, json=kept, headers=who)).status_code == 200
    for connections in ({"Projects-1": [DEV, PROD]}, {"Projects-1": [DEV], "Projects-2": [DEV]}):
        answer = await client.put(path, json={**kept, "ProjectEnvironments": connections}, headers=who)
        assert answer.status_code == 403, answer.text
    assert (await client.put(path, json=tenant)).status_code == 200

    older = (await client.get(f"{path}/variables", headers=who)).json()
    assert list(older["ProjectVariables"]) == ["Projects-1"]
    [one, _two] = older["ProjectVariables"]["Projects-1"]["Templates"]
    payload = {"ProjectId": "Projects-1", "TemplateId": one["Id"], "Value": "x"}
    for place, status in ((DEV, 200), (PROD, 403)):
        body = {"Variables": [{**payload, "Scope": {"EnvironmentIds": [place]}}]}
        answer = await client.put(f"{path}/projectvariables", json=body, headers=who)
        assert answer.status_code == status, answer.text
    stranger = await person(server, "sam", "TenantView", "TenantCreate", tenant_ids=["Tenants-2"])
    for verb in ("", "/variables", "/logo", "/projectvariables", "/commonvariables"):
        assert (await client.get(f"{path}{verb}", headers=stranger)).status_code == 403, verb
    listed = (await client.get(f"{SPACE}/tenantvariables/all", headers=stranger)).json()
    assert [one["TenantId"] for one in listed] == ["Tenants-2"]
    assert list((await client.get(f"{SPACE}/tenants/tag-test", headers=stranger)).json()) == ["Tenants-2"]
    answer = await client.post(f"{SPACE}/tenants?clone=Tenants-1", json={"Name": "T3"}, headers=stranger)
    assert answer.status_code == 403


async def test_freezes_are_shown_to_those_who_see_a_project_that_they_name(
    client: httpx.AsyncClient, server: Server
) -> None:
    await world(client)
    times = {"Start": "2100-01-01T00:00:00Z", "End": "2100-02-01T00:00:00Z"}
    for number in (1, 2):
        body = {"Name": f"f{number}", "ProjectEnvironmentScope": {f"Projects-{number}": [DEV]}, **times}
        assert (await client.post("/api/deploymentfreezes", json=body)).status_code == 201
    viewer = await person(server, "eva", "ProjectView", "ProjectEdit", project_ids=["Projects-1"])
    keeper = await person(server, "kim", "DeploymentFreezeAdminister", space_id=None)
    nobody = await person(server, "noa", "FeedView")
    for who, seen in ((viewer, ["f1"]), (keeper, ["f1", "f2"]), (nobody, [])):
        found = (await client.get("/api/deploymentfreezes", headers=who)).json()
        assert ([one["Name"] for one in found["DeploymentFreezes"]], found["Count"]) == (seen, len(seen))
        for number in (1, 2):
            answer = await client.get(f"/api/deploymentfreezes/DeploymentFreezes-{number}", headers=who)
            assert answer.status_code == (200 if f"f{number}" in seen else 404)
    for owner, status in (("Projects-1", 201), ("Projects-2", 403), ("", 403)):
        body = {"Name": f"of {owner}", "OwnerId": owner, **times}
        answer = await client.post("/api/deploymentfreezes", json=body, headers=viewer)
        assert answer.status_code == status, answer.text
    answer = await client.delete("/api/deploymentfreezes/DeploymentFreezes-1", headers=viewer)
    assert answer.status_code == 403
