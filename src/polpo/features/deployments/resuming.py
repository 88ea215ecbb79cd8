"""Going on where a task stood that has failed, or was cancelled: its plan, and what it did up to the first failure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
import sqlalchemy as sa

from polpo.engine import TaskState, find_task, plan_of, server_task
from polpo.engine.journal import Entry
from polpo.engine.reading import journal_of
from polpo.engine.tasks import TaskRecord
from polpo.features.deployments.facts import add_variables, planned_target
from polpo.features.deployments.plan import SERVER, Done, Plan, is_lease
from polpo.features.machinepolicies.resource import MACHINE_POLICIES
from polpo.features.machines.resource import MACHINES
from polpo.steps.work import StepResult
from polpo.store.session import Session

#: System variables that are about the new order, and not about what it goes on with.
_OWN_FACTS = ("Octopus.Deployment.", "Octopus.Task.", "Octopus.RunbookRun.", "Octopus.Web.")
_DROPPED, _SECRET = "fact/dropped/", "secret/"


def resumed_plan(session: Session, task_id: str, facts: Mapping[str, str], *, include_excluded: bool) -> Plan:
    """The plan for the rest; with problems when there is no going on.

    Targets are reached as they are registered now. `include_excluded`: those that had dropped out take part again.
    """
    task, frozen = find_task(session, task_id), plan_of(session, task_id)
    if task is None or frozen is None:
        return Plan(steps=[], targets={}, problems=[_gone(task_id, task)])
    plan = msgspec.convert(frozen, Plan)
    journal = journal_of(session, task_id)
    plan.done = {**plan.done, **done_by(plan, journal, task_id)}
    plan.dropped = {} if include_excluded else {**plan.dropped, **_dropped(journal)}
    plan.hidden += [str(entry.value()) for key, entry in journal.items() if key.startswith(_SECRET)]
    if include_excluded:
        for done in plan.done.values():
            done.result.dropped.clear()  # a health check has left them out, and is not done again
    plan.resumed_from, plan.problems = task_id, []
    plan.warnings = list(_newer(session, task))
    plan.fixed |= {name: text for name, text in facts.items() if name.startswith(_OWN_FACTS)}
    _reach_anew(session, plan, task_id)
    return plan


def _gone(task_id: str, task: TaskRecord | None) -> str:
    if task is None:
        return f"{task_id} is gone, and with it what it did; start from the first step."
    return f"{task_id} ended before it had a plan, so there is nothing to go on with; start from the first step."


# -- what is done


def done_by(plan: Plan, journal: Mapping[str, Entry], task_id: str) -> dict[str, Done]:
    """By their keys, the pieces of work that succeeded up to the group of the first failure, and in it."""
    numbers = {step.number: place for place, group in enumerate(plan.groups) for step in group}
    work = {key: (numbers[number], entry) for key, entry in journal.items() if (number := _step_of(key)) in numbers}
    bad = {key: (group, entry) for key, (group, entry) in work.items() if _is_bad(key, entry, journal)}
    last = min([*(group for group, _ in bad.values()), *_before_packages(plan, journal), len(numbers)])
    failed_at = {_unit_of(key): entry.t0 for key, (_, entry) in bad.items()}
    return {
        key: Done(task_id=task_id, result=result)
        for key, (group, entry) in work.items()
        if group <= last
        and not (_unit_of(key) in failed_at and entry.t0 > failed_at[_unit_of(key)])  # ran because of the failure
        and (result := _result(key, entry, journal)) is not None
    }


def _unit_of(key: str) -> tuple[int, str]:
    return _step_of(key), key.split("/", 2)[2]


def _step_of(key: str) -> int:
    head = key.partition("/")[0].removeprefix("step-")
    return int(head) if key.startswith("step-") and head.isdigit() else 0


def _is_bad(key: str, entry: Entry, journal: Mapping[str, Entry]) -> bool:
    """Neither done, nor ignored, nor on a target that a person excluded for it."""
    place = key.split("/", 2)[2]
    return entry.state != "done" and f"fact/ignored/{key}" not in journal and f"{_DROPPED}{place}" not in journal


def _before_packages(plan: Plan, journal: Mapping[str, Entry]) -> Iterator[int]:
    """The group before which packages could not be brought counts as not begun."""
    equipping = [action for step in plan.steps for action in step.acting if action.needs_packages]
    hosts = {host for action in equipping for host in action.hosts if f"{_DROPPED}{host}" not in journal}
    if any(_is_not_equipped(host, journal) for host in hosts):
        yield [group[0] for group in plan.groups].index(plan.acquiring_group[0]) - 1


def _is_not_equipped(host: str, journal: Mapping[str, Entry]) -> bool:
    """Whether something was tried for the host and failed; for a lease also when there was no worker to be found."""
    if not is_lease(host):
        return (known := journal.get(f"equip/{host}")) is not None and known.state == "failed"
    tried = [entry for key, entry in journal.items() if key.startswith(f"equip/{host}@") or key == f"choose/{host}"]
    return any(entry.state == "failed" for entry in tried) and not any(
        entry.state == "done" for key, entry in journal.items() if key.startswith(f"equip/{host}@")
    )


def _result(key: str, entry: Entry, journal: Mapping[str, Entry]) -> StepResult | None:
    if entry.state == "done":
        return msgspec.convert(entry.value(), StepResult)
    return StepResult(has_warnings=True) if f"fact/ignored/{key}" in journal else None


def _dropped(journal: Mapping[str, Entry]) -> dict[str, str]:
    facts = ((key, entry) for key, entry in journal.items() if key.startswith(_DROPPED))
    return {key.removeprefix(_DROPPED): str(entry.value()) for key, entry in facts}


# -- as things are now


def _newer(session: Session, task: TaskRecord) -> Iterator[str]:
    """What was done in the same place since then: going on may put something older back."""
    t = server_task
    same = (t.c.concurrency_tag == task.concurrency_tag, t.c.kind == task.kind, t.c.seq > task.seq)
    statement = sa.select(t.c.id, t.c.description).where(*same, t.c.state == TaskState.SUCCESS).order_by(t.c.seq.desc())
    for task_id, description in session.connection.execute(statement.limit(1)):
        yield f"{task_id} ({description}) has succeeded here since {task.id} stopped; this goes on all the same."


def _reach_anew(session: Session, plan: Plan, task_id: str) -> None:
    joined = [one for done in plan.done.values() for one in done.result.joined]
    machines = session.by_ids(MACHINES, {*plan.targets, *(str(one["id"]) for one in joined)})
    policies = session.by_ids(MACHINE_POLICIES, {machine.machine_policy_id for machine in machines.values()})
    left = _places_left(plan)
    for target_id, target in list(plan.targets.items()):
        machine = machines.get(target_id)
        if machine is None:
            if target_id in left:
                plan.problems.append(f"{target.name} was deleted since {task_id} used it; start from the first step.")
        elif machine.is_disabled:
            if target_id in left:
                plan.dropped.setdefault(target_id, "It is disabled now.")
                plan.warnings.append(f"{machine.name} is disabled now and is left out.")
        else:
            now = planned_target(machine, policies.get(machine.machine_policy_id))
            now.may_be_skipped = target.may_be_skipped
            plan.targets[target_id] = now
    add_variables(session, plan.targets.values())
    for one in joined:
        machine = machines.get(str(one["id"]))
        if machine is None or machine.is_disabled:
            why = "It was deleted in the meantime." if machine is None else "It is disabled now."
            plan.dropped.setdefault(str(one["id"]), why)
        else:
            now = planned_target(machine, policies.get(machine.machine_policy_id))
            add_variables(session, [now])
            one.update(msgspec.to_builtins(now))


def _places_left(plan: Plan) -> set[str]:
    return {
        place
        for step in plan.steps
        for action in step.acting
        for place in action.places
        if place != SERVER and place not in plan.dropped and step.key_of(action, place) not in plan.done
    }
