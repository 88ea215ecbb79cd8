"""kubectl: where it is, and why a cluster did not do what it asked for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import List, Mapping, NamedTuple, Optional, Tuple
from urllib.parse import urlsplit

from polpo.runner.clusters.connection import PREFIX
from polpo.runner.errors import RunnerError
from polpo.runner.variables import Variables

_CUSTOM = PREFIX + "CustomKubectlExecutable"
_SECONDS = 60
#: What stands before the sentence that `cluster-token` ends with, in what kubectl says.
SIGNIN_MARK = "polpo: "

_UNREACHED = (
    "refused|no such host|server misbehaving|timeout|timed out|deadline exceeded|no route to host|unreachable|EOF"
    "|connection reset|proxyconnect|invalid character|the server could not find the requested"
)
#: What kubectl says when something is wrong, by the layer that it is wrong in; the first that fits counts.
_SIGNS: Tuple[Tuple[str, str], ...] = (
    ("sign-in", r"getting credentials|Unauthorized|must be logged in|asked for the client to provide credentials"),
    ("certificate", r"x509:|tls:|certificate|HTTP response to HTTPS client|HTTP request to an HTTPS server"),
    ("authorisation", r"[Ff]orbidden"),
    ("address", _UNREACHED),
)
_MISSING = re.compile(r"\(NotFound\)")


class Answer(NamedTuple):
    """`layer` is where it failed: address, certificate, sign-in, authorisation, missing, other; empty if it did not."""

    layer: str
    text: str


class Kubectl:
    """One kubectl with one kubeconfig, whose cluster is at the address `server`."""

    def __init__(self, path: str, kubeconfig: str, environment: Mapping[str, str], server: str) -> None:
        self.path = path
        self.kubeconfig = kubeconfig
        self._base = urlsplit(server).path.rstrip("/")
        self._environment = {**environment, "KUBECONFIG": kubeconfig}

    def read(self, path: str) -> Answer:
        """One request, without the discovery that goes before others. kubectl leaves out the path of the address."""
        return self.ask("get", "--raw", self._base + path)

    def ask(self, *arguments: str) -> Answer:
        """RunnerError when it cannot be started; whatever the cluster says is an answer."""
        command = [self.path, *arguments, "--request-timeout=20s"]
        try:
            done = subprocess.run(
                command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Answer("address", f"The cluster did not answer within {_SECONDS} seconds.")
        except OSError as error:
            raise RunnerError(f"kubectl ({self.path}) cannot be started: {error.strerror}.") from error
        if done.returncode == 0:
            return Answer("", done.stdout.decode("utf-8", "replace").strip())
        return explained(done.stderr.decode("utf-8", "replace"))


def find_kubectl(variables: Variables, environment: Mapping[str, str]) -> str:
    """The one that the step names, else that of the path; RunnerError when there is none."""
    custom = (variables.get(_CUSTOM) or "").strip()
    if custom:
        if not (os.path.isfile(custom) and os.access(custom, os.X_OK)):
            raise RunnerError(f"{_CUSTOM} names {custom}, which is no program on this machine.")
        return os.path.abspath(custom)
    found = shutil.which("kubectl", path=environment.get("PATH"))
    if found is None:
        raise RunnerError(
            f"kubectl was not found on this machine, which works for the cluster. Install it, choose a worker pool "
            f"whose workers have it, or name it in {_CUSTOM}."
        )
    return found


def explained(text: str) -> Answer:
    """What kubectl wrote to its error stream, as the layer and the one line that says it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    signin = next((line.partition(SIGNIN_MARK)[2] for line in lines if SIGNIN_MARK in line), None)
    if signin:
        return Answer("sign-in", signin)
    line = _telling(lines)
    if _MISSING.search(line):
        return Answer("missing", line)
    return Answer(next((layer for layer, signs in _SIGNS if re.search(signs, line)), "other"), line)


def _telling(lines: List[str]) -> str:
    """Lines that begin like those of a log are repetitions of the one that follows."""
    own: Optional[str] = next((line for line in lines if not re.match(r"[EIW]\d{4} ", line)), None)
    return own or (lines[-1] if lines else "kubectl failed and did not say why.")
