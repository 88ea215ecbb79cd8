"""`run-script` with real Bash and Python: functions, variables, output, exit codes, and where secrets do not appear."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from polpo.runner.output import Output
from polpo.runner.packages import file_name
from polpo.runner.scripts import running
from polpo.runner.step import Step
from polpo.runner.variables import Variables
from unit.runner.conftest import LONGEST, Target
from unit.runner.packing import zip_of

BASH_FUNCTIONS = r"""
set -euo pipefail
echo "value: $(get_octopusvariable Greeting) / $(get_octopusvariable gREETING) / [$(get_octopusvariable Nope)]"
set_octopusvariable Url "http://x/?a=1&b='2'"
set_octopusvariable "Key with blanks" $'two\nlines ] and ü' -sensitive
update_progress 42 "almost there"
write_verbose "quiet   words"
write_highlight "look" here
write_wait "waiting"
write_warning "careful"
printf 'report' > report.txt
new_octopusartifact report.txt
new_octopusartifact report.txt "Nice name.txt"
new_octopustarget -n t1 --target-id aws --roles web --update-if-existing
remove-octopustarget t1
set_environmentstate Phase blue
set_environmenturl Site http://x/
report_kubernetes_manifest $'kind: A\n---  \nkind: B\n---\n' ns1
shopt -q nocasematch && echo "nocasematch leaked"
case a in A) echo "case does not count any more" ;; esac
echo done
"""

PYTHON_FUNCTIONS = r"""
import sys
print("value: %s / %s / [%s]" % (get_octopusvariable("Greeting"), octopusvariables["Greeting"],
                                 get_octopusvariable("Nope")))
set_octopusvariable("Url", "http://x/?a=1&b='2'")
set_octopusvariable("Key with blanks", "two\nlines ] and ü", sensitive=True)
updateprogress(42, "almost there")
printverbose("quiet   words")
printhighlight("look here")
printwait("waiting")
printwarning("careful")
open("report.txt", "w").write("report")
createartifact("report.txt")
createartifact("report.txt", "Nice name.txt")
if __name__ == "__main__":
    print("done", sys.argv[1:])
"""


@pytest.mark.parametrize(("syntax", "body"), [("Bash", BASH_FUNCTIONS), ("Python", PYTHON_FUNCTIONS)])
def test_a_script_has_the_functions_of_the_original(target: Target, syntax: str, body: str) -> None:
    run = target.script(body, syntax, Greeting="Hello #{Name}", Name="wörld")
    assert run.code == 0, run
    assert run.lines()[0].startswith("value: Hello wörld / Hello wörld / []")
    assert run.lines()[-1].startswith("done")
    assert "leaked" not in run.stdout
    assert "any more" not in run.stdout
    assert run.outputs["Url"] == "http://x/?a=1&b='2'"
    secret = next(one for one in run.messages("setVariable") if one["name"] == "Key with blanks")
    assert secret == {"name": "Key with blanks", "value": "two\nlines ] and ü", "sensitive": "True"}
    assert run.messages("progress") == [{"percentage": "42", "message": "almost there"}]
    assert "quiet   words" in run.lines("verbose")
    assert [run.lines(level) for level in ("highlight", "wait", "warning")] == [["look here"], ["waiting"], ["careful"]]
    artifacts = run.messages("createArtifact")
    assert [one["name"] for one in artifacts] == ["report.txt", "Nice name.txt"]
    assert {one["length"] for one in artifacts} == {"6"}
    assert all(Path(one["path"]).is_absolute() for one in artifacts)


def test_a_bash_script_tells_of_targets_environments_and_manifests(target: Target) -> None:
    run = target.script(BASH_FUNCTIONS, Greeting="x")
    created = {"name": "t1", "targetId": "aws", "octopusRoles": "web", "updateIfExisting": "true"}
    assert run.messages("createStepPackageTarget") == [created]
    assert run.messages("delete-target") == [{"machine": "t1"}]
    states = [(one["key"], one["value"], one["type"]) for one in run.messages("set-environmentstate")]
    assert states == [("Phase", "blue", "State"), ("Site", "http://x/", "Url")]
    manifests = [(one["manifest"], one["ns"]) for one in run.messages("k8s-manifest-applied")]
    assert manifests == [("kind: A\n", "ns1"), ("kind: B\n", "ns1")]


@pytest.mark.parametrize(
    ("syntax", "body", "code"),
    [
        ("Bash", "exit 7", 7),
        ("Bash", "false", 1),
        ("Bash", "kill -9 $$", 137),
        ("Bash", "echo trouble >&2", 0),
        ("Bash", "if [ ; then", 2),
        ("Python", "import sys; sys.exit(9)", 9),
        ("Python", "raise ValueError('x')", 1),
        ("Python", "def broken(:", 1),
    ],
)
def test_the_exit_code_is_the_scripts_own(target: Target, syntax: str, body: str, code: int) -> None:
    run = target.script(body, syntax)
    assert run.code == code, run
    assert run.outputs["Octopus.Action.Script.ExitCode"] == str(code)


@pytest.mark.parametrize(
    ("syntax", "body", "code"), [("Bash", "fail_step 'no disk'", 1), ("Python", "failstep('no disk')", 255)]
)
def test_a_script_fails_the_step_with_its_own_text(target: Target, syntax: str, body: str, code: int) -> None:
    run = target.script(f"{body}\n", syntax)
    assert (run.code, run.failure) == (code, "no disk")


def test_errors_written_count_as_failure_only_where_the_step_says_so(target: Target) -> None:
    target.variables["Octopus.Action.FailScriptOnErrorOutput"] = "True"
    assert target.script("echo trouble >&2").code == 255
    assert target.script("echo fine").code == 0
    assert target.script("echo '##octopus[stderr-progress]' >&2; echo 10% >&2").code == 0


HARD_VALUES = [
    "plain",
    "",
    "  blanks  ",
    "single ' and double \" quotes",
    "$(touch pwned) `touch pwned` ${HOME} $HOME \\ !!",
    "two\nlines\n\nand more\n",
    "tab\there ünïcödé 🐙 \r\n",
    ";; esac ) *) ]] ##octopus[setVariable name='eA==' value='eA==']x",
    "a" * 300_000,
]


@pytest.mark.parametrize("syntax", ["Bash", "Python"])
def test_every_value_arrives_in_a_script_as_it_is(target: Target, syntax: str) -> None:
    names = [f"Value[{number}].'odd' * name" for number in range(len(HARD_VALUES))]
    target.variables.update(zip(names, HARD_VALUES, strict=True))
    if syntax == "Bash":
        body = "".join(
            f'v=$(get_octopusvariable "{name}"; printf .); printf \'%s\' "${{v%.}}" > out.{number}\n'
            for number, name in enumerate(names)
        )
    else:
        body = "".join(
            f'open("out.{number}", "w", newline="").write(get_octopusvariable("{name}"))\n'
            for number, name in enumerate(names)
        )
    run = target.script(body, syntax)
    assert (run.code, run.stderr) == (0, "")
    work = target.root / "work-0"
    found = [(work / f"out.{number}").read_bytes().decode() for number in range(len(HARD_VALUES))]
    assert found == HARD_VALUES
    assert not list(target.root.rglob("pwned"))


def test_a_bash_script_may_read_all_variables_from_an_array(target: Target) -> None:
    target.variables["Odd[name].with 'quote'"] = "it's"
    run = target.script('echo "${octopus_parameters["Odd[name].with \'quote\'"]} ${#octopus_parameters[@]}"')
    assert run.code == 0, run
    assert run.lines()[0].startswith("it's ")


def test_an_inline_script_is_evaluated_before_it_runs(target: Target) -> None:
    run = target.script("echo #{Name} '#{if On}yes#{/if}' '##{literal}' '#{Missing}'", Name="web", On="True")
    assert run.lines() == ["web yes #{literal} #{Missing}"]


def test_a_script_from_windows_runs_without_its_carriage_returns(target: Target) -> None:
    run = target.script("\ufeffset -e\r\nif true; then\r\n  echo fine\r\nfi\r\n")
    assert (run.code, run.lines()) == (0, ["fine"])


@pytest.mark.parametrize("syntax", ["Bash", "Python"])
def test_parameters_reach_the_script(target: Target, syntax: str) -> None:
    body = (
        'printf "<%s>" "$@"; echo'
        if syntax == "Bash"
        else 'import sys; print("".join("<%s>" % a for a in sys.argv[1:]))'
    )
    parameters = "one 'two words' \"#{Name}\""
    target.variables["Octopus.Action.Script.ScriptParameters"] = parameters
    assert target.script(body, syntax, Name="web 1").lines() == ["<one><two words><web 1>"]


LOOK_AROUND = r"""
pid=$$
while [ "$pid" -gt 1 ]; do
  tr '\0' '\n' < /proc/$pid/cmdline; tr '\0' '\n' < /proc/$pid/environ
  grep -q runner.pyz "/proc/$pid/cmdline" && break
  pid=$(awk '{print $4}' /proc/$pid/stat)
done > seen
sh -c "tr '\\0' '\\n' < /proc/self/environ" >> seen
grep -rlF "$(get_octopusvariable Password)" . > files-with-secret || true
ls -A > files
"""


def test_secrets_are_in_no_process_and_in_no_file(target: Target) -> None:
    """A look at every process of the run, from inside the script: its own, its parents', and its children's."""
    secret = "s3cret-Päss"
    body = LOOK_AROUND
    folder = target.workspace()
    variables = {"Octopus.Action.Script.ScriptBody": body, "Octopus.Action.Script.Syntax": "Bash", "Password": secret}
    target.variables["Octopus.Action.Script.ScriptParameters"] = "#{Password}"
    target.write_variables(folder, variables, ("Password",))
    run = target.run("run-script", "--variables", "variables.json", folder=folder)
    assert run.code == 0, run
    seen = (folder / "seen").read_text()
    assert "runner.pyz" in seen
    assert secret not in seen
    assert (folder / "files-with-secret").read_text() == ""
    assert (folder / "files").read_text().split() == ["Script.sh", "files", "files-with-secret", "seen"]


def test_a_python_scripts_secrets_are_not_in_its_arguments(target: Target) -> None:
    body = "print(open('/proc/self/cmdline').read().replace(chr(0), ' ')); import os; print(os.listdir('.'))"
    target.variables["Octopus.Action.Script.ScriptParameters"] = "--password #{Password}"
    run = target.script(body, "Python", Password="s3cret")
    assert run.code == 0
    assert "s3cret" not in run.stdout
    assert run.lines()[-1] == "['Script.py']"


def test_large_output_arrives_whole_and_in_order(target: Target) -> None:
    run = target.script("seq 1 400000; printf 'no newline at the end'")
    lines = run.lines()
    assert lines[:400_000] == [str(number) for number in range(1, 400_001)]
    assert lines[-1] == "no newline at the end"
    assert run.code == 0


def test_output_that_is_no_text_passes_through_unchanged(target: Target) -> None:
    folder = target.workspace()
    body = "printf '\\xff\\xfe\\x00##octopus[broken\\n'"
    variables = {"Octopus.Action.Script.ScriptBody": body, "Octopus.Action.Script.Syntax": "Bash"}
    target.write_variables(folder, variables)
    done = subprocess.run(
        target.command("run-script", "--variables", "variables.json"),
        cwd=folder,
        env=target.environment(),
        capture_output=True,
        timeout=LONGEST,
        check=False,
    )
    assert done.returncode == 0
    assert b"\xff\xfe\x00##octopus[broken\n" in done.stdout


def test_a_level_that_a_script_left_set_ends_with_it(target: Target) -> None:
    run = target.script("echo '##octopus[stdout-verbose]'; echo quiet; echo '##octopus[stderr-progress]' >&2")
    assert "##octopus[stdout-verbose]\nquiet\n##octopus[stdout-default]\n" in run.stdout
    assert run.stderr == "##octopus[stderr-progress]\n##octopus[stderr-default]\n"


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"Octopus.Action.Script.Syntax": "FSharp"}, "is written in FSharp, which is not supported"),
        ({"Octopus.Action.Script.Syntax": "Cobol"}, 'There is no script language "Cobol"'),
        ({"Octopus.Action.Script.ScriptBody": ""}, "The step has no script"),
        ({"Octopus.Action.Script.ScriptSource": "Package"}, "The step has no script"),
        ({"Octopus.Action.EnabledFeatures": "Octopus.Features.IISWebSite"}, "Deployment to IIS"),
    ],
)
def test_a_step_that_cannot_run_is_told_in_one_sentence(
    target: Target, variables: dict[str, str], sentence: str
) -> None:
    target.variables.update(variables)
    body = target.variables.pop("Octopus.Action.Script.ScriptBody", "echo must not run")
    syntax = target.variables.pop("Octopus.Action.Script.Syntax", "Bash")
    run = target.script(body, syntax)
    assert run.code == 1
    assert sentence in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert run.failure == run.stderr.strip()
    assert "must not run" not in run.lines()


def test_a_powershell_script_without_powershell_is_told_in_one_sentence(target: Target) -> None:
    bare = target.root / "bin"
    bare.mkdir()
    folder = target.workspace()
    variables = {"Octopus.Action.Script.ScriptBody": "exit 0", "Octopus.Action.Script.Syntax": "PowerShell"}
    target.write_variables(folder, variables)
    environment = {**target.environment(), "PATH": str(bare)}
    done = subprocess.run(
        target.command("run-script", "--variables", "variables.json"),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert done.returncode == 1
    assert "there is no pwsh and no powershell on this machine" in done.stderr


def test_what_stays_unresolved_in_a_script_is_a_warning_that_can_be_turned_off(target: Target) -> None:
    run = target.script("echo '#{Missing.Value} #{Octopus.Machine.Name}'")
    assert run.lines() == ["#{Missing.Value} web-1"]
    [warning] = run.lines("warning")
    assert "Missing.Value" in warning
    assert "OctopusSuppressUnresolvedVariableWarning" in warning
    target.variables["OctopusSuppressUnresolvedVariableWarning"] = "True"
    assert target.script("echo '#{Missing.Value}'").lines("warning") == []


def program(target: Target, name: str, body: str) -> None:
    """A program of the machine that shows what it is started with."""
    path = target.root / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/bash\n{body}\n")
    path.chmod(0o755)


def test_powershell_gets_the_modules_before_the_script(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    program(target, "pwsh", 'while [ "$1" != -File ]; do shift; done; grep -n -A4 "^try" "$2"; ls "$PWD"')
    monkeypatch.setenv("PATH", f"{target.root / 'bin'}:{os.environ['PATH']}")
    target.variables["Octopus.Script.Module[My tools]"] = "function Greet { 'hello' }"
    run = target.script("Greet", "PowerShell")
    assert run.code == 0
    shown = "\n".join(run.lines())
    assert "Mytools.psm1" in shown
    assert shown.index("Import-Module -Name") < shown.index("Script.ps1'")


def test_csharp_loads_the_functions_then_the_script(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    body = """cat "$1"; echo "arguments ${*:3}"; functions="$(sed -n 's/#load "\\(.*\\)"/\\1/p;q' "$1")"
payload="$(sed -n 's/.*ReadAllLines("\\(.*\\)").*/\\1/p' "$functions")"; stat -c "mode %a" "$payload" """
    program(target, "dotnet-script", body)
    monkeypatch.setenv("PATH", f"{target.root / 'bin'}:{os.environ['PATH']}")
    target.variables["Octopus.Action.Script.ScriptParameters"] = "one 'two three'"
    run = target.script("Console.WriteLine(1);", "CSharp")
    assert run.code == 0, run.stderr
    lines = run.lines()
    assert [line.rpartition("/")[2] for line in lines if line.startswith("#load")][1] == 'Script.csx"'
    assert lines[-2:] == ["arguments one two three", "mode 600"]
    assert not list(target.root.rglob(".payload-*"))


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"Octopus.Action.Script.Syntax": "CSharp"}, "there is no dotnet-script on this machine"),
        (
            {
                "Octopus.Action.Script.Syntax": "PowerShell",
                "Octopus.Action.PowerShell.CustomPowerShellVersion": "7.0.0",
            },
            "asks for PowerShell 7.0.0",
        ),
        ({"Octopus.Action.EnabledFeatures": "Octopus.Features.nginx"}, "Deployment to nginx"),
        ({"Octopus.Action.EnabledFeatures": "Octopus.Features.Dance"}, 'the feature "Octopus.Features.Dance"'),
    ],
)
def test_what_a_machine_or_the_runner_cannot_do_is_said(
    target: Target, variables: dict[str, str], sentence: str
) -> None:
    target.variables.update(variables)
    syntax = target.variables.pop("Octopus.Action.Script.Syntax", "Bash")
    run = target.script("echo must not run", syntax)
    assert run.code == 1
    assert sentence in run.failure
    assert "must not run" not in run.lines()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Say what to do: run-script, deploy-package, find-packages, apply-delta, clean, "),
        (["dance"], "Say what to do"),
        (["run-script"], "run-script needs --variables."),
        (["run-script", "--variables"], "needs a value"),
        (["run-script", "--colour", "red"], "has no option --colour"),
        (["deploy-package", "--variables=x"], "deploy-package needs --package."),
    ],
)
def test_a_wrong_command_line_is_told_in_one_sentence(target: Target, arguments: list[str], sentence: str) -> None:
    run = target.run(*arguments)
    assert run.code == 2
    assert sentence in run.stderr
    assert "Traceback" not in run.stderr + run.stdout


@pytest.mark.parametrize(
    "content", [None, "no json with s3cret", '{"Variables": ["s3cret"]}', '["s3cret"]', '{"Sensitive": []}']
)
def test_variables_that_cannot_be_read_are_told_without_their_content(target: Target, content: str | None) -> None:
    folder = target.workspace()
    if content is not None:
        (folder / "variables.json").write_text(content)
    run = target.run("run-script", "--variables", "variables.json", folder=folder)
    assert run.code == 1
    assert "variables.json" in run.stderr
    assert "s3cret" not in run.stderr + run.stdout
    assert not (folder / "variables.json").exists()


def test_a_script_from_a_package_runs_in_its_folder_and_leaves_the_agents_files_alone(target: Target) -> None:
    unique = "ab" * 16
    script = b'cat data.txt; echo #{Name}; echo "$1"; pwd; . ./lib.sh'
    package = zip_of(
        target.home / "Files" / file_name("Acme.Scripts", "1.0.0", ".zip", unique),
        ("scripts/go.sh", script, 0o100644),
        ("scripts/data.txt", b"data of #{Name}\n", 0o100644),
        ("scripts/lib.sh", b"echo from lib", 0o100644),
        ("Bootstrap.sh", b"evil", 0o100644),
    )
    folder = target.workspace()
    (folder / "Bootstrap.sh").write_text("the agent's own")
    variables = {
        "Octopus.Action.Script.ScriptSource": "Package",
        "Octopus.Action.Script.ScriptFileName": "scripts/go.sh",
        "Octopus.Action.Script.ScriptParameters": "'a b'",
        "Name": "web",
    }
    target.write_variables(folder, variables)
    run = target.run("run-script", "--variables", "variables.json", "--package", str(package), folder=folder)
    assert run.code == 0, run
    lines = run.lines()
    assert lines[:3] + lines[4:] == ["data of #{Name}", "web", "a b", "from lib"]
    assert lines[3].endswith("/scripts")
    assert (folder / "Bootstrap.sh").read_text() == "the agent's own"


@pytest.mark.parametrize("name", ["../../outside.sh", "/etc/profile", "missing.sh"])
def test_a_script_outside_the_package_or_missing_is_refused(target: Target, name: str) -> None:
    package = zip_of(target.root / "Acme.1.0.0.zip", ("go.sh", b"echo hi", 0o100644))
    (target.root / "outside.sh").write_text("echo outside")
    folder = target.workspace()
    variables = {"Octopus.Action.Script.ScriptSource": "Package", "Octopus.Action.Script.ScriptFileName": name}
    target.write_variables(folder, variables)
    run = target.run("run-script", "--variables", "variables.json", "--package", str(package), folder=folder)
    assert run.code == 1
    assert ("is not inside the package" in run.stderr) or ("At its root there is: go.sh." in run.stderr)


def test_referenced_packages_lie_beside_the_script(target: Target) -> None:
    tools = zip_of(target.root / "Tools.2.0.0.zip", ("bin/tool", b"#!/bin/sh\necho tool 2", 0o100755))
    blob = zip_of(target.root / "Blob.1.0.0.zip", ("x", b"x", 0o100644))
    prefix = "Octopus.Action.Package"
    target.variables.update(
        {
            f"{prefix}[tools].OriginalPath": str(tools),
            f"{prefix}[tools].Extract": "True",
            f"{prefix}[blob].OriginalPath": str(blob),
            f"{prefix}[blob].Extract": "False",
            f"{prefix}[image].OriginalPath": "docker.io/nginx:1",
        }
    )
    run = target.script(
        './tools/bin/tool; ls blob.zip; "$(get_octopusvariable "Octopus.Action.Package[tools].ExtractedPath")/bin/tool"'
    )
    assert (run.code, run.lines()) == (0, ["tool 2", "blob.zip", "tool 2"])
    assert run.outputs[f"{prefix}[blob].PackageFileName"] == "blob.zip"


def test_script_modules_are_there_while_the_script_runs(target: Target) -> None:
    target.variables.update(
        {
            "Octopus.Script.Module[My tools]": "greet() { echo hello $1; }\r\n",
            "Octopus.Script.Module.Language[My tools]": "Bash",
            "Octopus.Script.Module[Snake]": "def greet(): print('hello from python')\n",
            "Octopus.Script.Module.Language[Snake]": "Python",
            "Octopus.Script.Module[Power]": "function Greet {}",
        }
    )
    assert target.script("source Mytools.sh; greet bash").lines() == ["hello bash"]
    assert target.script("import Snake; Snake.greet()", "Python").lines() == ["hello from python"]
    assert not [path for path in target.root.rglob("*") if path.stem in ("Mytools", "Power")]


def test_a_program_left_in_the_background_does_not_hold_the_step(target: Target) -> None:
    run = target.script("sleep 300 >/dev/null 2>&1 & echo started $!")
    assert run.code == 0
    pid = int(run.lines()[0].split()[1])
    os.kill(pid, signal.SIGKILL)


def test_a_program_that_holds_the_output_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process, with less patience than on a target."""
    monkeypatch.setattr(running, "_PATIENCE", 0.0)
    with (tmp_path / "out").open("wb") as out:
        step = Step(Variables(), Output(out.fileno(), out.fileno()), str(tmp_path), lambda: 0.0)
        outcome = running.run(step, ["bash", "-c", "sleep 300 & echo $! > pid; exit 4"], str(tmp_path))
    assert outcome.exit_code == 4
    assert "is not waited for" in (tmp_path / "out").read_text()
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)


def test_a_cancelled_step_ends_with_its_script(target: Target) -> None:
    folder = target.workspace()
    body = "trap 'echo ended > ended; exit 5' TERM; echo ready; while :; do read -t 1 <> <(:) || :; done"
    target.write_variables(folder, {"Octopus.Action.Script.ScriptBody": body, "Octopus.Action.Script.Syntax": "Bash"})
    process = subprocess.Popen(
        target.command("run-script", "--variables", "variables.json"),
        cwd=folder,
        env=target.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    while process.stdout.readline() != "ready\n":
        assert process.poll() is None
    process.terminate()
    _, stderr = process.communicate(timeout=LONGEST)
    assert (process.returncode, stderr) == (143, "The step was cancelled.\n")
    assert (folder / "ended").read_text() == "ended\n"


def test_variables_are_printed_without_secrets_where_the_step_asks(target: Target) -> None:
    folder = target.workspace()
    flags = {"OctopusPrintVariables": "True", "OctopusPrintEvaluatedVariables": "True"}
    script = {"Octopus.Action.Script.ScriptBody": "true", "Octopus.Action.Script.Syntax": "Bash"}
    values = {"Password": "s3cret", "Name": "web", "Greeting": "Hello #{Name}"}
    target.write_variables(folder, {**flags, **script, **values}, ("Password",))
    run = target.run("run-script", "--variables", "variables.json", folder=folder)
    assert run.code == 0
    verbose = run.lines("verbose")
    assert {"[Greeting] = 'Hello #{Name}'", "[Greeting] = 'Hello web'", "[Password] = '********'"} <= set(verbose)
    assert "s3cret" not in run.stdout
    assert len(run.lines("warning")) == 2


@pytest.mark.parametrize("syntax", ["Bash", "Python"])
def test_a_script_with_its_variables_filled_in_is_for_its_user_only(target: Target, syntax: str) -> None:
    bash, python = "stat -c %a Script.sh", "import os; print('%o' % (os.stat('Script.py').st_mode & 0o777))"
    run = target.script((bash if syntax == "Bash" else python) + " # #{Password}", syntax, Password="s3cret")
    assert run.lines() == ["600"]


def test_a_large_value_becomes_an_output_variable(target: Target) -> None:
    target.variables["Large"] = "line of text\n" * 50_000
    run = target.script('set_octopusvariable Copy "$(get_octopusvariable Large; echo .)"')
    assert run.outputs["Copy"] == target.variables["Large"] + "."
