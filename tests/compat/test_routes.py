"""Every route of the contract is served, or listed as missing; the list only shrinks."""

from __future__ import annotations

import re

import httpx

from compat import facts
from polpo.server.features import COLLECTIONS
from polpo.server.reference import reference_routes
from polpo.server.unserved import missing_routes, normalised, served_places

#: How many routes may be missing. It only goes down.
MOST_MISSING = 63

_SERVED = served_places([*COLLECTIONS, reference_routes(COLLECTIONS)])
_MISSING = {(method, normalised(path)) for method, path in missing_routes()}


def _place(route: facts.ContractRoute) -> tuple[str, str]:
    return route.method, normalised(route.path)


def test_every_route_of_the_contract_is_served_or_listed_as_missing() -> None:
    lost = [str(route) for route in facts.routes() if _place(route) not in _SERVED | _MISSING]
    assert not lost, f"Serve these, or list them in missing_routes.txt: {lost}"


def test_served_routes_are_taken_off_the_list() -> None:
    served = [f"{method} {path}" for method, path in missing_routes() if (method, normalised(path)) in _SERVED]
    assert not served, f"These are served: take them off missing_routes.txt: {served}"


def test_list_names_routes_of_the_contract_once_and_sorted() -> None:
    listed = [f"{method} {path}" for method, path in missing_routes()]
    assert listed == sorted(set(listed))
    assert set(listed) <= {str(route) for route in facts.routes()}


def test_list_only_shrinks() -> None:
    count = len(missing_routes())
    assert count == MOST_MISSING, f"{count} routes are missing: write that number here if it is smaller."


async def test_missing_routes_say_that_they_are_not_served(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    for method, path in missing_routes():
        for someone in (client, anonymous):
            answer = await someone.request(method, re.sub(r"\{\w+\}", "Spaces-1", path), content=b"{nothing")
            assert answer.status_code == 501, (method, path, answer.text)
            assert "does not serve it yet" in answer.json()["ErrorMessage"]
