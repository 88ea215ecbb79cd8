"""What every route has in common: paths, sign-in, errors, paging."""

from __future__ import annotations

import httpx
import pytest

PASSWORD = "correct horse battery"


async def test_anyone_reads_the_root_document_with_and_without_slash(anonymous: httpx.AsyncClient) -> None:
    for path in ("/api", "/api/"):
        answer = await anonymous.get(path)
        assert answer.status_code == 200
        assert answer.json()["ApiVersion"] == "3.0.0"
        assert answer.json()["Links"]["Environments"].startswith("/api/Spaces-1/environments{/id}")


@pytest.mark.parametrize("prefix", ["/api/Spaces-1", "/api/spaces/Spaces-1", "/api", "/api/spaces-1"])
async def test_a_space_is_reached_by_all_three_forms_of_path(client: httpx.AsyncClient, prefix: str) -> None:
    created = await client.post(f"{prefix}/environments", json={"name": "Development"})
    assert created.status_code == 201
    listed = (await client.get(f"{prefix}/environments")).json()
    assert [item["Name"] for item in listed["Items"]] == ["Development"]
    assert listed["Items"][0]["Links"]["Self"] == "/api/Spaces-1/environments/Environments-1"


@pytest.mark.parametrize("key", ["API-WRONG", "nonsense", "API-é"])
async def test_a_wrong_api_key_is_refused_in_the_contracts_shape(anonymous: httpx.AsyncClient, key: str) -> None:
    answer = await anonymous.get("/api/environments", headers={"X-Octopus-ApiKey": key.encode("latin-1")})
    assert answer.status_code == 401
    assert "API key" in answer.json()["ErrorMessage"]
    assert answer.json()["Errors"]


async def test_without_credentials_nothing_but_the_root_is_shown(anonymous: httpx.AsyncClient) -> None:
    for headers in ({}, {"X-Octopus-ApiKey": ""}):
        answer = await anonymous.get("/api/environments", headers=headers)
        assert answer.status_code == 401


async def test_an_unknown_id_is_404_without_errors(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/Spaces-1/environments/Environments-99")
    assert answer.status_code == 404
    assert "Environments-99" in answer.json()["ErrorMessage"]
    assert "Errors" not in answer.json()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "not valid JSON"),
        (b'{"Name": "x", "SortOrder": 1180591620717411303424}', "too large"),
        (b"", "no body"),
        (b"[]", "must be a JSON object"),
        (b'{"Name": 3, "SortOrder": "x"}', "SortOrder: expected `int`"),
        (b'{"Name": "  "}', "needs a name"),
        (b'{"Name": "' + b"x" * 300 + b'"}', "too many"),
        (b"\xff\xfe", "not valid JSON"),
        (b"[" * 100000, "not valid JSON"),
    ],
)
async def test_a_bad_body_is_400_and_stores_nothing(client: httpx.AsyncClient, body: bytes, sentence: str) -> None:
    answer = await client.post("/api/environments", content=body)
    assert answer.status_code == 400
    assert sentence in " ".join(answer.json()["Errors"])
    assert (await client.get("/api/environments")).json()["TotalResults"] == 0


async def test_bad_paging_is_400_with_a_sentence(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/environments?skip=-1")
    assert answer.status_code == 400
    assert "'skip'" in answer.json()["ErrorMessage"]


async def test_pages_link_to_each_other_and_repeat_the_filters(client: httpx.AsyncClient) -> None:
    for number in range(5):
        await client.post("/api/environments", json={"Name": f"Env {number}"})
    page = (await client.get("/api/environments?partialName=env&take=2")).json()
    seen = [item["Name"] for item in page["Items"]]
    while "Page.Next" in page["Links"]:
        page = (await client.get(page["Links"]["Page.Next"])).json()
        seen += [item["Name"] for item in page["Items"]]
    assert seen == [f"Env {number}" for number in range(5)]
    assert page["LastPageNumber"] == 2


async def test_ids_may_be_joined_or_repeated(client: httpx.AsyncClient) -> None:
    for name in "abc":
        await client.post("/api/environments", json={"Name": name})
    for query in ("ids=Environments-1,Environments-3", "ids=Environments-1&ids=Environments-3"):
        found = (await client.get(f"/api/environments?{query}")).json()["Items"]
        assert [item["Name"] for item in found] == ["a", "c"]


async def test_put_arrives_as_post_with_a_header_too(client: httpx.AsyncClient) -> None:
    await client.post("/api/environments", json={"Name": "a"})
    answer = await client.post(
        "/api/environments/Environments-1", json={"Name": "b"}, headers={"X-HTTP-Method-Override": "PUT"}
    )
    assert (answer.status_code, answer.json()["Name"]) == (200, "b")


async def test_deleting_answers_200_with_a_body_and_then_404(client: httpx.AsyncClient) -> None:
    await client.post("/api/environments", json={"Name": "a"})
    assert (await client.delete("/api/environments/Environments-1")).json() == {}
    assert (await client.get("/api/environments/Environments-1")).status_code == 404


async def test_a_browser_signs_in_writes_with_its_csrf_token_and_signs_out(anonymous: httpx.AsyncClient) -> None:
    wrong = await anonymous.post("/api/users/login", json={"Username": "admin", "Password": "wrong"})
    assert wrong.status_code == 401
    await anonymous.post("/api/users/login", json={"Username": "Admin", "Password": PASSWORD})
    assert (await anonymous.get("/api/users/me")).json()["Username"] == "admin"
    refused = await anonymous.post("/api/environments", json={"Name": "a"})
    assert refused.status_code == 403
    token = next(value for name, value in anonymous.cookies.items() if name.startswith("Octopus-Csrf-Token_"))
    headers = {"X-Octopus-Csrf-Token": token}
    assert (await anonymous.post("/api/environments", json={"Name": "a"}, headers=headers)).status_code == 201
    await anonymous.post("/api/users/logout", headers=headers)
    assert (await anonymous.get("/api/users/me")).status_code == 401


async def test_an_api_key_is_shown_once_works_and_can_be_revoked(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    created = (await client.post("/api/users/Users-1/apikeys", json={"Purpose": "build server"})).json()
    headers = {"X-Octopus-ApiKey": created["ApiKey"]}
    assert (await anonymous.get("/api/users/me", headers=headers)).status_code == 200
    listed = (await client.get("/api/users/Users-1/apikeys")).text
    assert created["ApiKey"] not in listed
    await client.delete(f"/api/users/Users-1/apikeys/{created['Id']}")
    assert (await anonymous.get("/api/users/me", headers=headers)).status_code == 401


async def test_passwords_and_hashes_never_leave(client: httpx.AsyncClient) -> None:
    created = await client.post("/api/users", json={"Username": "eva", "Password": "a good password"})
    assert created.status_code == 201
    everything = created.text + (await client.get("/api/users/all")).text
    assert "a good password" not in everything
    assert "argon2" not in everything


@pytest.mark.parametrize("word", ["accounts", "certificates", "projects"])
async def test_the_default_space_is_meant_where_a_word_belongs_to_the_system_too(
    client: httpx.AsyncClient, word: str
) -> None:
    short, full = await client.get(f"/api/{word}"), await client.get(f"/api/Spaces-1/{word}")
    assert (short.status_code, short.json()["Items"]) == (200, full.json()["Items"])
    assert (await client.post(f"/api/{word}", json={})).status_code == 400
    assert (await client.get(f"/api/{word}/Nothing-1")).status_code == 404


@pytest.mark.parametrize("path", ["/apis", "/api-docs/projects", "/apiSpaces-1/projects"])
async def test_what_only_begins_like_the_api_is_not_the_api(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert "Application" not in answer.text
    assert "ItemType" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "projects?partialName=" + "x" * 50_000,
        "machines?roles=" + ",".join(f"r{number}" for number in range(3000)),
        "tenants?tags=" + ",".join(f"a/{number}" for number in range(3000)),
        "tenants?tags=" + ",".join(f"{number}/a" for number in range(3000)),
    ],
    ids=["long", "roles", "tags", "tag sets"],
)
async def test_a_question_that_no_database_takes_is_refused(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/api/Spaces-1/{query}")
    assert answer.status_code == 400, answer.text
    assert "is the most" in answer.json()["Errors"][0]


async def test_head_asks_for_everything_but_the_body(client: httpx.AsyncClient) -> None:
    full, head = await client.get("/api/Spaces-1/projects"), await client.head("/api/Spaces-1/projects")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == full.headers["ETag"]
    assert (await client.head("/api/Spaces-1/projects/Projects-99")).status_code == 404
    assert (await client.head("/api/users/login")).status_code == 404
