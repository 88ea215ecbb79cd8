"""The plan of a deployment: all that the run needs to know, as data. Shown as preview, frozen with the task, executed.

A plan holds the values of sensitive variables, so it is sealed wherever it is kept and never leaves the server.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from polpo.steps.places import MachineAddress
from polpo.steps.work import PackageFile

Condition = Literal["Success", "Failure", "Always", "Variable"]


class PlannedTarget(MachineAddress, kw_only=True):
    """A machine as it was when the plan was made."""

    roles: list[str]
    health_status: str


class PlannedAction(msgspec.Struct, kw_only=True):
    """What one action does and where. `targets` are ids; empty with `on_server`. A `skip_reason` says why it is out."""

    id: str
    name: str
    number: str
    type: str
    properties: dict[str, str]
    secret_properties: list[str] = []
    condition: Literal["Success", "Variable"] = "Success"
    is_required: bool = False
    on_server: bool = False
    targets: list[str] = []
    roles: list[str] = []
    packages: list[PackageFile] = []
    skip_reason: str | None = None
    is_disabled: bool = False
    left_out: list[str] = []
    unavailable: list[str] = []


class PlannedStep(msgspec.Struct, kw_only=True):
    """One or more actions that run in turn. `window`: how many targets a rolling step works on at once; 0: no roll."""

    id: str
    name: str
    number: int
    condition: Condition
    condition_expression: str = ""
    starts_with_previous: bool = False
    window: int = 0
    actions: list[PlannedAction]

    @property
    def runs(self) -> bool:
        return any(action.skip_reason is None for action in self.actions)


class PlannedValue(msgspec.Struct, kw_only=True):
    """A candidate for a variable. `scope` holds ids by dimension, named as on the wire (`Environment`, `Role`, …)."""

    name: str
    value: str
    is_sensitive: bool = False
    scope: dict[str, list[str]] = {}
    is_library: bool = False


class Plan(msgspec.Struct, kw_only=True):
    """`fixed` are the system's variables, which nothing overrides."""

    steps: list[PlannedStep]
    targets: dict[str, PlannedTarget]
    values: list[PlannedValue] = []
    fixed: dict[str, str] = {}
    environment_id: str = ""
    channel_id: str = ""
    tenant_id: str | None = None
    problems: list[str] = []
    warnings: list[str] = []

    @property
    def groups(self) -> list[list[PlannedStep]]:
        """The steps in the order of their run; those of one group start together."""
        groups: list[list[PlannedStep]] = []
        for step in self.steps:
            if step.starts_with_previous and groups:
                groups[-1].append(step)
            else:
                groups.append([step])
        return groups
