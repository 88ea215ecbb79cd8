"""Certificates over HTTP: read from every form of file, replaced, archived, exported, and held while they are used."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

from api.certificatefiles import DER, Pair, sent, signed
from api.conftest import SPACE, create

ROOT = signed("Root")
SHOP = signed("shop.example.com", ROOT)
OTHER = signed("other.example.com")
KEPT = {"HasValue": True, "NewValue": None, "Hint": None}
EMPTY = {"HasValue": False, "NewValue": None, "Hint": None}
THUMBPRINT = SHOP.certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - what certificates are known by

FILES: dict[str, tuple[bytes, str | None, dict[str, Any]]] = {
    "pfx": (
        SHOP.pfx("open", ROOT),
        "open",
        {"CertificateDataFormat": "Pkcs12", "HasPrivateKey": True, "Password": KEPT},
    ),
    "pfx without password": (SHOP.pfx(None, ROOT), None, {"CertificateDataFormat": "Pkcs12", "HasPrivateKey": True}),
    "pem": (SHOP.pem(), None, {"CertificateDataFormat": "Pem", "HasPrivateKey": False, "CertificateChain": []}),
    "pem with key and chain": (
        ROOT.pem() + SHOP.key_pem() + SHOP.pem(),
        None,
        {"CertificateDataFormat": "Pem", "HasPrivateKey": True, "Password": EMPTY},
    ),
    "pem with protected key": (
        SHOP.pem() + SHOP.key_pem("open") + ROOT.pem(),
        "open",
        {"CertificateDataFormat": "Pem", "HasPrivateKey": True, "Password": KEPT},
    ),
    "der": (
        SHOP.certificate.public_bytes(DER),
        None,
        {"CertificateDataFormat": "Der", "HasPrivateKey": False, "CertificateChain": []},
    ),
}


@pytest.mark.parametrize("form", FILES)
async def test_a_file_of_each_form_is_read(client: httpx.AsyncClient, form: str) -> None:
    content, password, expected = FILES[form]
    environment = await create(client, "environments", Name="Dev")
    await create(client, "tagsets", Name="Tier", Tags=[{"Name": "Gold"}])
    places = {"EnvironmentIds": [environment["Id"]], "TenantTags": ["Tier/Gold"], "Notes": "n"}

    made = await create(client, "certificates", **sent(content, password, **places))
    read = (await client.get(made["Links"]["Self"])).json()

    assert read == made
    told = {
        "SubjectDistinguishedName": "CN=shop.example.com, O=Polpo\\, Inc., C=AT",
        "SubjectCommonName": "shop.example.com",
        "SubjectOrganization": "Polpo, Inc.",
        "SubjectAlternativeNames": ["shop.example.com", "10.0.0.1"],
        "IssuerDistinguishedName": "CN=Root, O=Polpo\\, Inc., C=AT",
        "IssuerCommonName": "Root",
        "IssuerOrganization": "Polpo, Inc.",
        "SelfSigned": False,
        "IsExpired": False,
        "Thumbprint": THUMBPRINT,
        "Version": 3,
        "SerialNumber": "0ABC",
        "SignatureAlgorithmName": "sha256ECDSA",
        "Archived": None,
        "ReplacedBy": None,
        "CertificateData": KEPT,
        **places,
    }
    expected = told | expected
    assert {key: made[key] for key in expected} == expected
    assert datetime.fromisoformat(made["NotAfter"]) == SHOP.certificate.not_valid_after_utc
    chained = [one["SubjectDistinguishedName"] for one in made["CertificateChain"]]
    assert chained == ([] if "CertificateChain" in FILES[form][2] else ["CN=Root, O=Polpo\\, Inc., C=AT"])


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"Name": "shop"}, "CertificateData is missing"),
        (sent(b"", None), "CertificateData is missing"),
        (sent(b"no certificate"), "no certificate in the PFX (PKCS #12), PEM or DER format"),
        (sent(SHOP.pfx("open")), "it is protected by a password"),
        (sent(SHOP.pfx("open"), "wrong"), "the password is not the right one"),
        (sent(SHOP.key_pem()), "holds no certificate"),
        (sent(SHOP.pem() + OTHER.key_pem()), "belongs to none of its certificates"),
        (sent(SHOP.pem() + SHOP.key_pem("open")), "Password is missing"),
        (sent(SHOP.pem() + SHOP.key_pem("open"), "wrong"), "the password is not the right one"),
        (sent(SHOP.pem()[:100]), "ends inside of a block"),
        (sent(SHOP.pem().replace(b"MII", b"XXX")), "is damaged"),
        (sent(SHOP.pem(), None, CertificateData={"HasValue": True, "NewValue": "?"}), "as base64"),
        (sent(SHOP.pem(), None, EnvironmentIds=["Environments-9"]), "'Environments-9', which does not exist"),
        (sent(SHOP.pem(), None, Name=""), "needs a name"),
        (sent(SHOP.pem(), None, TenantedDeploymentParticipation="Perhaps"), "TenantedDeploymentParticipation"),
    ],
)
async def test_a_file_that_is_no_certificate_is_refused(
    client: httpx.AsyncClient, body: dict[str, Any], place: str
) -> None:
    answer = await client.post(f"{SPACE}/certificates", json=body)

    assert answer.status_code == 400
    assert place in answer.json()["Errors"][0]


async def test_an_expired_certificate_and_a_self_signed_one_are_told(client: httpx.AsyncClient) -> None:
    gone = signed("gone.example.com", days=0)
    made = await create(client, "certificates", **sent(gone.pem()))

    assert (made["IsExpired"], made["SelfSigned"]) == (True, True)
    assert (await client.get(f"{SPACE}/certificates")).json()["Items"][0]["IsExpired"]
    assert (await client.get(f"{SPACE}/certificates/all")).json()[0]["IsExpired"]


async def test_name_notes_and_places_can_be_changed_and_the_file_cannot(client: httpx.AsyncClient) -> None:
    await create(client, "tenants", Name="Acme")
    made = await create(client, "certificates", **sent(SHOP.pfx("open", ROOT), "open"))
    body = made | {"Name": "new", "Notes": "more", "TenantIds": ["Tenants-1"], "Thumbprint": "", "HasPrivateKey": False}
    del body["CertificateData"], body["Password"]

    changed = (await client.put(made["Links"]["Self"], json=body)).json()
    exported = await client.get(f"{SPACE}/certificates/{made['Id']}/export")

    expected = made | {"Name": "new", "Notes": "more", "TenantIds": ["Tenants-1"]}
    assert {**changed, "LastModifiedOn": None} == {**expected, "LastModifiedOn": None}
    assert pkcs12.load_key_and_certificates(exported.content, b"open")[0] is not None


async def test_a_replaced_certificate_keeps_its_id_and_the_former_one_is_archived(client: httpx.AsyncClient) -> None:
    made = await create(client, "certificates", **sent(SHOP.pfx("open", ROOT), "open", Notes="n"))
    body = {"certificateData": base64.b64encode(OTHER.pem()).decode(), "password": None}

    replaced = (await client.post(made["Links"]["Replace"], json=body)).json()
    live = (await client.get(f"{SPACE}/certificates")).json()["Items"]
    [former] = (await client.get(f"{SPACE}/certificates?archived=true")).json()["Items"]
    exported = await client.get(f"{SPACE}/certificates/{former['Id']}/export")

    assert (replaced["Id"], replaced["Notes"], replaced["HasPrivateKey"]) == (made["Id"], "n", False)
    assert (replaced["SubjectCommonName"], replaced["Password"]) == ("other.example.com", EMPTY)
    assert live == [replaced]
    assert (former["Thumbprint"], former["ReplacedBy"]) == (THUMBPRINT, made["Id"])
    assert former["Archived"] is not None
    assert pkcs12.load_key_and_certificates(exported.content, b"open")[1] is not None


async def test_a_replacement_that_is_no_certificate_changes_nothing(client: httpx.AsyncClient) -> None:
    made = await create(client, "certificates", **sent(SHOP.pem()))

    refused = await client.post(made["Links"]["Replace"], json={"CertificateData": "eA=="})
    missing = await client.post(made["Links"]["Replace"], json={})
    unknown = await client.post(f"{SPACE}/certificates/Certificates-9/replace", json={"CertificateData": "eA=="})

    assert refused.status_code == missing.status_code == 400
    assert unknown.status_code == 404
    assert (await client.get(f"{SPACE}/certificates/all")).json() == [made]


async def test_an_archived_certificate_comes_back(client: httpx.AsyncClient) -> None:
    made = await create(client, "certificates", **sent(SHOP.pem()))

    archived = (await client.post(made["Links"]["Archive"])).json()
    listed = (await client.get(f"{SPACE}/certificates")).json()["TotalResults"]
    by_id = (await client.get(f"{SPACE}/certificates?ids={made['Id']}")).json()["TotalResults"]
    back = (await client.post(made["Links"]["Unarchive"])).json()

    assert archived["Archived"] is not None
    assert (listed, by_id) == (0, 1)
    assert back["Archived"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["alpha", "beta", "gamma"]),
        ("search=OTHER.example", ["beta"]),
        pytest.param(f"search={THUMBPRINT[:12].lower()}", ["alpha"], id="thumbprint"),  # another one in each run
        ("search=noted", ["gamma"]),
        ("tenant=Tenants-1", ["gamma"]),
        ("partialName=ALP", ["alpha"]),
        ("name=beta", ["beta"]),
        ("orderBy=NotAfter", ["gamma", "alpha", "beta"]),
        ("orderBy=-name", ["gamma", "beta", "alpha"]),
        ("orderBy=NotAfter%20desc&take=1", ["beta"]),
        ("skip=1&take=1", ["beta"]),
        ("archived=true", []),
    ],
)
async def test_lists_of_certificates_are_narrowed_and_ordered(
    client: httpx.AsyncClient, query: str, found: list[str]
) -> None:
    soon, late = signed("soon.example.com", days=9), signed("other.example.com", days=90)
    await create(client, "tenants", Name="Acme")
    await create(client, "certificates", **sent(SHOP.pem(), None, Name="alpha"))
    await create(client, "certificates", **sent(late.pem(), None, Name="beta"))
    await create(client, "certificates", **sent(soon.pem(), None, Name="gamma", Notes="Noted", TenantIds=["Tenants-1"]))

    answer = await client.get(f"{SPACE}/certificates?{query}")

    assert [one["Name"] for one in answer.json()["Items"]] == found


async def test_an_unknown_order_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{SPACE}/certificates?orderBy=colour")

    assert (answer.status_code, "orderBy" in answer.json()["Errors"][0]) == (400, True)


# -- exporting


@pytest.fixture
async def stored(client: httpx.AsyncClient) -> str:
    """The address at which a certificate with key and chain is exported."""
    made = await create(client, "certificates", **sent(SHOP.pfx("open", ROOT), "open"))
    return str(made["Links"]["Export"].partition("{")[0])


def is_shops(key: Any) -> bool:
    return bool(key.private_numbers() == SHOP.key.private_numbers())


def pems(content: bytes) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(content)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("", [SHOP]),
        ("&pemOptions=PrimaryAndChain", [SHOP, ROOT]),
        ("&pemOptions=chainonly", [ROOT]),
    ],
)
async def test_a_certificate_is_exported_as_pem(
    client: httpx.AsyncClient, stored: str, options: str, found: list[Pair]
) -> None:
    answer = await client.get(f"{stored}?format=Pem{options}")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="shop.pem"'
    assert pems(answer.content) == [one.certificate for one in found]
    assert b"PRIVATE KEY" not in answer.content


async def test_the_private_key_comes_along_when_it_is_asked_for(client: httpx.AsyncClient, stored: str) -> None:
    plain = (await client.get(f"{stored}?format=Pem&includePrivateKey=true")).content
    protected = (await client.get(f"{stored}?format=Pem&includePrivateKey=true&password=secret")).content

    assert is_shops(load_pem_private_key(plain[plain.index(b"-----BEGIN PRIVATE") :], None))
    assert is_shops(load_pem_private_key(protected[protected.index(b"-----BEGIN ENCRYPTED") :], b"secret"))


@pytest.mark.parametrize("password", [None, "new secret"])
async def test_a_certificate_is_exported_as_pfx(client: httpx.AsyncClient, stored: str, password: str | None) -> None:
    answer = await client.get(f"{stored}?format=Pkcs12{'&password=' + password if password else ''}")

    key, own, chain = pkcs12.load_key_and_certificates(answer.content, password.encode() if password else None)
    assert is_shops(key)
    assert (own, chain) == (SHOP.certificate, [ROOT.certificate])


async def test_a_certificate_is_exported_as_der_and_as_it_was_sent(client: httpx.AsyncClient, stored: str) -> None:
    der = await client.get(f"{stored}?format=Der")
    original = await client.get(stored)

    assert x509.load_der_x509_certificate(der.content) == SHOP.certificate
    assert original.headers["Content-Disposition"] == 'attachment; filename="shop.pfx"'
    assert is_shops(pkcs12.load_key_and_certificates(original.content, b"open")[0])


@pytest.mark.parametrize("query", ["format=Jks", "format=Pem&pemOptions=All"])
async def test_an_export_that_makes_no_sense_is_refused(client: httpx.AsyncClient, stored: str, query: str) -> None:
    answer = await client.get(f"{stored}?{query}")

    assert answer.status_code == 400


async def test_exports_need_a_certificate_that_exists(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{SPACE}/certificates/Certificates-9/export")).status_code == 404


# -- use


async def test_a_certificate_in_use_cannot_be_deleted(client: httpx.AsyncClient, project: Any) -> None:
    certificate = await create(client, "certificates", **sent(SHOP.pem() + SHOP.key_pem()))
    environment = await create(client, "environments", Name="Dev")
    endpoint = {
        "CommunicationStyle": "Kubernetes",
        "ClusterUrl": "https://k",
        "SkipTlsVerification": "False",
        "ClusterCertificate": certificate["Id"],
        "Authentication": {"AuthenticationType": "KubernetesCertificate", "ClientCertificate": certificate["Id"]},
    }
    target = await create(
        client, "machines", Name="k", EnvironmentIds=[environment["Id"]], Roles=["web"], Endpoint=endpoint
    )
    variables = (await client.get(f"{SPACE}/variables/{project['VariableSetId']}")).json()
    variables["Variables"] = [{"Name": "Cert", "Type": "Certificate", "Value": certificate["Id"]}]
    assert (await client.put(f"{SPACE}/variables/{variables['Id']}", json=variables)).status_code == 200

    usage = (await client.get(certificate["Links"]["Usages"])).json()
    refused = await client.delete(certificate["Links"]["Self"])
    variables = (await client.get(f"{SPACE}/variables/{project['VariableSetId']}")).json() | {"Variables": []}
    assert (await client.put(f"{SPACE}/variables/{variables['Id']}", json=variables)).status_code == 200
    still = await client.delete(certificate["Links"]["Self"])
    await client.delete(target["Links"]["Self"])
    deleted = await client.delete(certificate["Links"]["Self"])

    assert target["Endpoint"] == endpoint
    assert [one["Id"] for one in usage["DeploymentTargetUsages"]] == [target["Id"]]
    assert [one["Id"] for one in usage["ProjectUsages"]] == [project["Id"]]
    assert refused.json()["Errors"] == ["In use by the variables of 'Web Shop'."]
    assert still.json()["Errors"] == ["In use by the machine 'k'."]
    assert deleted.status_code == 200


async def test_the_certificate_of_the_server_is_listed_and_can_be_fetched(client: httpx.AsyncClient) -> None:
    [own] = (await client.get("/api/configuration/certificates")).json()["Items"]
    none = (await client.get("/api/configuration/certificates?partialName=x")).json()
    file = await client.get(own["Links"]["PublicCer"])
    unknown = await client.get("/api/configuration/certificates/other/public-cer")

    assert (await client.get(own["Links"]["Self"])).json() == own
    assert none["TotalResults"] == 0
    assert unknown.status_code == 404
    told = x509.load_der_x509_certificate(file.content)
    assert told.fingerprint(hashes.SHA1()).hex().upper() == own["Thumbprint"]  # noqa: S303 - its name


async def test_a_certificate_for_tenants_or_tags_that_do_not_exist_is_refused(client: httpx.AsyncClient) -> None:
    for narrowed, named in (({"TenantIds": ["Tenants-9"]}, "Tenants-9"), ({"TenantTags": ["No/Tag"]}, "No/Tag")):
        answer = await client.post(f"{SPACE}/certificates", json=sent(SHOP.pem(), None, **narrowed))
        assert answer.status_code == 400
        assert named in answer.json()["Errors"][0]
