"""What no client may send: too deep, too slow, too much, or a name that leads somewhere else."""

from __future__ import annotations

import asyncio
import io
import itertools
import zipfile
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from tests.api.conftest import SPACE
from tests.conftest import API_KEY

from polpo.rest import bodies
from polpo.rest.uploads import Uploads
from polpo.server.application import Server


def nested(depth: int, inner: str = "1") -> str:
    return '{"a":' * depth + inner + "}" * depth


DEEP = [
    ("POST", f"{SPACE}/projects", "{}"),
    ("POST", f"{SPACE}/projectgroups", '{{"Name": "x", "Extra": {}}}'),
    ("PUT", "/api/configuration/features/values", "{}"),
    ("PUT", "/api/configuration/webportal/values", '{{"Security": {}}}'),
    ("POST", f"{SPACE}/actiontemplates", '{{"Name": "x", "ActionType": "Octopus.Script", "Properties": {}}}'),
    ("POST", f"{SPACE}/tasks", '{{"Name": "Health", "Arguments": {}}}'),
    ("POST", "/token/v1", "{}"),
]


async def test_a_body_that_is_nested_deeply_is_no_mistake_of_the_server(
    client: httpx.AsyncClient,
) -> None:
    for (method, path, frame), depth in itertools.product(DEEP, (500, 950, 100_000)):
        answer = await client.request(method, path, content=frame.format(nested(depth)))
        assert answer.status_code < 500, answer.text
        assert depth < 100_000 or answer.status_code == 400


async def test_a_body_that_does_not_come_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_WHOLE_SECONDS", 0.02)
    sent: list[Any] = []
    begun = [{"type": "http.request", "body": b'{"Name": ', "more_body": True}]

    async def receive() -> Any:
        if begun:
            return begun.pop()
        return await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{SPACE}/projectgroups",
        "raw_path": f"{SPACE}/projectgroups".encode(),
        "query_string": b"",
        "headers": [(b"host", b"polpo.test"), (b"x-octopus-apikey", API_KEY.encode())],
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "http_version": "1.1",
    }
    await server.application(scope, receive, send)  # type: ignore[arg-type]
    assert sent[0]["status"] == 408


async def test_who_is_not_let_in_fills_no_memory(anonymous: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
    """The refusal comes with the head: of a large body, or one that does not say how large it is, nothing is read."""
    read: list[bytes] = []

    async def body() -> AsyncIterator[bytes]:
        for _ in range(300):
            read.append(bytes(1024))
            yield read[-1]

    path = f"{SPACE}/projectgroups"
    for headers in ({}, {"content-length": str(300 << 10)}):
        assert (await anonymous.post(path, content=body(), headers=headers)).status_code == 401
        assert not read
    refused = await anonymous.post("/api/users/login", content=b"{" + 300_000 * b" " + b"}")
    assert (refused.status_code, refused.json()["ErrorMessage"]) == (413, "The request body is larger than 256 KB.")
    described = {"Name": "large", "Description": 300_000 * "a"}
    assert (await client.post(path, json=described)).status_code == 201


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        written.writestr("a.txt", "a")
    return file.getvalue()


async def pushed(client: httpx.AsyncClient, name: str) -> httpx.Response:
    return await client.post(f"{SPACE}/packages/raw", files={"file": (name, archive())})


async def test_a_file_is_refused_before_the_disk_is_full(server: Server, client: httpx.AsyncClient) -> None:
    uploads = server.parts.get(Uploads)
    uploads.reserve = 1 << 60
    answer = await pushed(client, "Acme.Web.1.0.0.zip")
    assert answer.status_code == 503
    assert "too little space" in answer.json()["ErrorMessage"]
    assert list(uploads.folder.iterdir()) == []


# -- names that lead somewhere else

NASTY = [
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "..%252f..%252fetc",
    "%2e%2e/%2e%2e/etc/passwd",
    "....//....//etc/passwd",
    "..\\..\\windows\\win.ini",
    "..%5c..%5cwin.ini",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "//etc/passwd",
    "C:\\windows\\win.ini",
    "file:///etc/passwd",
    "a%00.txt",
    "%00",
    "a%0d%0aSet-Cookie:x=y",
    "%c0%ae%c0%ae%c0%af",
    "%ff%fe",
    "CON",
    "NUL.txt",
    "COM1",
    ".",
    "..",
    "~root",
    "polpo.db",
    "master.key",
    "%F0%9F%92%A9",
    "a" * 3000,
]

PLACES = [
    "/app/{}",
    "/app/assets/{}",
    "/{}",
    "/api/{}",
    "/.well-known/{}",
    f"{SPACE}/packages/{{}}/raw",
    f"{SPACE}/packages/packages-{{}}",
    f"{SPACE}/artifacts/{{}}/content",
    f"{SPACE}/projects/{{}}/logo",
    f"{SPACE}/projects/Projects-1/{{}}/variables",
    f"{SPACE}/projects/Projects-1/refs/heads/{{}}/deploymentprocesses",
    f"{SPACE}/tasks/{{}}/raw",
    f"{SPACE}/certificates/{{}}/export",
    "/api/events/archives/{}",
    "/api/configuration/{}/values",
    "/api/users/{}/logo",
    f"{SPACE}/feeds/feeds-builtin/packages/notes?packageId={{}}&version=1",
]


async def test_no_name_in_a_path_leads_to_another_file(client: httpx.AsyncClient) -> None:
    for place, name in itertools.product(PLACES, NASTY):
        path = place.format(name)
        answer = await client.get("http://polpo.test" + path, headers={"Accept": "*/*"})
        told = f"{path} answered {answer.status_code}: {answer.text[:200]}"
        assert answer.status_code < 500 or answer.status_code in {501, 503}, told
        assert "root:" not in answer.text, told
        assert b"SQLite format" not in answer.content, told
        assert "set-cookie" not in answer.headers, told


@pytest.mark.parametrize("name", ["../../evil.1.0.0.zip", "C:\\x\\evil.1.0.0.zip", "/tmp/evil.1.0.0.zip"])
async def test_a_pushed_file_is_known_by_the_last_part_of_its_name(client: httpx.AsyncClient, name: str) -> None:
    answer = await pushed(client, name)
    assert answer.status_code == 201, answer.text
    assert answer.json()["PackageId"] == "evil"


@pytest.mark.parametrize(
    "name", ["..", "a\r\nb.1.0.0.zip", "ev\x00il.1.0.0.zip", "..1.0.0.zip", "%2e%2e%2fx.1.0.0.zip", "*.1.0.0.zip"]
)
async def test_a_pushed_file_whose_name_is_no_package_is_refused(client: httpx.AsyncClient, name: str) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n\r\n'
        + archive() + b"\r\n--b--\r\n"
    )  # fmt: skip
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await client.post(f"{SPACE}/packages/raw", content=body, headers=headers)
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("name", ["../x.txt", "a\r\nSet-Cookie: x=y", 'a";b="c', "ü\u202e.exe", "\x00.txt", "x" * 500])
async def test_an_artifact_is_offered_under_a_name_that_breaks_no_header(client: httpx.AsyncClient, name: str) -> None:
    made = await client.post(f"{SPACE}/artifacts", json={"Filename": name})
    if made.status_code == 400:
        return
    assert made.status_code == 201, made.text
    path = f"{SPACE}/artifacts/{made.json()['Id']}/content"
    await client.put(path, content=b"<script>alert(1)</script>")
    got = await client.get(path)
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith('attachment; filename="')
    assert "sandbox" in got.headers["content-security-policy"]
    assert "set-cookie" not in got.headers
    assert quote("/") not in got.headers["content-disposition"]
