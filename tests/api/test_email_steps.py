"""Steps that send e-mail: real deployments, and a real mail server that takes what they send."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE
from tests.api.mailserver import LOGIN, SECRET, MailServer, mail_server
from tests.api.test_deployments import Shop, script, shop

__all__ = ["shop"]

_PREFIX = "Octopus.Action.Email."


def email(name: str = "Mail", **properties: str) -> dict[str, Any]:
    given = {"To": "ann@example.org", "Subject": "Hello", "Body": "All is well.", **properties}
    condition = given.pop("Condition", "Success")
    action = {
        "Name": name,
        "ActionType": "Octopus.Email",
        "Properties": {_PREFIX + key: value for key, value in given.items()},
    }
    return {"Name": name, "Condition": condition, "Actions": [action]}


async def configure(shop: Shop, server: MailServer, **more: Any) -> None:
    answer = await shop.client.put("/api/smtpconfiguration", json=server.configuration(**more))
    assert answer.status_code == 200, answer.text


async def deployed(shop: Shop, *steps: dict[str, Any]) -> Any:
    await shop.process(*steps)
    await shop.release()
    return await shop.ended(await shop.deploy())


async def made(client: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_addresses_and_teams_get_one_message_each(shop: Shop) -> None:
    async def person(name: str, **more: Any) -> str:
        body = {"Username": name, "DisplayName": name, "EmailAddress": f"{name}@example.org", "Password": "a good pass"}
        return str((await made(shop.client, "/api/users", **body, **more))["Id"])

    members = [await person("ben"), await person("eva")]
    team = await made(shop.client, "/api/teams", Name="Operators", MemberUserIds=members)
    await shop.variables({"Name": "Boss", "Value": "Boss <boss@example.org>"})
    async with mail_server() as server:
        await configure(shop, server)
        task = await deployed(
            shop,
            email(
                To="#{Boss}; Ann@example.org",
                ToTeamIds=team["Id"],
                CC="ann@example.org, cc@example.org",
                Bcc="hidden@example.org",
                Subject="#{Octopus.Project.Name} #{Octopus.Release.Number}\r\nBcc: evil@example.org",
                Body="#{if Octopus.Environment.Name}Für <b>#{Octopus.Environment.Name}</b>#{/if}",
                IsHtml="True",
                Priority="High",
            ),
        )
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    [got] = server.delivered
    assert got.sender == "polpo@example.org"
    assert got.recipients == [
        "boss@example.org", "Ann@example.org", "ben@example.org", "eva@example.org", "cc@example.org",
        "hidden@example.org",
    ]  # fmt: skip
    headers = got.message
    assert headers["To"] == "boss@example.org, Ann@example.org, ben@example.org, eva@example.org"
    assert (headers["Cc"], headers["Bcc"]) == ("cc@example.org", None)
    assert headers["Subject"] == "Web Shop 1.0.0 Bcc: evil@example.org"
    assert (headers["X-Priority"], headers["Importance"]) == ("1", "high")
    assert headers["Message-ID"].endswith("@example.org>")
    assert (headers.get_content_type(), got.text) == ("text/html", "Für <b>Dev</b>")
    assert "Sent 'Web Shop 1.0.0 Bcc: evil@example.org' to 6 recipients." in await shop.lines(task["Id"])


async def test_mail_tells_of_a_failure_and_no_secret(shop: Shop) -> None:
    await shop.variables({"Name": "Pin", "Value": "hunter22", "Type": "Sensitive", "IsSensitive": True})
    async with mail_server() as server:
        await configure(shop, server)
        await deployed(
            shop,
            script("Fail", "exit 3"),
            email(Condition="Failure", Subject="Pin #{Pin}", Body="#{Pin | ToBase64}: #{Octopus.Deployment.Error}"),
            email("Never", Condition="Success"),
        )
    [got] = server.delivered
    assert got.message["Subject"] == "Pin *****"
    assert got.text == "*****: Step 1 (Fail): The script failed on the server with exit code 3."
    assert (got.message["X-Priority"], got.message.get_content_type()) == ("3", "text/plain")


async def test_server_that_asks_for_encryption_and_a_login_gets_both(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with mail_server(tmp_path) as server:
        safe = {"SmtpHost": "localhost", "EnableSsl": True, "SmtpLogin": LOGIN}
        await configure(shop, server, **safe, SmtpPassword={"HasValue": True, "NewValue": SECRET})
        stranger = await deployed(shop, email())
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        task = await shop.ended(await shop.deploy())
        await configure(shop, server, **safe, SmtpPassword={"HasValue": True, "NewValue": "wrong"})
        refused = await shop.ended(await shop.deploy())
        await configure(shop, server)
        open_ = await shop.ended(await shop.deploy())
    where = f"Step 1 (Mail): The mail server localhost:{server.port}"
    assert stranger["ErrorMessage"].startswith(f"{where} shows a certificate that is not trusted: ")
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    assert refused["ErrorMessage"].startswith(f"{where} refused the login '{LOGIN}': 535 ")
    assert "530 " in open_["ErrorMessage"]
    assert [one.recipients for one in server.delivered] == [["ann@example.org"]]
    assert SECRET not in (await shop.client.get("/api/smtpconfiguration")).text


async def test_who_is_refused_is_named_and_the_others_get_it(shop: Shop) -> None:
    async with mail_server() as server:
        server.refused = {"ben@example.org"}
        await configure(shop, server)
        task = await deployed(shop, email(To="ann@example.org,ben@example.org"))
        await shop.process(email(To="ben@example.org"))
        await shop.release("2.0.0")
        nobody = await shop.ended(await shop.deploy(version="2.0.0"))
    words = "550 5.1.1 nobody of that name"
    assert (task["FinishedSuccessfully"], task["HasWarningsOrErrors"]) == (True, True)
    lines = await shop.lines(task["Id"])
    assert f"The mail server does not take mail for ben@example.org: {words}" in lines
    assert [one.recipients for one in server.delivered] == [["ann@example.org"]]
    assert nobody["ErrorMessage"] == (
        f"Step 1 (Mail): The mail server 127.0.0.1:{server.port} takes mail for none of the recipients."
        f" ben@example.org: {words}"
    )


@pytest.mark.parametrize(
    ("properties", "configuration", "sentence"),
    [
        ({}, {}, "No e-mail can be sent: SmtpHost and SendEmailFrom are not set. An administrator sets them under"),
        ({"To": "#{Nobody}"}, None, "Step 'Mail' has nobody to send its e-mail to"),
        ({"To": "ann@example.org; ben"}, None, "Step 'Mail' names 'ben' in To, which is no e-mail address."),
        ({"CC": "Ben <ben@@example.org>"}, None, "names 'Ben <ben@@example.org>' in CC, which is no e-mail address."),
        ({"BccTeamIds": "Teams-77"}, None, "There is no team with the id 'Teams-77' whose members could get"),
        ({"Priority": "Sky"}, None, "says 'Sky' in Octopus.Action.Email.Priority; it can be Normal, Low, High."),
        ({"Subject": "#{A}"}, None, "has a text that cannot be evaluated: Octopus.Action.Email.Subject ("),
        ({}, {"Details": {"CredentialType": "Google"}}, "asks for credentials of the type Google"),
        ({}, {"SmtpPort": 1}, "The mail server 127.0.0.1:1 cannot be reached: "),
    ],
)
async def test_mail_that_cannot_be_sent_says_why(
    shop: Shop, properties: dict[str, str], configuration: dict[str, Any] | None, sentence: str
) -> None:
    await shop.variables({"Name": "Nobody", "Value": ""}, {"Name": "A", "Value": "#{A}"})
    if configuration != {}:
        await configure(shop, MailServer(port=2525), **(configuration or {}))
    task = await deployed(shop, email(**properties))
    assert (task["State"], sentence in task["ErrorMessage"]) == ("Failed", True), task["ErrorMessage"]


@pytest.mark.parametrize(
    ("properties", "faults"),
    [
        ({"To": ""}, ["Step 'Mail' needs somebody to send the e-mail to: name addresses or teams."]),
        ({"Subject": " ", "Body": ""}, ["Step 'Mail' needs the subject of the e-mail.", "Step 'Mail' needs the body"]),
    ],
)
async def test_mail_step_that_lacks_something_is_not_saved(
    shop: Shop, properties: dict[str, str], faults: list[str]
) -> None:
    path = f"{SPACE}/projects/Projects-1/deploymentprocesses"
    answer = await shop.client.put(path, json={"Version": 0, "Steps": [email(**properties)]})
    assert answer.status_code == 400
    assert all(told.startswith(fault) for told, fault in zip(answer.json()["Errors"], faults, strict=True))


async def test_configuration_is_tried_out_with_an_e_mail(shop: Shop) -> None:
    async with mail_server() as server:
        await configure(shop, server)
        body = {"Name": "TestEmail", "Arguments": {"EmailAddress": "ann@example.org"}}
        task = await made(shop.client, "/api/tasks", **body)
        done = await shop.ended(task["Id"])
    assert (done["State"], done["Description"]) == ("Success", "Send a test e-mail to ann@example.org")
    assert [one.recipients for one in server.delivered] == [["ann@example.org"]]
    wrong = await shop.client.post("/api/tasks", json={"Name": "TestEmail", "Arguments": {"EmailAddress": "ann"}})
    assert wrong.json()["ErrorMessage"] == "Arguments.EmailAddress must be an e-mail address; it is 'ann'."
