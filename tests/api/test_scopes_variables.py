"""Who sees and changes which variables: one by one, by the environments of their scope."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.git_projects import convert
from tests.api.people import Headers, also, person
from tests.api.scopes import DEV, PROD, world
from tests.git_server import Repository

from polpo.server.application import Server

PATH = f"{SPACE}/variables/variableset-Projects-1"
ALL = "dev prod both free"
SCOPES: dict[str, list[str]] = {"dev": [DEV], "prod": [PROD], "both": [DEV, PROD], "free": []}
LIBRARY = "variableset-LibraryVariableSets-1"
VIEW, EDIT = ["VariableView"], ["VariableView", "VariableEdit"]
IN_DEV = {"environment_ids": [DEV]}


def variables() -> list[dict[str, Any]]:
    """One for each way to be scoped, a secret in the middle, so that places can be told."""
    found = [
        {"Id": name, "Name": name, "Value": f"{name}!", "Scope": {"Environment": places} if places else {}}
        for name, places in SCOPES.items()
    ]
    found[1] |= {"Type": "Sensitive", "IsSensitive": True}
    return found


async def filled(client: httpx.AsyncClient) -> None:
    """The variables in the first project, the second and a library set, which the first includes."""
    await world(client)
    await create(client, "libraryvariablesets", Name="Shared")
    for owner in ("variableset-Projects-1", "variableset-Projects-2", LIBRARY):
        path = f"{SPACE}/variables/{owner}"
        known = (await client.get(path)).json()
        answer = await client.put(path, json={**known, "Variables": variables()})
        assert answer.status_code == 200, answer.text
    project = (await client.get(f"{SPACE}/projects/Projects-1")).json()
    included = {**project, "IncludedLibraryVariableSetIds": ["LibraryVariableSets-1"]}
    assert (await client.put(f"{SPACE}/projects/Projects-1", json=included)).status_code == 200


async def shown(client: httpx.AsyncClient, who: Headers | None, path: str = PATH) -> str:
    answer = await client.get(path, headers=who)
    if answer.status_code != 200:
        return str(answer.status_code)
    return " ".join(one["Name"] for one in answer.json()["Variables"])


#: What is granted, how narrowed, and what is seen of the first project, the second and the library set.
SEEN: list[tuple[list[str], dict[str, Any], str, str, str]] = [
    (VIEW, {}, ALL, ALL, "403"),
    ([*VIEW, "LibraryVariableSetView"], {}, ALL, ALL, ALL),
    ([*VIEW, "LibraryVariableSetView"], IN_DEV, "dev both", "dev both", "dev both"),
    ([*VIEW, "LibraryVariableSetView"], {"project_ids": ["Projects-1"]}, ALL, "403", ALL),
    ([*VIEW, "VariableViewUnscoped"], IN_DEV, "dev both free", "dev both free", "403"),
    (["VariableView", "VariableViewUnscoped"], IN_DEV | {"project_ids": ["Projects-1"]}, "dev both free", "403", "403"),
]


async def test_a_set_shows_the_variables_that_may_be_seen(client: httpx.AsyncClient, server: Server) -> None:
    await filled(client)
    for number, (rights, within, first, second, library) in enumerate(SEEN):
        who = await person(server, f"p{number}", *rights, **within)
        for owner, expected in (("Projects-1", first), ("Projects-2", second), ("LibraryVariableSets-1", library)):
            path = f"{SPACE}/variables/variableset-{owner}"
            assert await shown(client, who, path) == expected, (rights, within, owner)
        listed = (await client.get(f"{SPACE}/variables", headers=who)).json()
        assert listed["TotalResults"] == sum(one != "403" for one in (first, second, library))
        assert all(one["Name"] in first + library for each in listed["Items"] for one in each["Variables"])
        names = (await client.get(f"{SPACE}/variables/names?project=Projects-1", headers=who)).json()
        assert set(names) == set(first.split()), (rights, within)


async def test_what_a_set_can_be_scoped_to_is_what_may_be_seen(client: httpx.AsyncClient, server: Server) -> None:
    await filled(client)
    who = await person(server, "eva", *VIEW, "EnvironmentView", "MachineView", **IN_DEV)
    values = (await client.get(PATH, headers=who)).json()["ScopeValues"]
    assert [one["Id"] for one in values["Environments"]] == [DEV]
    assert [one["Id"] for one in values["Machines"]] == ["Machines-1"]
    assert values["Channels"] == values["Actions"] == []


async def test_a_preview_tells_no_value_that_may_not_be_seen(client: httpx.AsyncClient, server: Server) -> None:
    await filled(client)
    known = (await client.get(PATH)).json()
    mixed = {"Name": "mixed", "Value": "#{free} and #{dev}", "Scope": {"Environment": [DEV]}}
    answer = await client.put(PATH, json={**known, "Variables": [*known["Variables"], mixed]})
    assert answer.status_code == 200
    who = await person(server, "eva", *VIEW, "EnvironmentView", **IN_DEV)
    preview = (await client.get(f"{SPACE}/variables/preview?project=Projects-1&environment={DEV}", headers=who)).json()
    assert {one["Name"]: one["Value"] for one in preview["Variables"]} == {
        "dev": "dev!",
        "both": "both!",
        "mixed": "***** and dev!",
    }
    unseen = f"{SPACE}/variables/preview?project=Projects-1&environment={PROD}"
    assert (await client.get(unseen, headers=who)).status_code == 400
    why = f"{SPACE}/variables/explanation?project=Projects-1&name="
    assert (await client.get(why + "free", headers=who)).status_code == 404
    assert (await client.get(why + "dev", headers=who)).status_code == 200


def without(*names: str) -> Any:
    return lambda found: [one for one in found if one["Name"] not in names]


def changed(name: str, **more: Any) -> Any:
    return lambda found: [{**one, **more} if one["Name"] == name else one for one in found]


def added(name: str, *places: str, **more: Any) -> Any:
    new = {"Name": name, "Value": "new", "Scope": {"Environment": list(places)} if places else {}, **more}
    return lambda found: [*found, new]


#: What somebody who may see and edit in Dev does to the set; the permission that is missing and for which variable, or
#: what the set has then.
CHANGES: list[tuple[Any, str, str]] = [
    (without("dev"), "", "prod both free"),
    (changed("dev", Value="other"), "", "dev prod both free"),
    (changed("dev", Scope={"Environment": [PROD]}), "VariableEdit", "dev"),
    (changed("dev", Scope={}), "VariableEditUnscoped", "dev"),
    (without("both"), "VariableEdit", "both"),
    (changed("both", Value="other"), "VariableEdit", "both"),
    (added("more", DEV), "", "dev prod both free more"),
    (added("more", PROD), "VariableEdit", "more"),
    (added("more"), "VariableEditUnscoped", "more"),
    (added("taken", DEV, Id="prod"), "VariableEdit", "prod"),
    (lambda found: found, "", ALL),
    (lambda _found: [], "VariableEdit", "both"),
]


@pytest.mark.parametrize("owner", ["variableset-Projects-1", LIBRARY])
async def test_a_change_takes_the_right_to_each_variable_and_leaves_the_unseen(
    client: httpx.AsyncClient, server: Server, owner: str
) -> None:
    await filled(client)
    path = f"{SPACE}/variables/{owner}"
    who = await person(server, "eva", *EDIT, "LibraryVariableSetView", "LibraryVariableSetEdit", **IN_DEV)
    for change, missing, after in CHANGES:
        known = (await client.get(path)).json()
        reset = await client.put(path, json={**known, "Variables": variables()})
        assert reset.status_code == 200, reset.text
        seen = (await client.get(path, headers=who)).json()
        answer = await client.put(path, json={**seen, "Variables": change(seen["Variables"])}, headers=who)
        if missing:
            assert answer.status_code == 403, (change, answer.text)
            assert answer.json()["Details"]["MissingPermission"] == missing
            assert f"'{after}'" in answer.json()["ErrorMessage"]
        else:
            assert answer.status_code == 200, answer.text
            assert await shown(client, None, path) == after


async def test_who_may_edit_but_not_look_deletes_nothing(client: httpx.AsyncClient, server: Server) -> None:
    await filled(client)
    who = await person(server, "eva", "VariableEdit")
    known = (await client.get(PATH)).json()
    answer = await client.put(PATH, json={**known, "Variables": added("more")([])}, headers=who)
    assert answer.status_code == 200, answer.text
    assert answer.json()["Variables"] == []
    assert await shown(client, None) == f"{ALL} more"
    other = await person(server, "tom", "VariableEdit", project_ids=["Projects-2"])
    refused = await client.put(PATH, json={**known, "Version": known["Version"] + 1}, headers=other)
    assert refused.status_code == 403


async def test_what_holds_in_an_environment_alone_is_told_as_far_as_it_may_be_seen(
    client: httpx.AsyncClient, server: Server
) -> None:
    await filled(client)
    who = await person(server, "eva", "EnvironmentView", *VIEW, project_ids=["Projects-1"])
    told = (await client.get(f"{SPACE}/environments/{DEV}/singlyScopedVariableDetails", headers=who)).json()
    assert told["VariableMap"] == {"Projects-1": {"dev": 1}}
    assert told["HasUnauthorizedProjectVariables"]
    assert told["HasUnauthorizedLibraryVariableSetVariables"]


async def test_variables_on_a_branch_are_narrowed_alike(
    client: httpx.AsyncClient, server: Server, repository: Repository
) -> None:
    await world(client)
    known = (await client.get(PATH)).json()
    plain = [one for one in variables() if one["Name"] != "prod"]
    secret = {"Name": "key", "Value": "s", "Type": "Sensitive", "IsSensitive": True, "Scope": {"Environment": [PROD]}}
    assert (await client.put(PATH, json={**known, "Variables": [*plain, secret]})).status_code == 200
    project = (await client.get(f"{SPACE}/projects/Projects-1")).json()
    blind = await person(server, "blind", "ProjectEdit", "ProcessView", "VariableView", **IN_DEV)
    path = f"{SPACE}/projects/Projects-1/git/convert"
    assert (await client.post(path, json={}, headers=blind)).status_code == 403
    assert (await convert(client, project, repository)).status_code == 200
    path = f"{SPACE}/projects/Projects-1/main/variables"
    who = await person(server, "eva", *EDIT, **IN_DEV)
    assert await shown(client, who, path) == "dev both"
    seen = (await client.get(path, headers=who)).json()
    for change, missing in ((without("both"), "VariableEdit"), (added("more"), "VariableEditUnscoped")):
        refused = await client.put(path, json={**seen, "Variables": change(seen["Variables"])}, headers=who)
        assert refused.status_code == 403
        assert missing in refused.json()["ErrorMessage"]
    [key] = (await client.get(PATH)).json()["Variables"]
    stolen = added("key", DEV, Id=key["Id"], Type="Sensitive", IsSensitive=True, Value="")(seen["Variables"])
    assert (await client.put(path, json={**seen, "Variables": stolen}, headers=who)).status_code == 403
    answer = await client.put(path, json={**seen, "Variables": without("dev")(seen["Variables"])}, headers=who)
    assert answer.status_code == 200, answer.text
    assert await shown(client, None, path) == "both free"
    assert await shown(client, None) == "key"
    other = await person(server, "tom", *EDIT, "ProcessView", "RunbookView", "ProjectView", project_ids=["Projects-2"])
    for part in ("variables", "deploymentprocesses", "deploymentsettings", "runbooks", "deploymentprocesses/template"):
        answer = await client.get(f"{SPACE}/projects/Projects-1/main/{part}", headers=other)
        assert answer.status_code == 403, part
    assert (await client.get(f"{SPACE}/projects/Projects-1/git/branches", headers=other)).status_code == 403


async def test_the_audit_trail_tells_no_value_that_may_not_be_seen(client: httpx.AsyncClient, server: Server) -> None:
    await filled(client)
    for number, (rights, within, is_told) in enumerate(
        (
            ([], {}, False),
            (VIEW, IN_DEV, False),
            (VIEW, {}, True),
            (VIEW, {"project_ids": ["Projects-1"]}, True),
        )
    ):
        who = await person(server, f"p{number}", *rights, **within)
        user = (await client.get("/api/users/me", headers=who)).json()
        await also(server, user["Id"], f"seers{number}", "EventView")
        told = (await client.get(f"{SPACE}/events?regarding=variableset-Projects-1", headers=who)).json()["Items"]
        one = (await client.get(f"{SPACE}/events/{told[0]['Id']}", headers=who)).json()
        assert ("dev!" in str(told), "dev!" in str(one)) == (is_told, is_told), (rights, within)
        exported = await client.get(f"{SPACE}/events/export", headers=who)
        assert exported.status_code == 200
        assert "dev!" not in exported.text
    auditor = await person(server, "ada", "EventView", "VariableView", "LibraryVariableSetView")
    assert "dev!" in (await client.get(f"{SPACE}/events/export", headers=auditor)).text
