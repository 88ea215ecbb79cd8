"""What scripts see of the machine and of whoever runs them, and what the owner of an agent may set."""

from __future__ import annotations

from pathlib import Path

import pytest

from polpo.kernel.errors import Invalid
from polpo.scripthost.environment import agent_environment, limits_told_by, machine_variables, server_environment
from polpo.version import __version__

DELAY, AGE = "TENTACLE_WORKSPACE_CLEANER_DELAY", "TENTACLE_WORKSPACE_CLEANER_DELETE_OLDER_THAN"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("00:30:00", 1800.0), ("1.12:00:00", 36 * 3600.0), ("02:15", 8100.0), ("00:00:00", 1.0), ("00:00:05.5", 5.0)],
)
def test_the_owner_says_when_old_workspaces_are_removed(told: str, seconds: float) -> None:
    limits = limits_told_by({DELAY: told, AGE: told})
    assert (limits.clean_every, limits.keep_workspaces) == (seconds, seconds)


def test_old_workspaces_are_removed_every_two_hours_after_a_day() -> None:
    limits = limits_told_by({})
    assert (limits.clean_every, limits.keep_workspaces) == (2 * 3600.0, 24 * 3600.0)
    with pytest.raises(Invalid, match=rf"{DELAY} must be a duration, \[d\.\]hh:mm\[:ss\]; it is 'often'"):
        limits_told_by({DELAY: "often"})


def test_scripts_of_an_agent_see_what_its_owner_set_and_not_what_is_ours() -> None:
    given = {"JAVA_OPTS": "-x", "POLPO_API_KEY": "API-1", "polpo_x": "y", "BASH_ENV": "/evil", "PATH": "/bin"}
    assert agent_environment(given) == {"JAVA_OPTS": "-x", "PATH": "/bin"}
    assert server_environment({"AWS_SECRET": "s", "LC_ALL": "C", "PATH": "/bin"}) == {"LC_ALL": "C", "PATH": "/bin"}


def test_scripts_are_told_where_they_are() -> None:
    told = machine_variables(Path("/var/agent"), Path("/srv/apps"), "web-1")
    assert told["TentacleHome"] == "/var/agent"
    assert told["TentacleApplications"] == "/srv/apps"
    assert told["TentacleJournal"] == "/var/agent/DeploymentJournal.xml"
    assert told["CalamariPackageRetentionJournalPath"] == "/var/agent/PackageRetentionJournal.json"
    assert told["TentacleVersion"] == told["PolpoAgentVersion"] == __version__
    assert (Path(told["AgentProgramDirectoryPath"]) / "version.py").exists()
