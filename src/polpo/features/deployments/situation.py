"""What a plan is made for: where it is to happen, which targets there are, and what the person asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from polpo.features.deployments.plan import PlannedPool, PlannedTarget
from polpo.steps.work import PackageFile


@dataclass(frozen=True)
class Candidate:
    """A target of the environment, with what narrows its use."""

    target: PlannedTarget
    is_disabled: bool = False
    may_be_skipped: bool = False


@dataclass(frozen=True)
class Wishes:
    """What the person asked for. Actions and machines by id, tags of targets by name.

    Chosen are the machines that are named and those with a tag that is named, together; the same for what is left out.
    """

    skip_actions: Collection[str] = ()
    specific_machines: Collection[str] = ()
    excluded_machines: Collection[str] = ()
    specific_tags: Collection[str] = ()
    excluded_tags: Collection[str] = ()


class Pool(PlannedPool, kw_only=True):
    """A worker pool with what is known of it before the run: the end of a sentence for which a step may not use it, or
    why it will fail if nothing changes."""

    fault: str | None = None
    doubt: str | None = None


@dataclass(frozen=True)
class Situation:
    """Where it is to happen, and how kinds of steps behave: `server_types` work on the server, `target_types` never,
    `worker_types` only on workers.

    `packages` are the selected versions by (action name, reference name), both lower-case, and `package_faults` say
    why one cannot be had; `secrets` are the revealed texts of sensitive properties by (action id, property).
    `pools` are by their ids, `pools_of_actions` those that actions ask for by theirs, and the ends of sentences for
    which they cannot have one; the default pool is everybody else's. With a `lease_cap` a worker is used by so many
    actions, then another one. `skip_unavailable` is for targets with one of the `skippable_tags`, or for all
    when there are none. `evaluate` fills in variables that hold in the whole deployment. Without a tenant,
    `tenant_tags` are None and what steps say about tags of tenants is not asked.
    """

    environment_id: str
    environment_name: str
    channel_id: str = ""
    frozen_as: str = "release"
    tenant_tags: Collection[str] | None = None
    candidates: Iterable[Candidate] = ()
    server_types: Collection[str] = ()
    target_types: Collection[str] = ()
    worker_types: Collection[str] = ()
    known_types: Collection[str] = ()
    checking_types: Collection[str] = ()
    packages: Mapping[tuple[str, str], PackageFile] = field(default_factory=dict)
    package_faults: Mapping[tuple[str, str], str] = field(default_factory=dict)
    secrets: Mapping[tuple[str, str], str] = field(default_factory=dict)
    pools: Mapping[str, Pool] = field(default_factory=dict)
    pools_of_actions: Mapping[str, str] = field(default_factory=dict)
    pool_faults: Mapping[str, str] = field(default_factory=dict)
    built_in_worker: bool = True
    lease_cap: int = 0
    skip_unavailable: bool = False
    skippable_tags: Collection[str] = ()
    exclude_unhealthy: bool = False
    no_targets_permitted: bool = False
    evaluate: Callable[[str], str] = str
