"""What scripts see of the environment of the program that runs them."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from polpo.kernel.errors import Invalid
from polpo.scripthost.host import Limits
from polpo.version import __version__

_OF_THE_MACHINE = {
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "HOSTNAME",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    "JAVA_HOME", "DOTNET_ROOT",
}  # fmt: skip
_OURS = "POLPO_"
_CHANGES_SHELLS = {"BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS"}
_DURATION = re.compile(r"(?:(\d{1,7})\.)?(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?")
_DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def server_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """For scripts beside the server: only what describes the machine, as the rest may hold the server's secrets."""
    kept = {name: value for name, value in environment.items() if name in _OF_THE_MACHINE or name.startswith("LC_")}
    return {"PATH": _DEFAULT_PATH, **kept}


def agent_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """For scripts of an agent: all that its owner set, without our own settings and what changes how shells start."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.upper().startswith(_OURS) and name not in _CHANGES_SHELLS
    }
    return {"PATH": _DEFAULT_PATH, **kept}


def limits_told_by(environment: Mapping[str, str]) -> Limits:
    """The usual limits, with how often and when old workspaces are removed as the owner of the agent set it."""
    usual = Limits()
    return replace(
        usual,
        clean_every=_seconds(environment, "TENTACLE_WORKSPACE_CLEANER_DELAY", usual.clean_every),
        keep_workspaces=_seconds(environment, "TENTACLE_WORKSPACE_CLEANER_DELETE_OLDER_THAN", usual.keep_workspaces),
    )


def _seconds(environment: Mapping[str, str], name: str, usual: float) -> float:
    """Of a duration such as 02:00:00 or 1.00:00:00; Invalid for another text."""
    told = environment.get(name)
    if told is None:
        return usual
    match = _DURATION.fullmatch(told.strip())
    if match is None:
        raise Invalid(f"The environment variable {name} must be a duration, [d.]hh:mm[:ss]; it is '{told}'.")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return max(float(((days * 24 + hours) * 60 + minutes) * 60 + seconds), 1.0)


def machine_variables(home: Path, applications: Path, instance: str) -> dict[str, str]:
    """What scripts expect to be told by whoever runs them (contract: tentacle.md, section 2)."""
    program = Path(__file__).parent.parent
    return {
        "TentacleHome": str(home),
        "TentacleApplications": str(applications),
        "TentacleJournal": str(home / "DeploymentJournal.xml"),
        "CalamariPackageRetentionJournalPath": str(home / "PackageRetentionJournal.json"),
        "TentacleInstanceName": instance,
        "TentacleVersion": __version__,
        "PolpoAgentVersion": __version__,  # tells our agent from the original's
        "TentacleNetFrameworkDescription": f"Python {platform.python_version()}",
        "TentacleExecutablePath": sys.executable,
        "PolpoPython": sys.executable,  # runs the runner, and may have what makes that faster
        "TentacleProgramDirectoryPath": str(program),
        "AgentProgramDirectoryPath": str(program),
        "TentacleCertificateSignatureAlgorithm": "sha256RSA",
        "TentacleUseDefaultProxy": "False",
    }
