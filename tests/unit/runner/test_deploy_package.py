"""`deploy-package` as the server starts it: order, folders, scripts, files, journal, and what a failure leaves."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from polpo.runner.packages import file_name
from unit.runner.conftest import LONGEST, Target
from unit.runner.packing import tar_of, zip_of

CUSTOM = "Octopus.Action.Package.CustomInstallationDirectory"
FEATURES = "Octopus.Action.EnabledFeatures"


def acme(target: Target, *entries: tuple[str, str], version: str = "1.2.3", unique: str = "ab" * 16) -> Path:
    path = target.home / "Files" / file_name("Acme.Web", version, ".zip", unique)
    return zip_of(path, *((name, content.encode(), 0o100644) for name, content in entries))


def deployments(target: Target) -> list[ET.Element]:
    return list(ET.parse(target.journal).getroot())  # noqa: S314 - what the runner has written


def test_a_package_is_installed_below_environment_id_and_version(target: Target) -> None:
    run = target.deploy(acme(target, ("web/index.html", "hello"), ("app", "x")))
    assert run.code == 0, run
    folder = target.applications / "Production" / "Acme.Web" / "1.2.3"
    assert (folder / "web/index.html").read_text() == "hello"
    assert run.outputs["Octopus.Action.Package.InstallationDirectoryPath"] == str(folder)
    assert run.outputs["Package.InstallationDirectoryPath"] == str(folder)
    assert run.outputs["Package.ExtractedFileCount"] == "2"
    assert [path.name for path in folder.parent.iterdir()] == ["1.2.3"]


def test_the_same_version_again_gets_a_folder_of_its_own(target: Target) -> None:
    package = acme(target, ("a", "x"))
    folders = [
        target.deploy(package).outputs["Octopus.Action.Package.InstallationDirectoryPath"].rpartition("/")[2]
        for _ in range(3)
    ]
    assert folders == ["1.2.3", "1.2.3_1", "1.2.3_2"]


def test_a_tenants_package_lies_below_the_tenants_name(target: Target) -> None:
    target.variables.update({"Octopus.Deployment.Tenant.Name": "A/C: me", "Octopus.Environment.Name": "Prod 1"})
    run = target.deploy(acme(target, ("a", "x"), version="1.0.0-beta+5"))
    folder = target.applications / "AC: me" / "Prod 1" / "Acme.Web" / "1.0.0-beta+5"
    assert run.outputs["Octopus.Action.Package.InstallationDirectoryPath"] == str(folder)


@pytest.mark.parametrize("name", ["..", ".", "/../"])
def test_a_name_that_would_lead_elsewhere_is_refused(target: Target, name: str) -> None:
    run = target.deploy(acme(target, ("a", "x")), {"Octopus.Environment.Name": name})
    assert run.code == 1
    assert "cannot be the name of a folder" in run.stderr
    assert not list(target.root.rglob("Acme.Web"))


def test_a_tar_is_installed_with_its_modes(target: Target) -> None:
    package = tar_of(target.home / "Files" / "Tool.2.0.tar.gz", ("bin/tool", b"0", b"echo hi", ""), mode=0o755)
    run = target.deploy(package)
    tool = target.applications / "Production" / "Tool" / "2.0" / "bin/tool"
    assert run.code == 0, run
    assert stat.S_IMODE(tool.stat().st_mode) == 0o755


STAGES = ("PreDeploy", "Deploy", "PostDeploy", "DeployFailed")


def tell(stage: str, more: str = "") -> str:
    return f'echo {stage} >> "$(get_octopusvariable Trace)"\n{more}'


def staged(target: Target, **more: str) -> tuple[Path, dict[str, str]]:
    """A package with a script for each stage, and a step with one of its own for three of them."""
    package = acme(target, *((f"{stage}.sh", tell(f"packaged {stage}", more.get(stage, ""))) for stage in STAGES))
    own = {f"Octopus.Action.CustomScripts.{stage}.sh": tell(f"own {stage}") for stage in STAGES[:3]}
    trace = target.root / "trace"
    return package, {**own, "Trace": str(trace), FEATURES: "Octopus.Features.CustomScripts"}


def trace(target: Target) -> list[str]:
    return (target.root / "trace").read_text().splitlines()


def test_scripts_run_in_the_originals_order_and_are_taken_away(target: Target) -> None:
    package, variables = staged(target)
    run = target.deploy(package, variables)
    assert run.code == 0, run
    assert trace(target) == [
        "own PreDeploy",
        "packaged PreDeploy",
        "packaged Deploy",
        "own Deploy",
        "packaged PostDeploy",
        "own PostDeploy",
    ]
    assert list((target.applications / "Production/Acme.Web/1.2.3").iterdir()) == []


def test_packaged_scripts_stay_or_do_not_run_where_the_step_says_so(target: Target) -> None:
    package, variables = staged(target)
    target.deploy(package, {**variables, "OctopusDeleteScriptsOnCleanup": "False"})
    left = {path.name for path in (target.applications / "Production/Acme.Web/1.2.3").iterdir()}
    assert {f"{stage}.sh" for stage in STAGES} <= left
    (target.root / "trace").unlink()
    target.deploy(package, {**variables, "Octopus.Action.Package.RunScripts": "False"})
    assert trace(target) == ["own PreDeploy", "own Deploy", "own PostDeploy"]
    assert (target.applications / "Production/Acme.Web/1.2.3_1/Deploy.sh").exists()


def test_of_scripts_in_several_languages_one_runs_and_case_does_not_count(target: Target) -> None:
    package = acme(
        target, ("POSTDEPLOY.SH", "echo bash"), ("PostDeploy.py", "print('python')"), ("PostDeploy.ps1", "'power'")
    )
    run = target.deploy(package)
    assert run.code == 0, run
    assert "bash" in run.lines()
    assert "python" not in run.lines()
    assert list((target.applications / "Production/Acme.Web/1.2.3").iterdir()) == []


def test_a_python_script_of_the_package_runs(target: Target) -> None:
    package = acme(target, ("Deploy.py", "import lib\nset_octopusvariable('v', lib.value())"), ("lib.py", VALUE_OF_LIB))
    assert target.deploy(package).outputs["v"] == "from lib"


VALUE_OF_LIB = "def value():\n    return 'from lib'\n"


@pytest.mark.parametrize("stage", ["PreDeploy", "Deploy", "PostDeploy"])
def test_a_failing_script_ends_the_deployment_and_runs_deploy_failed(target: Target, stage: str) -> None:
    package, variables = staged(
        target,
        **{stage: "exit 3\n"},
        DeployFailed='set_octopusvariable why "$(get_octopusvariable OctopusLastErrorMessage)"',
    )
    run = target.deploy(package, variables)
    assert run.code == 1
    assert run.stderr == f"{stage}.sh ended with exit code 3.\n"
    assert run.failure == f"{stage}.sh ended with exit code 3."
    assert trace(target)[-2:] == [f"packaged {stage}", "packaged DeployFailed"]
    assert run.outputs["why"] == f"{stage}.sh ended with exit code 3."
    assert [one.get("WasSuccessful") for one in deployments(target)] == ["False"]


def test_a_scripts_own_text_stays_the_steps_failure(target: Target) -> None:
    run = target.deploy(
        acme(target, ("Deploy.sh", "fail_step 'the licence has run out'"), ("DeployFailed.sh", "exit 4"))
    )
    assert run.code == 1
    assert run.failure == "the licence has run out"
    assert run.stderr.splitlines() == [
        "After the failure, another one: DeployFailed.sh ended with exit code 4.",
        "Deploy.sh ended with exit code 1.",
    ]


def test_a_later_script_reads_what_an_earlier_one_set(target: Target) -> None:
    package = acme(
        target,
        ("PreDeploy.sh", "set_octopusvariable Colour green -sensitive"),
        ("app.conf", "colour=#{Colour}\nsame=#{Octopus.Action[Deploy web].Output.Colour}\n"),
        (
            "Deploy.sh",
            "echo \"$(get_octopusvariable 'Octopus.Action[Deploy web].Output[web-1].Colour')\"; cat app.conf",
        ),
    )
    features = {
        FEATURES: "Octopus.Features.SubstituteInFiles",
        "Octopus.Action.SubstituteInFiles.TargetFiles": "*.conf",
    }
    run = target.deploy(package, features)
    assert run.lines()[-3:] == ["green", "colour=green", "same=green"]


def test_a_script_may_leave_out_the_rest(target: Target) -> None:
    package, variables = staged(target, PreDeploy="set_octopusvariable Octopus.Action.SkipRemainingConventions True")
    run = target.deploy(package, variables)
    assert run.code == 0
    assert trace(target) == ["own PreDeploy", "packaged PreDeploy"]
    assert [one.get("WasSuccessful") for one in deployments(target)] == ["True"]


def test_variables_are_substituted_in_the_files_named_and_in_no_other(target: Target) -> None:
    package = acme(
        target,
        ("appsettings.json", '{"db": "#{Db | JsonEscape}"}'),
        ("config/a.conf", "#{Db}"),
        ("config/deep/b.conf", "#{Db} #{Unknown}"),
        ("other.txt", "#{Db}"),
    )
    asked = {
        "Db": 'a"b',
        "Octopus.Action.SubstituteInFiles.Enabled": "True",
        "Octopus.Action.SubstituteInFiles.TargetFiles": "appsettings.json\nconfig/**/*.conf\nmissing/*.xml",
    }
    run = target.deploy(package, asked)
    folder = target.applications / "Production/Acme.Web/1.2.3"
    texts = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.*") if path.is_file()}
    assert texts == {
        "appsettings.json": '{"db": "a\\"b"}',
        "config/a.conf": 'a"b',
        "config/deep/b.conf": 'a"b #{Unknown}',
        "other.txt": "#{Db}",
    }
    assert run.lines("warning") == [f'No file in {folder} fits "missing/*.xml", so no variables are substituted there.']
    strict = target.deploy(package, {**asked, "OctopusShouldFailDeploymentOnSubstitutionFails": "True"})
    assert strict.code == 1
    assert "b.conf could not be substituted" in strict.stderr
    assert "#{Unknown}" in strict.stderr


@pytest.mark.parametrize(
    ("feature", "code"), [("JsonConfigurationVariables", 0), ("ConfigurationTransforms", 0), ("IISWebSite", 1)]
)
def test_a_feature_that_is_not_built_is_refused_and_not_left_out(target: Target, feature: str, code: int) -> None:
    package = acme(target, ("Web.config", "<configuration/>"), ("a.json", "{}"), ("PreDeploy.sh", "echo begun"))
    run = target.deploy(package, {FEATURES: f"Octopus.Features.{feature}"})
    assert run.code == code
    assert ("begun" in run.lines()) == (not code)
    assert ("cannot be done yet" in run.stderr) == bool(code)


def test_a_custom_folder_gets_the_files_and_runs_the_scripts(target: Target) -> None:
    custom = target.root / "srv" / "www"
    custom.mkdir(parents=True)
    (custom / "kept.txt").write_text("kept")
    (custom / "app.txt").write_text("old")
    running = (custom / "app.txt").open()
    package = acme(target, ("app.txt", "new"), ("sub/x", "x"), ("PostDeploy.sh", "pwd"), ("PreDeploy.sh", "pwd"))
    run = target.deploy(package, {CUSTOM: "#{Root}/www", "Root": str(custom.parent)})
    assert run.code == 0, run
    assert {str(path.relative_to(custom)) for path in custom.rglob("*")} == {"kept.txt", "app.txt", "sub", "sub/x"}
    assert (custom / "app.txt").read_text() == "new"
    with running:
        assert running.read() == "old"
    folders = [line for line in run.lines() if line.startswith("/")]
    assert folders == [str(target.applications / "Production/Acme.Web/1.2.3"), str(custom)]
    assert run.outputs["Octopus.Action.Package.InstallationDirectoryPath"] == str(custom)
    assert deployments(target)[0].get("CustomInstallationDirectory") == str(custom)


def test_a_custom_folder_is_purged_except_what_is_to_stay(target: Target) -> None:
    custom = target.root / "srv"
    for name in ("old.txt", "logs/a.log", "logs/b.txt", "data/x/y", "empty/z/q"):
        (custom / name).parent.mkdir(parents=True, exist_ok=True)
        (custom / name).write_text("old")
    outside = target.root / "outside"
    outside.mkdir()
    (outside / "safe").write_text("safe")
    (custom / "link").symlink_to(outside)
    run = target.deploy(
        acme(target, ("new.txt", "new")),
        {
            CUSTOM: str(custom),
            f"{CUSTOM}ShouldBePurgedBeforeDeployment": "True",
            f"{CUSTOM}PurgeExclusions": "data\n**/*.log",
        },
    )
    assert run.code == 0, run
    left = {str(path.relative_to(custom)) for path in custom.rglob("*") if path.is_file()}
    assert left == {"new.txt", "logs/a.log", "data/x/y"}
    assert not (custom / "empty").exists()
    assert (outside / "safe").read_text() == "safe"


@pytest.mark.parametrize(
    ("folder", "purge", "sentence"),
    [
        ("relative/path", "False", "is a relative path"),
        ("{apps}/Production/Acme.Web/1.2.3/inside", "False", "lies inside"),
        ("/", "True", "is not purged"),
        ("{apps}", "True", "is not purged"),
        ("{home}", "True", "is not purged"),
        ("{apps}/#{Missing}", "False", "cannot be told"),
    ],
)
def test_a_custom_folder_that_would_do_harm_is_refused(target: Target, folder: str, purge: str, sentence: str) -> None:
    path = folder.format(apps=target.applications, home=target.home) if "#" not in folder else f"/x/{folder[7:]}"
    package = acme(target, ("a", "x"))
    run = target.deploy(package, {CUSTOM: path, f"{CUSTOM}ShouldBePurgedBeforeDeployment": purge})
    assert run.code == 1
    assert sentence in run.stderr
    assert package.exists()


def test_the_journal_tells_what_was_installed(target: Target) -> None:
    package = acme(target, ("a", "x"))
    target.deploy(package, {"Octopus.Deployment.Tenant.Id": "Tenants-1"})
    [entry] = deployments(target)
    assert {key: entry.get(key) for key in entry.keys() if key not in ("Id", "InstalledOn")} == {  # noqa: SIM118
        "EnvironmentId": "Environments-3",
        "TenantId": "Tenants-1",
        "ProjectId": "Projects-7",
        "RetentionPolicySet": target.variables["OctopusRetentionPolicySet"],
        "ExtractedTo": str(target.applications / "Production/Acme.Web/1.2.3"),
        "CustomInstallationDirectory": str(target.applications / "Production/Acme.Web/1.2.3"),
        "WasSuccessful": "True",
    }
    assert [one.attrib for one in entry] == [
        {"PackageId": "Acme.Web", "PackageVersion": "1.2.3", "DeployedFrom": str(package)}
    ]


def test_scripts_are_told_of_the_previous_installation(target: Target) -> None:
    body = "".join(
        f"echo {name}.{key}=$(get_octopusvariable Octopus.Tentacle.{name}.{key})\n"
        for name in ("PreviousInstallation", "PreviousSuccessfulInstallation")
        for key in ("PackageVersion", "OriginalInstalledPath")
    )
    first = target.deploy(acme(target, ("Deploy.sh", body), version="1.0.0"))
    assert first.lines()[-4:] == [line.partition("=")[0] + "=" for line in first.lines()[-4:]]
    target.deploy(acme(target, ("Deploy.sh", "exit 1"), version="1.1.0", unique="cd" * 16))
    third = target.deploy(acme(target, ("Deploy.sh", body), version="1.2.0", unique="ef" * 16))
    parent = target.applications / "Production/Acme.Web"
    assert third.lines()[-4:] == [
        "PreviousInstallation.PackageVersion=1.1.0",
        f"PreviousInstallation.OriginalInstalledPath={parent / '1.1.0'}",
        "PreviousSuccessfulInstallation.PackageVersion=1.0.0",
        f"PreviousSuccessfulInstallation.OriginalInstalledPath={parent / '1.0.0'}",
    ]


def test_what_is_installed_already_is_skipped_only_after_success_and_while_it_is_there(target: Target) -> None:
    skip = {"Octopus.Action.Package.SkipIfAlreadyInstalled": "True"}
    broken = acme(target, ("Deploy.sh", "exit 1"))
    assert target.deploy(broken, skip).code == 1
    good = acme(target, ("Deploy.sh", "echo deploying"))
    second = target.deploy(good, skip)
    assert "deploying" in second.lines()
    third = target.deploy(good, skip)
    assert third.code == 0
    assert "deploying" not in third.lines()
    installed = second.outputs["Octopus.Action.Package.InstallationDirectoryPath"]
    assert third.outputs["Octopus.Action.Package.InstallationDirectoryPath"] == installed
    assert len(deployments(target)) == 2
    shutil.rmtree(installed)
    assert "deploying" in target.deploy(good, skip).lines()


def test_a_refused_package_leaves_no_folder_and_no_entry(target: Target) -> None:
    package = zip_of(target.home / "Files" / "Evil.1.0.0.zip", ("a", b"x", 0o100644), ("../../evil", b"x", 0o100644))
    run = target.deploy(package)
    assert run.code == 1
    assert 'climbs out of the package with ".."' in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert list(target.applications.rglob("*")) == [
        target.applications / "Production",
        target.applications / "Production" / "Evil",
    ]
    assert not target.journal.exists()


def test_a_missing_package_is_told(target: Target) -> None:
    run = target.deploy(target.home / "Files" / "Acme.1.0.0.zip")
    assert run.code == 1
    assert "There is no package file" in run.stderr


def test_too_little_free_space_is_told_before_anything_is_unpacked(target: Target) -> None:
    del target.variables["OctopusSkipFreeDiskSpaceCheck"]
    run = target.deploy(acme(target, ("a", "x")), {"OctopusFreeDiskSpaceOverrideInMegaBytes": "2000000000"})
    assert run.code == 1
    assert "2,000,000,000 MB are asked for" in run.stderr
    assert not list(target.applications.rglob("1.2.3"))


def test_what_a_killed_deployment_left_is_swept_up(target: Target) -> None:
    parent = target.applications / "Production" / "Acme.Web"
    gone = subprocess.Popen(["true"])
    gone.wait()
    dead = parent / f".1.2.3.unpacking-{gone.pid}-0123abcd"
    alive = parent / f".1.2.3.unpacking-{os.getpid()}-0123abcd"
    for folder in (dead, alive):
        folder.mkdir(parents=True)
        (folder / "half").write_text("x")
    assert target.deploy(acme(target, ("a", "x"))).code == 0
    assert {path.name for path in parent.iterdir()} == {"1.2.3", alive.name}


def test_a_cancelled_deployment_is_in_the_journal_as_failed(target: Target) -> None:
    package = acme(target, ("Deploy.sh", "echo ready; exec sleep 300"), ("DeployFailed.sh", "echo must not run"))
    folder = target.workspace()
    target.write_variables(folder, {})
    process = subprocess.Popen(
        target.command("deploy-package", "--variables", "variables.json", "--package", str(package)),
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
    stdout, _ = process.communicate(timeout=LONGEST)
    assert process.returncode == 143
    assert "must not run" not in stdout
    assert [one.get("WasSuccessful") for one in deployments(target)] == ["False"]


def test_a_failing_script_of_the_step_does_not_stay_with_its_secrets(target: Target) -> None:
    own = {FEATURES: "Octopus.Features.CustomScripts", "Octopus.Action.CustomScripts.Deploy.sh": "false #{Password}"}
    run = target.deploy(acme(target, ("a", "x")), {**own, "Password": "s3cret"})
    assert run.stderr == "The step's own Deploy script ended with exit code 1.\n"
    assert [path.name for path in (target.applications / "Production/Acme.Web/1.2.3").iterdir()] == ["a"]
