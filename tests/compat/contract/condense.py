"""Condenses the facts of the contract into the files beside this one: `python condense.py FOLDER`.

FOLDER holds `routes.json`, `resources.json` and `recordings.json`. What is kept are names, types and recorded
requests; what somebody wrote about them stays behind.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent

Json = Mapping[str, Any]


def condense(folder: Path) -> None:
    routes = json.loads((folder / "routes.json").read_text())
    resources = json.loads((folder / "resources.json").read_text())
    recordings = json.loads((folder / "recordings.json").read_text())
    _write("routes.tsv", sorted(_route(one) for one in routes))
    told = {name: told for name, told in resources.items() if not name.startswith("_")}
    _write("resources.jsonl", (_line(_resource(name, one)) for name, one in sorted(told.items())))
    _write("enums.jsonl", (_line([name, *values]) for name, values in sorted(resources["_enums"].items())))
    _write("command_line.jsonl", (_line(_run(one)) for one in recordings["cli"]))
    _write("typescript.jsonl", (_line(_call(one)) for one in recordings["ts"]))
    _write("assistant.jsonl", (_line(_tool(one)) for one in recordings["mcp"]))


def _route(route: Json) -> str:
    """Method, path, area, clients, whether its list is paged, query parameters, what is sent, what is answered."""
    query = [one if isinstance(one, str) else one["name"] for one in route["query"]]
    shapes = (route["request"] or "-", route["response"] or "-")
    cells = (route["method"], route["path"].partition("?")[0], route["area"], ",".join(route["clients"]) or "-")
    return "\t".join((*cells, "paged" if route["paged"] else "-", ",".join(query) or "-", *shapes))


def _resource(name: str, resource: Json) -> Json:
    fields = {field: _field(told) for field, told in resource["fields"].items()}
    kept = {"name": name, "fields": fields}
    return {**kept, **{key: resource[key] for key in ("discriminator", "subtypes") if key in resource}}


def _field(told: Json) -> str:
    """The type with its marks: `?` may be left out, `~` may be null, `!` read only, `+` set when made, `w` not read.

    `=` begins the legal values of an enumeration.
    """
    marks = [mark for mark, flag in (("?", "optional"), ("~", "nullable"), ("!", "readonly")) if told.get(flag)]
    notes = str(told.get("notes", ""))
    marks += ["+"] if "settable only on create" in notes else []
    marks += ["w"] if "write-only" in notes else []
    legal = "=" + "|".join(str(value) for value in told["enum"]) if told.get("enum") else ""
    return " ".join(part for part in (told["type"], "".join(marks), legal) if part)


def _run(run: Json) -> Json:
    kept = {key: run[key] for key in ("command", "exit", "prelude", "stdout") if key in run}
    return {**kept, "calls": [_call(one) for one in run["calls"]]}


def _tool(tool: Json) -> Json:
    return {"tool": tool["tool"], "arguments": tool["arguments"], "calls": [_call(one) for one in tool["calls"]]}


def _call(call: Json) -> Json:
    return {key: value for key, value in call.items() if key not in {"note", "notes", "tool"}}


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _write(name: str, lines: Iterable[str]) -> None:
    (HERE / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    condense(Path(sys.argv[1]))
