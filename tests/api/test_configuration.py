"""The server's configuration over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from litestar import Request
from tests.api.conftest import SPACE

from polpo.features.configuration.maintenance import MaintenanceGate
from polpo.features.configuration.sections import SMTP
from polpo.features.configuration.service import read_section
from polpo.kernel.errors import Unavailable
from polpo.rest.authorization import ALL_RIGHTS, NO_RIGHTS
from polpo.rest.call import Caller
from polpo.server.application import Server


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("featuresconfiguration", {"IsHelpSidebarEnabled": False, "HelpSidebarSupportLink": "https://example.com"}),
        ("performanceconfiguration", {"DefaultDashboardRenderMode": "VirtualizeRowsAndColumns"}),
        ("maintenanceconfiguration", {"IsInMaintenanceMode": True}),
        ("upgradeconfiguration", {"NotificationMode": "AlwaysShow"}),
        ("serverconfiguration", {"ServerUri": "https://deploy.example.com/polpo"}),
        ("letsencryptconfiguration", {"DnsName": "deploy.example.com", "HttpsPort": 8443, "IPAddress": "10.0.0.1"}),
        ("telemetryconfiguration", {"Enabled": False}),
        ("configuration/retention-default", {"RetentionDays": 90}),
    ],
)
async def test_a_section_comes_back_as_it_was_written(
    client: httpx.AsyncClient, path: str, change: dict[str, Any]
) -> None:
    before = (await client.get(f"/api/{path}")).json()
    assert before["Links"] == {"Self": f"/api/{path}"}

    answer = await client.put(f"/api/{path}", json={**before, **change})

    assert answer.status_code == 200, answer.text
    after = (await client.get(f"/api/{path}")).json()
    assert after == answer.json()
    assert after == {**before, **change, "LastModifiedOn": after["LastModifiedOn"], "LastModifiedBy": "admin"}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("smtpconfiguration", {"SmtpPort": 0}, 400),
        ("smtpconfiguration", {"Timeout": -1}, 400),
        ("smtpconfiguration", {"SendEmailFrom": "nobody"}, 400),
        ("smtpconfiguration", {"Details": "none"}, 400),
        ("serverconfiguration", {"ServerUri": "deploy.example.com"}, 400),
        ("serverconfiguration", {"ServerUri": "http://[::1"}, 400),
        ("performanceconfiguration", {"DefaultDashboardRenderMode": "All"}, 400),
        ("configuration/retention-default", {"RetentionDays": 0}, 400),
        ("configuration/nothing/values", {}, 404),
        ("configuration/smtp/values", [], 400),
        ("letsencryptconfiguration", {"Enabled": True}, 501),
        ("telemetryconfiguration", {"Enabled": True}, 501),
    ],
)
async def test_what_cannot_be_is_refused(client: httpx.AsyncClient, path: str, body: Any, status: int) -> None:
    answer = await client.put(f"/api/{path}", json=body)
    assert (answer.status_code, bool(answer.json()["ErrorMessage"])) == (status, True)


async def test_the_mail_servers_password_is_kept_and_never_shown(client: httpx.AsyncClient, server: Server) -> None:
    def password() -> str | None:
        with server.database.read() as session:
            return session.reveal(read_section(session, SMTP).smtp_password)

    path = "/api/smtpconfiguration"
    body = {"SmtpHost": "mail.example.com", "SmtpPort": 587, "SendEmailFrom": "polpo@example.com", "EnableSsl": True}
    written = {**body, "SmtpLogin": "octo", "SmtpPassword": {"HasValue": True, "NewValue": "s3cret"}}
    made = (await client.put(path, json=written)).json()
    assert (made["SmtpPassword"]["HasValue"], made["SmtpPassword"]["NewValue"]) == (True, None)
    assert (made["Details"]["SmtpLogin"], made["Details"]["SmtpPassword"]["HasValue"]) == ("octo", True)
    assert password() == "s3cret"

    read = (await client.get(path)).json()
    assert read == made
    await client.put(path, json={**read, "SmtpHost": "post.example.com"})
    assert password() == "s3cret"

    newer = {**body, "Details": {"CredentialType": "UsernamePassword", "SmtpLogin": "new", "NewSmtpPassword": "s4cret"}}
    shown = (await client.put(path, json=newer)).json()
    assert (shown["SmtpLogin"], shown["Details"]["NewSmtpPassword"], password()) == ("new", None, "s4cret")
    assert "s4cret" not in (await client.get("/api/configuration/smtp/values")).text

    await client.put(path, json={**body, "SmtpPassword": {"HasValue": False, "NewValue": None}})
    assert password() is None


async def test_clients_ask_whether_mail_can_be_sent(client: httpx.AsyncClient) -> None:
    path = "/api/smtpconfiguration/isconfigured"
    assert (await client.get(path)).json()["IsConfigured"] is False
    await client.put("/api/smtpconfiguration", json={"SmtpHost": "mail", "SendEmailFrom": "a@example.com"})
    assert (await client.get(path)).json()["IsConfigured"] is True


async def test_the_sections_are_listed_with_their_values(client: httpx.AsyncClient) -> None:
    found = (await client.get("/api/configuration?take=100")).json()
    assert {"features", "maintenance", "smtp", "server"} <= {section["Id"] for section in found["Items"]}

    for section in found["Items"]:
        assert (await client.get(section["Links"]["Self"])).json()["Id"] == section["Id"]
        values = (await client.get(section["Links"]["Values"])).json()
        metadata = (await client.get(section["Links"]["Metadata"])).json()
        assert metadata["Description"] == section["Description"]
        assert {entry["Name"] for entry in metadata["Types"][0]["Properties"]} <= set(values)

    changed = await client.put("/api/configuration/server/values", json={"serveruri": "https://example.com"})
    assert changed.json()["ServerUri"] == "https://example.com"
    assert (await client.get("/api/serverconfiguration")).json()["ServerUri"] == "https://example.com"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?Name=CommonVariableScopingFeatureToggle", ["CommonVariableScopingFeatureToggle"]),
        ("?Name=SomethingElse", []),
        ("", ["CommonVariableScopingFeatureToggle", "indicate-missing-packages-for-release"]),
    ],
)
async def test_clients_ask_what_the_server_can_do(client: httpx.AsyncClient, query: str, names: list[str]) -> None:
    answer = (await client.get(f"/api/configuration/feature-toggles{query}")).json()
    assert [toggle["Name"] for toggle in answer["FeatureToggles"]] == names


@pytest.mark.parametrize(
    ("method", "path", "is_administrator", "refused"),
    [
        ("POST", f"{SPACE}/environments", False, True),
        ("DELETE", f"{SPACE}/environments/Environments-1", False, True),
        ("GET", f"{SPACE}/environments", False, False),
        ("POST", "/api/users/logout", False, False),
        ("POST", f"{SPACE}/environments", True, False),
    ],
)
async def test_in_maintenance_only_administrators_change_anything(
    client: httpx.AsyncClient, server: Server, method: str, path: str, is_administrator: bool, refused: bool
) -> None:
    caller = Caller("Users-2", "eve", "Eve", "session", rights=ALL_RIGHTS if is_administrator else NO_RIGHTS)
    gate = MaintenanceGate(lambda _session, _request: caller)
    request: Any = Request({"type": "http", "method": method, "path": path, "headers": [], "query_string": b""})

    with server.database.read() as session:
        assert gate(session, request) is caller
    await client.put("/api/maintenanceconfiguration", json={"IsInMaintenanceMode": True})

    with server.database.read() as session:
        if refused:
            with pytest.raises(Unavailable, match="maintenance mode"):
                gate(session, request)
        else:
            assert gate(session, request) is caller
    assert (await client.get("/api/serverstatus")).json()["IsInMaintenanceMode"] is True
    assert (await client.post(f"{SPACE}/environments", json={"Name": "Dev"})).status_code == 201


async def test_the_configuration_is_not_for_everybody(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/api/smtpconfiguration")).status_code == 401
