"""The contract's facts as Python values; see `contract/condense.py` for what stands in the files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parent / "contract"


@dataclass(frozen=True)
class ContractRoute:
    method: str
    path: str
    area: str
    clients: frozenset[str]
    paged: bool
    query: tuple[str, ...]
    request: str
    response: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Field:
    """One field of a resource. `legal` lists the values of an enumeration, or is empty."""

    name: str
    type: str
    marks: str
    legal: tuple[str, ...]

    @property
    def is_readonly(self) -> bool:
        return "!" in self.marks


@dataclass(frozen=True)
class ContractResource:
    name: str
    fields: Mapping[str, Field]
    discriminator: str | None
    subtypes: Mapping[str, str]


@cache
def routes() -> tuple[ContractRoute, ...]:
    return tuple(_route(line.split("\t")) for line in _lines("routes.tsv"))


@cache
def resources() -> Mapping[str, ContractResource]:
    told = [json.loads(line) for line in _lines("resources.jsonl")]
    return {one["name"]: _resource(one) for one in told}


@cache
def enumerations() -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(values) for name, *values in map(json.loads, _lines("enums.jsonl"))}


def recorded(name: str) -> list[Any]:
    """`command_line`: runs of the program; `typescript`: requests in order; `assistant`: tools of the MCP server."""
    return [json.loads(line) for line in _lines(f"{name}.jsonl")]


def _route(cells: list[str]) -> ContractRoute:
    method, path, area, clients, paged, query, request, response = cells
    return ContractRoute(
        method, path, area, frozenset(_listed(clients)), paged == "paged", tuple(_listed(query)), request, response
    )


def _resource(told: Mapping[str, Any]) -> ContractResource:
    fields = {name: _field(name, text) for name, text in told["fields"].items()}
    return ContractResource(told["name"], fields, told.get("discriminator"), told.get("subtypes", {}))


def _field(name: str, text: str) -> Field:
    kind, _, rest = text.partition(" ")
    words = rest.split()
    legal = next((word[1:] for word in words if word.startswith("=")), "")
    marks = "".join(word for word in words if not word.startswith("="))
    return Field(name, kind, marks, tuple(legal.split("|")) if legal else ())


def _listed(cell: str) -> list[str]:
    return [] if cell == "-" else cell.split(",")


def _lines(name: str) -> Iterator[str]:
    yield from (_FOLDER / name).read_text(encoding="utf-8").splitlines()
