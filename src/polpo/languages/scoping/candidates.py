"""A value with its scope, and the place it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from polpo.languages.substitution.tokens import fold

NOWHERE: frozenset[str] = frozenset()


#: The same few ids stand in thousands of scopes.
_folded = lru_cache(maxsize=16384)(fold)


class Dimension(IntEnum):
    """What a value can be scoped on; the higher number is the more specific."""

    USER = 0
    TRIGGER = 1
    PROJECT = 2
    PROCESS_OWNER = 3
    CHANNEL = 4
    ENVIRONMENT = 5
    TENANT_TAG = 6
    TENANT = 7
    ROLE = 8
    TARGET_ROLE = 9
    MACHINE = 10
    ACTION = 11
    PARENT_DEPLOYMENT = 12
    PRIVATE = 13

    @property
    def title(self) -> str:
        return _TITLES[self]


_TITLES = {
    Dimension.USER: "user",
    Dimension.TRIGGER: "trigger",
    Dimension.PROJECT: "project",
    Dimension.PROCESS_OWNER: "process",
    Dimension.CHANNEL: "channel",
    Dimension.ENVIRONMENT: "environment",
    Dimension.TENANT_TAG: "tenant tag",
    Dimension.TENANT: "tenant",
    Dimension.ROLE: "target tag",
    Dimension.TARGET_ROLE: "target tag of the step",
    Dimension.MACHINE: "target",
    Dimension.ACTION: "step",
    Dimension.PARENT_DEPLOYMENT: "parent deployment",
    Dimension.PRIVATE: "built-in",
}
_NAMES = {dimension.name.lower(): dimension for dimension in Dimension}


class Origin(IntEnum):
    """Where a value was defined; breaks the tie between equal scopes, the higher number first."""

    LIBRARY = 0
    PROJECT = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value of a variable. `value` is opaque here; `id` tells equal candidates apart and breaks a last tie.

    `scope` maps dimensions, named as on the wire but in lower snake case (`environment`, `tenant_tag`), to the ids or
    names in them; an empty dimension is none. Ids and names compare without case.
    """

    name: str
    value: object
    scope: Mapping[str, Collection[str]] = field(default_factory=dict)
    origin: Origin = Origin.PROJECT
    id: str = ""

    def scope_sentence(self, label: Callable[[str], str] = str) -> str:
        """`scoped to …`, or `no scope`. `label` turns ids of the scope into names."""
        parts = [f"{one.title} {self.members_sentence(one, label)}" for one in sorted(self.dimensions(), reverse=True)]
        return "scoped to " + " and ".join(parts) if parts else "no scope"

    def members_sentence(self, dimension: Dimension, label: Callable[[str], str] = str) -> str:
        members = self.scope.get(dimension.name.lower(), ())
        return " or ".join(label(member) for member in sorted(members))

    def dimensions(self) -> dict[Dimension, frozenset[str]]:
        """Raises `ValueError` for a dimension that does not exist."""
        found = {}
        for name, values in self.scope.items():
            if values:
                dimension = _NAMES.get(name)
                if dimension is None:
                    raise ValueError(f"'{name}' is not something a variable can be scoped on.")
                found[dimension] = frozenset(map(_folded, values))
        return found


@dataclass(frozen=True, slots=True)
class Context:
    """Where values are asked for. A dimension that is left out matches no value that is scoped on it.

    `roles` are the tags of the target, `step_roles` the tags that the current step targets; `actions` the ids of the
    current step and action.
    """

    environment: str | None = None
    channel: str | None = None
    tenant: str | None = None
    tenant_tags: frozenset[str] = NOWHERE
    process_owner: str | None = None
    project: str | None = None
    trigger: str | None = None
    user: str | None = None
    parent_deployment: str | None = None
    actions: frozenset[str] = NOWHERE
    machine: str | None = None
    roles: frozenset[str] = NOWHERE
    step_roles: frozenset[str] = NOWHERE

    def members(self) -> list[frozenset[str]]:
        """What the context is in, indexed by dimension."""
        members = [NOWHERE] * len(Dimension)
        singles = {
            Dimension.USER: self.user,
            Dimension.TRIGGER: self.trigger,
            Dimension.PROJECT: self.project,
            Dimension.PROCESS_OWNER: self.process_owner,
            Dimension.CHANNEL: self.channel,
            Dimension.ENVIRONMENT: self.environment,
            Dimension.TENANT: self.tenant,
            Dimension.MACHINE: self.machine,
            Dimension.PARENT_DEPLOYMENT: self.parent_deployment,
        }
        for dimension, value in singles.items():
            if value is not None:
                members[dimension] = frozenset((fold(value),))
        roles = frozenset(map(fold, self.roles))
        members[Dimension.TENANT_TAG] = frozenset(map(fold, self.tenant_tags))
        members[Dimension.ACTION] = frozenset(map(fold, self.actions))
        members[Dimension.ROLE] = roles
        members[Dimension.TARGET_ROLE] = roles & frozenset(map(fold, self.step_roles))
        return members

    def without_target(self) -> Context:
        """The same place for every step and target of the deployment."""
        return Context(
            environment=self.environment,
            channel=self.channel,
            tenant=self.tenant,
            tenant_tags=self.tenant_tags,
            process_owner=self.process_owner,
            project=self.project,
            trigger=self.trigger,
            user=self.user,
            parent_deployment=self.parent_deployment,
        )
