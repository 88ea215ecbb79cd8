"""The plan of a deployment or a runbook: all that the run needs to know, as data. Shown, frozen with the task, run.

A plan holds the values of sensitive variables, so it is sealed wherever it is kept and never leaves the server.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from polpo.features.variables.parts import Part
from polpo.features.variables.resource import VariableType
from polpo.steps.cleaning import Retention
from polpo.steps.places import MachineAddress
from polpo.steps.work import GitSource, PackageFile, StepResult

Condition = Literal["Success", "Failure", "Always", "Variable"]

#: The server among places and hosts. Other places are the ids of targets; hosts are those of targets, or of leases.
SERVER = ""
_POOL = "WorkerPools-"


class PlannedTarget(MachineAddress, kw_only=True):
    """A machine as it was when the plan was made. `may_be_skipped`: that it is unavailable is no failure.

    `variables` are those that it gives to what runs on its behalf, under their full names, with the secrets of its
    account.
    """

    roles: list[str]
    health_status: str
    may_be_skipped: bool = False
    variables: list[Part] = []


class PlannedPool(msgspec.Struct, kw_only=True):
    """A worker pool. Without workers the default one is the built-in worker of the server, unless that is off."""

    id: str
    name: str
    is_default: bool = False
    has_workers: bool = True
    is_server_off: bool = False

    @property
    def is_built_in(self) -> bool:
        return self.is_default and not self.has_workers and not self.is_server_off


class PlannedAction(msgspec.Struct, kw_only=True):
    """What one action does and where. `targets` are ids. A `skip_reason` says why it is out; with `lacks_targets` that
    is for want of targets alone, so that it runs on one that joins.

    With `on_server` no target does the work itself: it is done on behalf of each target where there are some, else
    once; by the server, or by workers. `leases` say by which, by the places that workers do the work for: each is the
    id of a lease, behind which one worker of a pool stands, or the built-in worker. `worker_pool_id` is the pool that
    the action asks for, `worker_pool_name` those that it uses.
    `checks` are targets that an action on the server is about, `known` all that were there for it.
    """

    id: str
    name: str
    number: str
    type: str
    properties: dict[str, str]
    secret_properties: list[str] = []
    condition: Literal["Success", "Variable"] = "Success"
    condition_expression: str = ""
    is_required: bool = False
    on_server: bool = False
    targets: list[str] = []
    roles: list[str] = []
    packages: list[PackageFile] = []
    sources: list[GitSource] = []
    skip_reason: str | None = None
    is_disabled: bool = False
    lacks_targets: bool = False
    left_out: list[str] = []
    unavailable: list[str] = []
    worker_pool_id: str = ""
    worker_pool_name: str = ""
    leases: dict[str, str] = {}
    checks: list[str] = []
    known: list[str] = []

    @property
    def takes_part(self) -> bool:
        return self.skip_reason is None

    @property
    def needs_packages(self) -> bool:
        """Whether any is to be brought before."""
        return any(package.is_sent for package in self.packages)

    @property
    def places(self) -> list[str]:
        """What the action is done for: each of its targets, or itself alone, which is the server's."""
        return self.targets or ([SERVER] if self.on_server else [])

    def host_of(self, place: str) -> str:
        """Where the work for a place is done."""
        return self.leases.get(place, SERVER if self.on_server else place)

    @property
    def hosts(self) -> list[str]:
        return list(dict.fromkeys(map(self.host_of, self.places)))


class PlannedStep(msgspec.Struct, kw_only=True):
    """One or more actions that run in turn. `window`: how many targets a rolling step works on at once; 0: no roll.

    `awaits_packages`: it is to run after all packages have arrived, whether it needs one or not.
    """

    id: str
    name: str
    number: int
    condition: Condition
    condition_expression: str = ""
    starts_with_previous: bool = False
    window: int = 0
    awaits_packages: bool = False
    actions: list[PlannedAction]

    @property
    def acting(self) -> list[PlannedAction]:
        """The actions that take part."""
        return [action for action in self.actions if action.takes_part]

    @property
    def needs_packages(self) -> bool:
        return any(action.needs_packages for action in self.acting)

    @property
    def places(self) -> list[str]:
        return list(dict.fromkeys(place for action in self.acting for place in action.places))

    def key_of(self, action: PlannedAction, place: str) -> str:
        """Names one piece of work in journal and log."""
        return f"step-{self.number}/{action.number}/{place or 'server'}"


class PlannedValue(msgspec.Struct, kw_only=True):
    """A candidate for a variable. `scope` holds ids by dimension, as a field of `VariableScope` is named.

    Where the value is the id of an account or a certificate, `parts` are what is read as `Name.Part`.
    """

    name: str
    value: str
    is_sensitive: bool = False
    scope: dict[str, list[str]] = {}
    is_library: bool = False
    type: VariableType = "String"
    parts: list[Part] = []


class Done(msgspec.Struct, kw_only=True):
    """What an earlier task did, and is not to be done again."""

    task_id: str
    result: StepResult


class Plan(msgspec.Struct, kw_only=True):
    """`fixed` are the system's variables, which nothing overrides. `owner_id` is the project or the runbook.

    `retention` says how much of earlier installations stays on targets; None: all of it. With `is_guided` failures are
    put to a person. What goes on where the task `resumed_from` stood has what that one did, by the keys of the pieces
    of work, and the targets that it had dropped, with the reasons.

    `problems` are sentences for which the deployment is refused, `warnings` are shown in its log. `hidden` are secrets
    that no variable holds as they are, such as the text of a key whose variable is base64.
    """

    steps: list[PlannedStep]
    targets: dict[str, PlannedTarget]
    pools: dict[str, PlannedPool] = {}
    values: list[PlannedValue] = []
    fixed: dict[str, str] = {}
    environment_id: str = ""
    channel_id: str = ""
    owner_id: str = ""
    tenant_id: str | None = None
    tenant_tags: list[str] = []
    force_download: bool = False
    retention: Retention | None = None
    is_guided: bool = False
    resumed_from: str = ""
    done: dict[str, Done] = {}
    dropped: dict[str, str] = {}
    problems: list[str] = []
    warnings: list[str] = []
    hidden: list[str] = []

    @property
    def hosts(self) -> list[str]:
        """Every place where work is done, in the order of the first work there."""
        return list(
            dict.fromkeys(
                host for step in self.steps for action in step.acting for host in self.hosts_left(step, action)
            )
        )

    def hosts_left(self, step: PlannedStep, action: PlannedAction) -> list[str]:
        """Where work of the action is left to be done."""
        left = [place for place in action.places if step.key_of(action, place) not in self.done]
        return list(dict.fromkeys(action.host_of(place) for place in left if place not in self.dropped))

    def name_of(self, place: str) -> str:
        """Of a place or a host, as in a list of them."""
        if place == SERVER:
            return "Server"
        return f"Worker of {self.pools[pool_of(place)].name}" if is_lease(place) else self.targets[place].name

    @property
    def acquiring_group(self) -> list[PlannedStep]:
        """Before which packages are brought; empty when nothing needs any."""
        wanting = (group for group in self.groups if any(step.needs_packages or step.awaits_packages for step in group))
        return next(wanting, [])

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


def lease_of(pool_id: str, number: int = 0) -> str:
    """The id of a lease of a pool; those of one number share a worker."""
    return f"{pool_id}/{number + 1}" if number else pool_id


def is_lease(host: str) -> bool:
    return host.startswith(_POOL)


def pool_of(lease: str) -> str:
    return lease.partition("/")[0]
