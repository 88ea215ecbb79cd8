"""The shape of a scenario, as written in `cases/*.yaml`. Unknown words are refused, so that no expectation is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

CASES = Path(__file__).parent / "cases"

#: What scripts do, by place (`server`, the name of a target, or `*` for all others): one behaviour, or one an attempt,
#: of which the last is repeated. See `behaviour.py` for the words.
Does = dict[str, str | list[str]]


class _Part(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    pass


class Target(_Part, kw_only=True):
    """`tags` by comma. One of the style `None` is a cloud region, for which the workers of a `pool` may be meant."""

    tags: str = "web"
    health: str = "Healthy"
    disabled: bool = False
    style: str = "TentaclePassive"
    pool: str = ""


class Worker(_Part, kw_only=True):
    """A worker that does not `answer` is thought to be well all the same."""

    health: str = "Healthy"
    disabled: bool = False
    answers: bool = True


class Pool(_Part, kw_only=True):
    default: bool = False
    dynamic: bool = False
    workers: dict[str, Worker] = {}


class Action(_Part, kw_only=True):
    """A child of a step. `condition` is an expression; without one it runs when all is well."""

    name: str
    kind: Literal["script", "manual"] = "script"
    does: str | list[str] | Does = ""
    condition: str = ""
    required: bool = False
    disabled: bool = False
    in_environments: list[str] = []
    not_in_environments: list[str] = []
    in_channels: list[str] = []
    tenant_tags: list[str] = []
    properties: dict[str, str] = {}


class Step(Action, kw_only=True):
    """`tags` are those of the targets it runs on; without any it runs on the server, or with `for_tags` there on their
    behalf; with a `pool` a worker does that for the server. `condition` is Success, Failure, Always or an expression.
    With `actions` it has children and does nothing itself."""

    tags: str = ""
    for_tags: str = ""
    condition: str = "Success"
    parallel: bool = False
    window: str = ""
    pool: str = ""
    actions: list[Action] = []

    @property
    def parts(self) -> list[Action]:
        return self.actions or [self]


class Value(_Part, kw_only=True):
    """A variable. `scope` names environments, machines, roles, actions, channels and tenant tags."""

    name: str
    value: str = ""
    scope: dict[str, list[str]] = {}
    sensitive: bool = False
    library: bool = False


class Policy(_Part, kw_only=True):
    skip_unavailable: bool = False
    exclude_unhealthy: bool = False
    no_targets: bool = False


class Expected(_Part, kw_only=True):
    """What is not said is not asked, but `ran`: that is everything that scripts did, `action@place`, in any order.

    `steps` and `units` (`step@target`, or `action@target` of a child) are statuses in the log's tree. `before`: pairs
    of `action@place`, of which the first ended before the second began. `values` is what scripts see. `most`: how many
    of a step's scripts ran at one time at most. `by`: the machine that ran `action@place` last. `offers`: what a person
    may say to the last question about a failure (`action@place`). `refused`: sentences of the plan, for which nothing
    runs.
    """

    task: Literal["Success", "Failed", "Canceled"] = "Success"
    error: str = ""
    steps: dict[str, str] = {}
    units: dict[str, str] = {}
    ran: list[str] | None = None
    before: list[tuple[str, str]] = []
    values: dict[str, dict[str, str]] = {}
    most: dict[str, int] = {}
    by: dict[str, str] = {}
    offers: dict[str, list[str]] = {}
    log: list[str] = []
    unsaid: list[str] = []
    refused: list[str] = []


class Scenario(_Part, kw_only=True):
    """`answers` are what people say to the questions of a place (`action@place`), in turn; when it is `guided`, to
    those about failures, too. A person cancels it when the log says all of `cancel`. With `real` it is played by a
    server and agents, too."""

    name: str
    targets: dict[str, str | Target] = {}
    pools: dict[str, Pool] = {}
    built_in: bool = True
    lease_cap: int = 0
    environment: str = "Production"
    channel: str = "Default"
    tenant_tags: list[str] | None = None
    variables: list[Value] = []
    steps: list[Step]
    policy: Policy = msgspec.field(default_factory=Policy)
    skip: list[str] = []
    only: list[str] = []
    without: list[str] = []
    answers: dict[str, list[str]] = {}
    guided: bool = False
    cancel: list[str] = []
    real: bool = False
    expect: Expected = msgspec.field(default_factory=Expected)

    @property
    def machines(self) -> dict[str, Target]:
        return {name: Target(tags=one) if isinstance(one, str) else one for name, one in self.targets.items()}


def scenarios() -> list[Scenario]:
    """All of them, by file and name. A case with `rows` is one for each row, with `<word>` replaced by the row's."""
    found: list[Scenario] = []
    for path in sorted(CASES.glob("*.yaml")):
        for number, case in enumerate(yaml.safe_load(path.read_text()), start=1):
            for one in _rows(case):
                try:
                    scenario = msgspec.convert(one, Scenario)
                except msgspec.ValidationError as error:
                    raise ValueError(f"{path.name}, case {number} ({one.get('name')}): {error}") from error
                scenario.name = f"{path.stem}: {scenario.name}"
                found.append(scenario)
    names = [one.name for one in found]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"Scenarios of the same name: {', '.join(sorted(doubled))}")
    return found


def _rows(case: dict[str, Any]) -> list[dict[str, Any]]:
    rows = case.pop("rows", None)
    if rows is None:
        return [case]
    return [_filled(case, row) for row in rows]


def _filled(part: Any, row: dict[str, Any]) -> Any:
    """A text that is nothing but a word becomes the row's value, of whatever shape."""
    if isinstance(part, dict):
        return {_filled(key, row): _filled(value, row) for key, value in part.items()}
    if isinstance(part, list):
        return [_filled(one, row) for one in part]
    if not isinstance(part, str):
        return part
    if part[1:-1] in row and part == f"<{part[1:-1]}>":
        return row[part[1:-1]]
    for word, value in row.items():
        part = part.replace(f"<{word}>", str(value))
    return part
