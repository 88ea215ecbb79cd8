"""What people are told of certificates: that one expires, and that somebody took a copy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.api.certificatefiles import sent, signed
from tests.api.conftest import SPACE, create

from polpo.features.certificates.expiring import ExpiryWatch, stage_of
from polpo.features.certificates.parts import certificate_parts
from polpo.features.certificates.resource import CERTIFICATES
from polpo.server.application import Server

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "stage"),
    [
        (timedelta(days=30), None),
        (timedelta(days=20, seconds=1), None),
        (timedelta(days=20), "CertificateExpiry20DayWarning"),
        (timedelta(days=11), "CertificateExpiry20DayWarning"),
        (timedelta(days=10), "CertificateExpiry10DayWarning"),
        (timedelta(seconds=1), "CertificateExpiry10DayWarning"),
        (timedelta(), "CertificateExpired"),
        (timedelta(days=-400), "CertificateExpired"),
    ],
)
def test_stage_that_is_told(left: timedelta, stage: str | None) -> None:
    assert stage_of(NOW + left, NOW) == stage


async def told(client: httpx.AsyncClient, query: str = "eventGroups=CertificateExpiryEvents") -> list[tuple[str, str]]:
    found = (await client.get(f"{SPACE}/events?{query}")).json()["Items"]
    return sorted((one["Category"], one["Message"].partition(", on ")[0].partition(" on 2")[0]) for one in found)


async def made(client: httpx.AsyncClient, name: str, days: int) -> Any:
    pair = signed(f"{name}.example", days=days)
    return await create(client, "certificates", **sent(pair.pem() + pair.key_pem(), Name=name))


async def test_each_stage_is_told_once(client: httpx.AsyncClient, server: Server) -> None:
    for name, days in {"fresh": 100, "ageing": 16, "old": 6, "dead": 0}.items():
        await made(client, name, days)
    archived = await made(client, "shelved", 3)
    assert (await client.post(archived["Links"]["Archive"])).is_success
    for watch in [ExpiryWatch(server.database) for _ in range(3)]:
        await watch.round()
    assert await told(client) == [
        ("CertificateExpired", "The certificate dead has expired"),
        ("CertificateExpiry10DayWarning", "The certificate old expires in 4 days"),
        ("CertificateExpiry20DayWarning", "The certificate ageing expires in 14 days"),
    ]


async def test_new_content_begins_anew(client: httpx.AsyncClient, server: Server) -> None:
    certificate, watch = await made(client, "shop", 6), ExpiryWatch(server.database)
    await watch.round()
    other = sent(signed("shop.example", days=7).pem())["CertificateData"]["NewValue"]
    answer = await client.post(certificate["Links"]["Replace"], json={"certificateData": other})
    assert answer.json()["Id"] == certificate["Id"]
    await watch.round()
    assert await told(client) == [
        ("CertificateExpiry10DayWarning", "The certificate shop expires in 4 days"),
        ("CertificateExpiry10DayWarning", "The certificate shop expires in 5 days"),
    ]


@pytest.mark.parametrize(
    ("query", "category", "how"),
    [
        ("?format=Der", "CertificateExported", "without"),
        ("?format=Pem&includePrivateKey=true", "PrivateKeyExported", "with"),
        ("", "PrivateKeyExported", "with"),
    ],
)
async def test_export_is_told(client: httpx.AsyncClient, query: str, category: str, how: str) -> None:
    certificate = await made(client, "shop", 30)
    assert (await client.get(f"{SPACE}/certificates/{certificate['Id']}/export{query}")).status_code == 200
    regarding = f"regarding={certificate['Id']}&eventGroups=Secret"
    assert await told(client, regarding) == [(category, f"The certificate shop was exported {how} its private key")]


async def test_variable_has_every_part_of_its_certificate(client: httpx.AsyncClient, server: Server) -> None:
    root = signed("Root")
    pair = signed("shop.example", root)
    whole = await create(client, "certificates", **sent(pair.pfx("open", root), "open"))
    bare = await create(client, "certificates", **sent(pair.pem(), Name="bare"))
    with server.database.read() as session:
        parts = {
            one: {part.name: part for part in certificate_parts(session, session.get(CERTIFICATES, one), opens=True)}
            for one in (whole["Id"], bare["Id"])
        }
    found = {name: part.value for name, part in parts[whole["Id"]].items()}
    assert {name for name, part in parts[whole["Id"]].items() if part.is_sensitive} == {
        "RawOriginal",
        "Password",
        "Pfx",
        "PrivateKey",
        "PrivateKeyPem",
    }
    assert set(found) == {
        *("Type", "Name", "Thumbprint", "RawOriginal", "Password", "Pfx", "Certificate", "CertificatePem"),
        *("PrivateKey", "PrivateKeyPem", "ChainPem", "HasPrivateKey", "SerialNumber", "NotBefore", "NotAfter"),
        *("Subject", "SubjectCommonName", "SubjectOrganization", "SubjectAlternativeNames"),
        *("Issuer", "IssuerCommonName", "IssuerOrganization"),
    }
    assert (found["SubjectCommonName"], found["IssuerCommonName"]) == ("shop.example", "Root")
    assert (found["SubjectOrganization"], found["HasPrivateKey"]) == ("Polpo, Inc.", "True")
    assert found["SubjectAlternativeNames"] == "shop.example,10.0.0.1"
    assert found["ChainPem"] == root.pem().decode()
    without = {name: part.value for name, part in parts[bare["Id"]].items()}
    assert (without["HasPrivateKey"], "PrivateKey" in without, "ChainPem" in without) == ("False", False, False)
