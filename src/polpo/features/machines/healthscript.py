"""The script that a health check runs on a machine with a shell, and what its outcome means."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from urllib.parse import urlsplit

from polpo.features.machinepolicies.resource import MachinePolicy, MachineScriptPolicy
from polpo.features.machines.agentversions import version_details
from polpo.features.machines.examining import Examination, Finding
from polpo.features.machines.resource import Machine
from polpo.kernel.errors import AppError
from polpo.languages.substitution import VariableDictionary
from polpo.steps.acquire import runner_path
from polpo.steps.remote import Outcome, Script
from polpo.transports.transport import Transport, describe_exit_code

_NONE: Mapping[str, str] = {}
_FACT, _UNWELL = "polpo-fact", "polpo-unwell"
_BASH, _POWERSHELL = (files(__package__).joinpath(f"health.{ending}").read_text("utf-8") for ending in ("sh", "ps1"))

#: What stands in place of a policy's own script where there is none: a look at the disk.
BASH_DEFAULT = 'check_free_space "${TentacleHome:-.}" 500\n'
POWERSHELL_DEFAULT = """\
$freeDiskSpaceThreshold = 5GB
Get-PSDrive -PSProvider FileSystem | Where-Object { $_.Free -gt 0 -and -not $_.DisplayRoot } | ForEach-Object {
  CheckDriveCapacity @{ Name = $_.Name; FreeSpace = $_.Free }
}
"""


async def check_machine(examination: Examination) -> Finding:
    """A machine that runs scripts itself: it has to answer, and by a full check its script has to be content."""
    transport, node = examination.reach(), examination.place.node
    capabilities = await transport.capabilities()
    examination.answered.set()
    node.verbose(f"It answers and offers {', '.join(capabilities)}.")
    if examination.connection_only:
        return Finding("Healthy", "The machine answers.")
    return await _look(examination, transport)


async def _look(examination: Examination, transport: Transport) -> Finding:
    runner = runner_path(examination.means.archive)
    script = health_script(examination.policy, runner, values_of(examination.machine))
    finding = judge(await examination.run(transport, script))
    if finding.has_runner is False and not finding.is_bad and _wants_runner(examination):
        await _bring_runner(examination, transport, finding)
    return finding


def _wants_runner(examination: Examination) -> bool:
    """Otherwise the first deployment brings it along."""
    behaviour = examination.policy.machine_update_policy.calamari_update_behavior
    is_new = examination.machine.health_status == "Unknown"
    return behaviour == "UpdateAlways" or (behaviour == "UpdateOnNewMachine" and is_new)


async def _bring_runner(examination: Examination, transport: Transport, finding: Finding) -> None:
    try:
        await examination.bring_runner(transport)
    except AppError as error:
        finding.status, finding.summary = "HasWarnings", f"The runner could not be brought: {error.message}"
    else:
        finding.has_runner = True


def values_of(machine: Machine) -> dict[str, str]:
    """What a policy's own script may write as `#{Octopus.Machine.Name}`; it is filled in before it is sent."""
    return {
        "Octopus.Machine.Id": machine.id,
        "Octopus.Machine.Name": machine.name,
        "Octopus.Machine.Hostname": urlsplit(machine.uri or "").hostname or machine.endpoint.host or "",
        "Octopus.Machine.Roles": ",".join(getattr(machine, "roles", [])),
        "Octopus.Space.Id": machine.space_id,
        "Octopus.MachinePolicy.Id": machine.machine_policy_id,
    }


def health_script(policy: MachinePolicy, runner: str, values: Mapping[str, str] = _NONE) -> Script:
    """`runner` is where the runner lies, below the machine's home; `values` are the variables of the policy's script.

    It does not wait for deployments.
    """
    variables = VariableDictionary(values.items())
    checks = policy.machine_health_check_policy
    return Script(
        bash=_body(_BASH, checks.bash_health_check_policy, BASH_DEFAULT, runner, variables, nothing=":\n"),
        powershell=_body(
            _POWERSHELL,
            checks.power_shell_health_check_policy,
            POWERSHELL_DEFAULT,
            runner,
            variables,
            nothing="exit 0\n",
        ),
        alone=False,
        mutex="PolpoHealth",
    )


def _body(
    base: str, own: MachineScriptPolicy, default: str, runner: str, variables: VariableDictionary, nothing: str
) -> str:
    if own.run_type == "OnlyConnectivity":
        return nothing
    is_own = own.run_type == "Inline"
    custom = variables.evaluate_with_errors(own.script_body or "").text if is_own else default
    return f"{base.replace('@RUNNER@', runner)}\n{custom}\n"


def judge(outcome: Outcome) -> Finding:
    """An exit code or an error that the script tells of makes a machine unhealthy; a warning is told as such."""
    said = outcome.console
    facts = {one["name"]: one["value"] for name, one in said.found if name == _FACT and {"name", "value"} <= set(one)}
    finding = Finding("Healthy", "The machine answers and is well.", facts)
    if version := facts.pop("agent_version", ""):
        finding.agent = version_details(version, is_ours=facts.pop("agent_is_ours", "") == "yes")
    runner = facts.pop("has_runner", None)
    finding.has_runner = None if runner is None else runner == "yes"
    errors = [one.get("message", "") for name, one in said.found if name == _UNWELL]
    if outcome.exit_code:
        finding.status, finding.summary = "Unhealthy", said.failure or _ended(outcome.exit_code)
    elif errors:
        finding.status, finding.summary = "Unhealthy", errors[0] or "The health check's script tells of an error."
    elif said.has_warnings:
        finding.status, finding.summary = "HasWarnings", "The machine answers; the check has warnings."
    return finding


def _ended(code: int) -> str:
    return f"The health check's script ended with exit code {code}." if code > 0 else describe_exit_code(code)
