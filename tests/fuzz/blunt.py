"""Real documents with one nasty value at one place, sent back: what a generator of random documents seldom reaches."""

from __future__ import annotations

import copy
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx

_NASTY: tuple[Any, ...] = (
    None,
    "",
    " ",
    "x" * 300,
    "Nothing-99",
    "\u0000",
    "ünï\U0001f600",
    "2027-13-45T99:00:00Z",
    "99.99:99:99",
    "#{",
    "(((",
    -1,
    2**40,
    2**70,
    1.5,
    True,
    [],
    [None],
    ["a", "a"],
    [[]],
    {},
    {"a": None},
    {"HasValue": True, "NewValue": None},
    {"Id": 7},
)


def send_nasty(client: httpx.Client, documents: dict[str, list[Any]], seconds: float, seed: int) -> Counter[str]:
    """Writes samples of each collection with nasty values until the time is over; counts answers by status.

    `documents`: samples by the path of their collection.
    """
    chance = random.Random(seed)  # noqa: S311 - chooses what to break
    until, counts = time.monotonic() + seconds, Counter[str]()
    samples = [(path, document) for path, found in documents.items() for document in found]
    while samples and time.monotonic() < until:
        path, document = chance.choice(samples)
        place = chance.choice(list(_places(document)))
        body = _with(document, place, chance.choice(_NASTY))
        method, target = chance.choice((("POST", path), ("PUT", f"{path}/{document['Id']}")))
        counts[_sent(client, method, target, body)] += 1
    return counts


def _sent(client: httpx.Client, method: str, path: str, body: Any) -> str:
    try:
        answer = client.request(method, path, json=body)
    except httpx.HTTPError as error:
        print(f"{method} {path} was not answered: {error!r}; the body was {body}")
        return "unanswered"
    if answer.status_code >= 500 and answer.status_code != 501:
        print(
            f"{method} {path} answered {answer.status_code}: {answer.text[:300]}\n    the body was {str(body)[:2000]}"
        )
    return str(answer.status_code)


def _places(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if before:
        yield before
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "Links":
                yield from _places(item, (*before, key))
    elif isinstance(value, list):
        for index, item in enumerate(value[:3]):
            yield from _places(item, (*before, index))


def _with(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    inner = changed
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return changed
