"""The step that checks the health of targets in mid-deployment, and decides who takes part from then on."""

from __future__ import annotations

import msgspec

from polpo.engine import LogNode, together
from polpo.kernel.errors import TaskError
from polpo.steps.properties import Properties
from polpo.steps.services import Checkups, Finding, Subjects, Visit
from polpo.steps.work import StepKind, StepResult, Work, not_served

HEALTH_CHECK = "Octopus.HealthCheck"
_PREFIX = "Octopus.Action.HealthCheck."
_TYPES = ("FullHealthCheck", "ConnectionTest")
_ERRORS = ("TreatExceptionsAsErrors", "TreatExceptionsAsWarnings")
_NEW = ("DoNotAlterMachines", "IncludeCheckedMachines")
_AT_ONCE = 20
_NAMED = 5
_STATUS = {"Healthy": "Success", "HasWarnings": "SuccessWithWarning", "Unknown": "SuccessWithWarning"}


async def perform_health_check(checkups: Checkups, work: Work) -> StepResult:
    """Checks the targets of the step's tags; by default one that cannot be used fails the step.

    Otherwise those that do not answer take no further part. New ones that are well join when the step says so.
    """
    properties = Properties(work)
    connection_only = properties.choice(f"{_PREFIX}Type", _TYPES) == "ConnectionTest"
    skips = properties.choice(f"{_PREFIX}ErrorHandling", _ERRORS) == "TreatExceptionsAsWarnings"
    includes = properties.choice(f"{_PREFIX}IncludeMachinesInDeployment", _NEW) == "IncludeCheckedMachines"
    name = f"checkup/{work.key}"
    raw = await work.run.activity(name, checkups.subjects, work.run, work.action_name, attempt=work.attempt, pure=True)
    subjects = msgspec.convert(raw, Subjects)
    new = subjects.new if includes else {}
    if not (subjects.planned or new):
        work.run.log.once(f"{name}/nobody", work.node, "Warning", "There is no target to be checked.")
        return StepResult(has_warnings=True)
    machines = {**subjects.planned, **new}
    visits = [_visit(checkups, work, one, machines[one], connection_only=connection_only) for one in machines]
    found = dict(zip(machines, await together(*visits, limit=_AT_ONCE), strict=True))
    for result in found.values():
        if isinstance(result, Exception):
            raise result
    return await _judge(checkups, work, found, new, skips=skips)


async def _visit(
    checkups: Checkups, work: Work, machine_id: str, machine: str, *, connection_only: bool
) -> Finding | None:
    key = f"checkup/{work.key}/{machine_id}"
    node: LogNode = work.run.log.node(key, machine, work.node)
    node.enter()
    visit = Visit(work.run, node, key, work.attempt, machine_id, connection_only)
    raw = await work.run.activity(key, checkups.check, visit, attempt=work.attempt)
    if raw is None:
        node.status("Skipped")
        return None
    finding = msgspec.convert(raw, Finding)
    is_well = finding.status in _STATUS
    work.run.log.once(f"{key}/{work.attempt}/told", node, "Info" if is_well else "Error", finding.summary)
    node.status(_STATUS.get(finding.status, "Failed"))  # type: ignore[arg-type]
    return finding


async def _judge(
    checkups: Checkups, work: Work, found: dict[str, Finding | None], new: dict[str, str], *, skips: bool
) -> StepResult:
    bad = {one: finding for one, finding in found.items() if finding and finding.status not in _STATUS}
    failed = [finding for one, finding in bad.items() if one not in new]
    if failed and not skips:
        raise TaskError(_unusable(failed, len(found)), [finding.summary for finding in failed])
    dropped = {
        one: _why_out(finding) for one, finding in bad.items() if one not in new and finding.status == "Unavailable"
    }
    gone = [one for one, finding in found.items() if finding is None and one not in new]
    dropped |= dict.fromkeys(gone, "It was deleted in the meantime.")
    joined = await checkups.as_targets([one for one in new if found[one] and one not in bad])
    for target in joined:
        work.run.log.once(f"joined/{target['id']}", work.node, "Info", f"{target['name']} takes part from now on.")
    for why in dropped.values():
        work.run.log.once(f"dropped/{work.key}/{why}", work.node, "Warning", why)
    is_doubtful = any(finding and finding.status != "Healthy" for finding in found.values())
    return StepResult(dropped=dropped, joined=joined, has_warnings=bool(bad or dropped or is_doubtful))


def _why_out(finding: Finding) -> str:
    return f"{finding.name} is left out from here on: {finding.summary}"


def _unusable(failed: list[Finding], checked: int) -> str:
    if len(failed) == 1:
        return f"{failed[0].name} cannot be used: {failed[0].summary}"
    names = ", ".join(finding.name for finding in failed[:_NAMED])
    more = f" and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
    return f"{len(failed)} of {checked} targets cannot be used: {names}{more}; the log says why."


CHECK_HEALTH = StepKind(
    type=HEALTH_CHECK,
    name="Health check",
    description="Checks targets and decides which of them take part in what follows.",
    place="server",
    perform=not_served,
    can_retry=False,
    checks_targets=True,
)
