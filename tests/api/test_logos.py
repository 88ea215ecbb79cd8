"""Logos: drawn from the name, uploaded, and gone with their owner."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE

from polpo.features.logos.resource import picture_table
from polpo.features.logos.service import content_type_of, draw
from polpo.kernel.errors import Invalid
from polpo.server.application import Server

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
SVG = b'<?xml version="1.0"?>\n<!-- drawn by hand -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'
LOGO = f"{SPACE}/projects/Projects-1/logo"


def _form(content: bytes, name: str = "logo.png") -> dict[str, Any]:
    return {"fileToUpload": (name, content)}


async def test_a_project_without_a_logo_shows_its_initials(client: httpx.AsyncClient, project: Any) -> None:
    answer = await client.get(LOGO)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert ">WS</text>" in answer.text
    again = await client.get(f"{LOGO}?cb=1", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_an_uploaded_logo_is_shown(client: httpx.AsyncClient, project: Any, method: str) -> None:
    stored = await client.request(method, LOGO, files=_form(PNG))

    answer = await client.get(project["Links"]["Logo"].partition("{")[0])
    assert (stored.status_code, stored.json()) == (200, {})
    assert (answer.headers["content-type"], answer.content) == ("image/png", PNG)


async def test_a_new_logo_takes_the_place_of_the_old_one(
    client: httpx.AsyncClient, server: Server, project: Any
) -> None:
    for content in (PNG, PNG + b"new", PNG + b"newer"):
        await client.put(LOGO, files=_form(content))

    assert (await client.get(LOGO)).content == PNG + b"newer"
    with server.database.read() as session:
        assert len(session.connection.execute(picture_table.select()).all()) <= 2


async def test_what_an_svg_brings_along_stays_shut_in(client: httpx.AsyncClient, project: Any) -> None:
    await client.put(LOGO, files=_form(SVG, "logo.svg"))

    answer = await client.get(LOGO)
    assert (answer.headers["content-type"], answer.content) == ("image/svg+xml", SVG)
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_what_is_no_picture_is_refused(client: httpx.AsyncClient, project: Any) -> None:
    text = await client.put(LOGO, files=_form(b"<html><svg></svg></html>"))
    large = await client.put(LOGO, files=_form(PNG + b"\x00" * (1 << 20)))
    no_form = await client.put(LOGO, json={"Name": "logo"})

    assert (text.status_code, text.json()["Errors"][0].split(";")[0]) == (
        400,
        "The file is no picture that can be a logo",
    )
    assert (large.status_code, large.json()["ErrorMessage"].split(",")[0]) == (413, "The file is larger than 1 MB")
    assert no_form.status_code == 400


async def test_a_logo_needs_its_owner(client: httpx.AsyncClient, project: Any) -> None:
    path = f"{SPACE}/projects/Projects-9/logo"
    assert (await client.get(path)).status_code == 404
    assert (await client.put(path, files=_form(PNG))).status_code == 404

    await client.put(LOGO, files=_form(PNG))
    assert (await client.delete(f"{SPACE}/projects/Projects-1")).status_code == 200
    assert (await client.get(LOGO)).status_code == 404


async def test_a_space_has_a_logo(client: httpx.AsyncClient) -> None:
    drawn = await client.get("/api/spaces/Spaces-1/logo")
    await client.put("/api/spaces/Spaces-1/logo", files=_form(PNG))

    assert ">D</text>" in drawn.text
    assert (await client.get("/api/spaces/default/logo")).content == PNG


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (SVG, "image/svg+xml"),
        (b"\xef\xbb\xbf<svg>", "image/svg+xml"),
    ],
)
def test_a_picture_is_known_by_its_content(content: bytes, content_type: str) -> None:
    assert content_type_of(content) == content_type


@pytest.mark.parametrize(
    "content", [b"", b"<svgx>", b"RIFF", b"<!-- -->" * 5000, b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>"]
)
def test_other_content_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        content_type_of(content)


@pytest.mark.parametrize(
    ("name", "shown"), [("Web Shop", "WS"), ("<b> & c", "BC"), ("---", "?"), ("Ärger", "Ä"), ("one two three", "OT")]
)
def test_initials_are_drawn(name: str, shown: str) -> None:
    assert f">{shown}</text>" in draw("Projects-1", name).decode()


def test_a_colour_that_is_none_is_not_drawn() -> None:
    assert b'fill="#123456"' in draw("Projects-1", "A", "#123456")
    assert b"script" not in draw("Projects-1", "A", '"/><script>')
