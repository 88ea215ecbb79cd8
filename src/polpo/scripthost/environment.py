"""What scripts see of the environment of the program that runs them."""

from __future__ import annotations

from collections.abc import Mapping

_OF_THE_MACHINE = {
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "HOSTNAME",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    "JAVA_HOME", "DOTNET_ROOT",
}  # fmt: skip
_OURS = "POLPO_"
_CHANGES_SHELLS = {"BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS"}
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
