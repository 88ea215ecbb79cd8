"""What scripts find around them on a cluster, with a kubectl that only says what a test tells it to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from polpo.runner.packages import file_name
from unit.runner.conftest import Run, Target
from unit.runner.packing import zip_of

_K = "Octopus.Action.Kubernetes."

#: Notes how it is called, and answers a look at the namespace as a file says.
_KUBECTL = """\
#!/bin/sh
echo "$@" >> {calls}
case "$*" in
  get*--raw*namespaces*) cat {answer} >&2; exit {code} ;;
  create*) exit {create} ;;
  config*) echo "a config" ;;
  hello) echo "mine: $(cat "$KUBECONFIG")" ;;
esac
"""


@pytest.fixture
def calls(target: Target) -> Path:
    """A target with a cluster, and what its kubectl was called with."""
    target.variables |= {
        _K + "ClusterUrl": "https://k/base/",
        _K + "Namespace": "apps",
        _K + "CustomKubectlExecutable": str(target.root / "my-kubectl"),
        "Octopus.Account.AccountType": "Token",
        "Octopus.Account.Token": "t0ken",
    }
    kubectl(target)
    return target.root / "calls"


def kubectl(target: Target, answer: str = "", *, create: int = 0) -> None:
    (target.root / "answer").write_text(answer)
    program = target.root / "my-kubectl"
    places = {"calls": target.root / "calls", "answer": target.root / "answer"}
    program.write_text(_KUBECTL.format(**places, code=1 if answer else 0, create=create))
    program.chmod(0o755)


def test_the_namespace_is_looked_at_where_the_cluster_is(target: Target, calls: Path) -> None:
    run = target.script("true")

    assert run.code == 0
    assert calls.read_text() == "get --raw /base/api/v1/namespaces/apps --request-timeout=20s\n"


def test_scripts_call_it_as_kubectl_with_a_kubeconfig(target: Target, calls: Path) -> None:
    run = target.script("kubectl hello; stat -c %a $KUBECONFIG; echo $KUBECONFIG; env | grep -c t0ken; true")

    said, mode, place, secrets = run.lines()
    config = json.loads(said.removeprefix("mine: "))
    assert config["users"][0]["user"] == {"token": "t0ken"}
    assert config["clusters"][0]["cluster"]["server"] == "https://k/base/"
    assert (mode, secrets) == ("600", "0")
    assert not Path(place).exists()


def test_nothing_is_left_when_the_script_fails(target: Target, calls: Path) -> None:
    folder = target.workspace()
    script = {"Octopus.Action.Script.ScriptBody": "exit 3", "Octopus.Action.Script.Syntax": "Bash"}
    target.write_variables(folder, script)

    run = target.run("run-script", "--variables", "variables.json", folder=folder)

    assert run.code == 3
    assert [one.name for one in folder.iterdir()] == ["Script.sh"]


@pytest.mark.parametrize(
    ("answer", "create", "said", "warned"),
    [
        ('Error from server (NotFound): namespaces "apps" not found', 0, ["Made the namespace apps."], []),
        (
            'Error from server (NotFound): namespaces "apps" not found',
            1,
            [],
            ["The namespace apps is not there and cannot be made: kubectl failed and did not say why."],
        ),
        ('Error from server (Forbidden): namespaces "apps" is forbidden', 0, [], []),
        (
            "error: You must be logged in to the server (Unauthorized)",
            0,
            [],
            ["The cluster cannot be used (sign-in): error: You must be logged in to the server (Unauthorized)"],
        ),
    ],
)
def test_what_the_cluster_says_stops_no_script(
    target: Target, calls: Path, answer: str, create: int, said: list[str], warned: list[str]
) -> None:
    kubectl(target, answer, create=create)

    run = target.script("echo done")

    assert run.code == 0
    assert run.lines() == [*said, "done"]
    assert run.lines("warning") == warned


def test_the_kubeconfig_is_shown_when_a_step_asks_for_it(target: Target, calls: Path) -> None:
    target.variables[_K + "OutputKubeConfig"] = "True"

    assert target.script("true").lines() == ["a config"]


def test_the_scripts_of_packages_find_the_same(target: Target, calls: Path) -> None:
    path = target.home / "Files" / file_name("Acme", "1.0.0", ".zip", "ab" * 16)
    package = zip_of(path, ("PostDeploy.sh", b"kubectl hello | cut -c 1-5\n", 0o100644))

    run = target.deploy(package)

    assert run.code == 0, run.stdout
    assert "mine:" in run.lines()


def test_a_step_that_needs_a_cluster_says_so_without_one(target: Target, calls: Path) -> None:
    for name in (_K + "ClusterUrl", _K + "Namespace"):
        del target.variables[name]
    folder = target.workspace()
    target.write_variables(folder, {"Octopus.Action.Script.ScriptBody": "true"})

    run: Run = target.run("run-script", "--variables", "variables.json", "--cluster", "needed", folder=folder)

    assert run.code == 1
    assert "The step works on a cluster and names none" in run.failure


def test_other_scripts_are_left_alone(target: Target) -> None:
    target.variables["Octopus.Account.AccountType"] = "Token"

    assert target.script("echo ${KUBECONFIG:-none}").lines() == ["none"]
