"""What health checks run on a machine, run here by a real bash, and what is made of its outcome."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from polpo.features.machinepolicies.resource import MachineHealthCheckPolicy, MachinePolicy, MachineScriptPolicy
from polpo.features.machines.examining import Finding
from polpo.features.machines.healthscript import health_script, judge
from polpo.features.machines.resource import TentacleVersionDetails
from polpo.steps.console import ConsoleState
from polpo.steps.messages import ServiceMessage, split_line
from polpo.steps.remote import Outcome

_LEVELS = {"stdout-warning", "stdout-error"}


def found_by(home: Path, bash: MachineScriptPolicy) -> tuple[Finding, str]:
    policy = MachinePolicy(machine_health_check_policy=MachineHealthCheckPolicy(bash_health_check_policy=bash))
    body = health_script(policy, "Tools/runner.pyz").bash
    environment = {"PATH": "/usr/bin:/bin", "TentacleHome": str(home), "TentacleVersion": "9.1.0"}
    done = subprocess.run(["bash", "-c", body], env=environment, capture_output=True, text=True, check=False)
    state = ConsoleState(has_warnings=bool(done.stderr))
    for line in done.stdout.splitlines():
        for part in split_line(line):
            if isinstance(part, ServiceMessage):
                state.has_warnings |= part.name in _LEVELS
                state.found.append((part.name, part.attributes))
                if part.name == "resultmessage":
                    state.failure = part.get("message")
    return judge(Outcome(done.returncode, state)), done.stdout


def inline(body: str) -> MachineScriptPolicy:
    return MachineScriptPolicy(run_type="Inline", script_body=body)


def test_machine_tells_what_it_is(tmp_path: Path) -> None:
    finding, said = found_by(tmp_path, MachineScriptPolicy())
    assert finding.status in {"Healthy", "HasWarnings"}, said
    assert "Free space where the agent works: " in said
    assert finding.agent == TentacleVersionDetails(version="9.1.0", upgrade_locked=True)
    assert finding.has_runner is False
    assert (finding.facts["operating_system"], finding.facts["shell_name"]) == ("Linux", "bash")
    assert set(finding.facts) == {
        "operating_system",
        "operating_system_version",
        "architecture",
        "shell_name",
        "shell_version",
    }


def test_runner_that_is_there_is_seen(tmp_path: Path) -> None:
    (tmp_path / "Tools").mkdir()
    (tmp_path / "Tools/runner.pyz").write_bytes(b"")
    assert found_by(tmp_path, inline("true"))[0].has_runner is True


@pytest.mark.parametrize(
    ("body", "status", "summary"),
    [
        ("true", "Healthy", "The machine answers and is well."),
        ("echo_warning 'Rather hot.'", "HasWarnings", "The machine answers; the check has warnings."),
        ("write_warning 'Rather hot.'", "HasWarnings", "The machine answers; the check has warnings."),
        ("echo oops >&2", "HasWarnings", "The machine answers; the check has warnings."),
        ("echo_error 'Too hot.'", "Unhealthy", "Too hot."),
        ("fail_healthcheck 'Melted.'; echo on", "Unhealthy", "Melted."),
        ("fail_healthcheck", "Unhealthy", "The health check's script ended with exit code 1."),
        ("exit 7", "Unhealthy", "The health check's script ended with exit code 7."),
        ("check_free_space / 999999999", "HasWarnings", "The machine answers; the check has warnings."),
        ("check_free_space /nowhere 1", "Healthy", "The machine answers and is well."),
    ],
)
def test_own_script_decides(tmp_path: Path, body: str, status: str, summary: str) -> None:
    finding, said = found_by(tmp_path, inline(body))
    assert (finding.status, finding.summary) == (status, summary), said


def test_own_script_stands_in_place_of_the_look_at_the_disk(tmp_path: Path) -> None:
    assert "Free space" not in found_by(tmp_path, inline("true"))[1]


def test_connection_only_for_a_shell_runs_nothing(tmp_path: Path) -> None:
    finding, said = found_by(tmp_path, MachineScriptPolicy(run_type="OnlyConnectivity", script_body="exit 1"))
    assert (finding.status, said, finding.has_runner) == ("Healthy", "", None)


def test_shell_that_does_not_start_is_told_in_words() -> None:
    finding = judge(Outcome(-42, ConsoleState()))
    assert (finding.status, finding.summary) == ("Unhealthy", "The shell for the script could not be started.")


def test_powershell_gets_the_same() -> None:
    own = MachineScriptPolicy(run_type="Inline", script_body="Write-Host 'mine'")
    policy = MachinePolicy(machine_health_check_policy=MachineHealthCheckPolicy(power_shell_health_check_policy=own))
    body = health_script(policy, "Tools/x/runner.pyz").powershell
    for word in ("function Fail-HealthCheck", "function CheckDriveCapacity", "'Tools/x/runner.pyz'"):
        assert word in body
    assert body.endswith("Write-Host 'mine'\n")
    assert "Get-PSDrive" not in body
    assert "Get-PSDrive" in health_script(MachinePolicy(), "x").powershell


def test_own_script_knows_the_machine() -> None:
    own = inline("echo #{Octopus.Machine.Name} ${#array} #{Unknown}")
    policy = MachinePolicy(machine_health_check_policy=MachineHealthCheckPolicy(bash_health_check_policy=own))
    body = health_script(policy, "x", {"Octopus.Machine.Name": "web-1"}).bash
    assert body.endswith("echo web-1 ${#array} #{Unknown}\n")
