"""A space of its own with the objects that the recorded requests name, made through the API when they are first needed.

The recordings know a project `Web` as `Projects-1`; here it has another id. A world translates.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx

from compat.packing import package_bytes

Recipe = Callable[["World"], str]

_ID = re.compile(r"\b[A-Z][A-Za-z]+-\d+\b")
_VARIABLE = re.compile(r'"([tv][12])"')
_NUMBERS = count(1)
_RECORDED_REPOSITORY = "https://example.com/r"
#: When a recorded deployment was to start: it was within thirty days then.
_RECORDED_TIME = "2027-01-01T10:00:00+00:00"

#: How to make what a recorded id stands for; answers its id here.
RECIPES: dict[str, Recipe] = {}
#: What clients call it: a name in a path, a query or a body.
WORDS: dict[str, str] = {}


class NotServed(Exception):
    """The world needs something that the server does not serve yet."""


def seed(recorded: str, *words: str) -> Callable[[Recipe], Recipe]:
    """Declares how the object is made that the recordings know by this id and these names."""

    def declare(recipe: Recipe) -> Recipe:
        RECIPES[recorded] = recipe
        WORDS.update(dict.fromkeys(words, recorded))
        return recipe

    return declare


@dataclass
class World:
    """One space. `run` is the command line or tool that it is for; few recipes care.

    `spelled`: texts of the recordings that a server must refuse, such as a key that is none, and what stands for them.
    """

    client: httpx.Client
    run: str = ""
    known: dict[str, str] = field(default_factory=dict)
    lacking: dict[str, NotServed] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)
    name: str = ""
    new_repository: Callable[[], str] | None = None

    def __post_init__(self) -> None:
        self.name = self.name or f"World {next(_NUMBERS)}"
        me = self.get("/api/users/me")["Id"]
        space = self.post("/api/spaces", Name=self.name, SpaceManagersTeamMembers=[me])
        self.known |= {"Spaces-1": space["Id"], "Users-1": me}

    @property
    def home(self) -> str:
        return f"/api/{self.known['Spaces-1']}"

    def __getitem__(self, recorded: str) -> str:
        """The id here of what the recordings call so; makes it when it is not there yet."""
        if recorded in self.lacking:
            raise self.lacking[recorded]
        if recorded not in self.known:
            try:
                self.known[recorded] = RECIPES[recorded](self)
            except NotServed as missing:
                self.lacking[recorded] = missing
                raise
        return self.known[recorded]

    def prepare(self, recorded: str) -> None:
        """Makes all that a text names, by id or by name."""
        for word, named in WORDS.items():
            if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", recorded):
                self[named]
        for found in _ID.findall(recorded):
            if found in RECIPES:
                self[found]

    def here(self, value: Any) -> Any:
        """A recorded value with the ids of this world."""
        text = _ID.sub(lambda match: self.known.get(match[0], match[0]), json.dumps(value))
        text = _VARIABLE.sub(lambda match: f'"{self.known.get(match[1], match[1])}"', text)
        if _RECORDED_REPOSITORY in text:
            text = text.replace(_RECORDED_REPOSITORY, self.repository())
        for recorded, meant in self.spelled.items():
            text = text.replace(recorded, meant)
        text = text.replace(_RECORDED_TIME, (datetime.now(UTC) + timedelta(days=1)).isoformat())
        return json.loads(text)

    # -- making

    def get(self, path: str, **query: Any) -> Any:
        return self._answer("GET", path, params=query)

    def post(self, path: str, **body: Any) -> Any:
        return self._answer("POST", path, json=body)

    def put(self, path: str, body: Any) -> Any:
        return self._answer("PUT", path, json=body)

    def delete(self, path: str) -> None:
        self._answer("DELETE", path)

    def make(self, collection: str, **body: Any) -> str:
        """POSTs to a collection of the space; answers the new id."""
        return str(self.post(f"{self.home}/{collection}", **body)["Id"])

    def push(self, package_id: str, version: str) -> str:
        """Pushes a small package; answers its id."""
        files = {"file": (f"{package_id}.{version}.zip", package_bytes(version))}
        query = {"overwriteMode": "OverwriteExisting"}
        answer = self.client.post(f"{self.home}/packages/raw", params=query, files=files)
        assert answer.is_success, answer.text
        return str(answer.json()["Id"])

    @property
    def builtin_feed(self) -> str:
        return str(self.get(f"{self.home}/feeds", feedType="BuiltIn")["Items"][0]["Id"])

    def repository(self) -> str:
        """The address of a new Git repository that is served for this world."""
        assert self.new_repository is not None, "no Git repositories are served"
        return self.new_repository()

    def only(self, collection: str) -> str:
        """The id of the one that every space has."""
        return str(self.get(f"{self.home}/{collection}/all")[0]["Id"])

    def _answer(self, method: str, path: str, **content: Any) -> Any:
        answer = self.client.request(method, path, **content)
        if answer.status_code == 501:
            raise NotServed(answer.json()["ErrorMessage"])
        assert answer.is_success, f"{method} {path}: {answer.text}"
        return answer.json()


def texts(value: Any) -> Iterator[str]:
    """Every text in a value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
