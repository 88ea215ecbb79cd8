"""Configuration files of .NET programs on a target: which are changed, in which order, and what stops a step."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.runner.conftest import Run, Target
from unit.runner.packing import zip_of
from unit.runner.test_deploy_package import acme

FEATURES = "Octopus.Action.EnabledFeatures"
SWITCH = "Octopus.Action.Package.AutomaticallyUpdateAppSettingsAndConnectionStrings"
VARIABLES = {FEATURES: "Octopus.Features.ConfigurationVariables", "Db": "Server=new;Password=p&q"}
WEB = """<?xml version="1.0" encoding="utf-8"?>\r
<configuration>\r
  <!-- where to -->\r
  <connectionStrings>\r
    <add name="Db"   connectionString="Server=old" />\r
  </connectionStrings>\r
</configuration>\r
"""


def folder_of(run: Run) -> Path:
    return Path(run.outputs["Octopus.Action.Package.InstallationDirectoryPath"])


def test_variables_go_into_config_files_at_any_depth_and_into_no_other(target: Target) -> None:
    package = acme(
        target, ("Web.config", WEB), ("bin/App.exe.config", WEB), ("notes.xml", WEB), ("empty.config", "<a/>")
    )
    run = target.deploy(package, VARIABLES)
    assert run.code == 0, run
    changed = WEB.replace("Server=old", "Server=new;Password=p&amp;q").encode()
    assert (folder_of(run) / "Web.config").read_bytes() == changed
    assert (folder_of(run) / "bin/App.exe.config").read_bytes() == changed
    assert (folder_of(run) / "notes.xml").read_bytes() == WEB.encode()
    assert "'Db' gets the value of the variable." in run.lines("verbose")
    assert f"{folder_of(run) / 'empty.config'} has no setting or connection string with the name of a variable." in (
        run.lines()
    )


def test_a_value_never_stands_in_the_log(target: Target) -> None:
    run = target.deploy(acme(target, ("Web.config", WEB)), VARIABLES)
    assert "Password" not in run.stdout + run.stderr


@pytest.mark.parametrize("variables", [{FEATURES: ""}, {SWITCH: "False"}])
def test_a_step_that_does_not_ask_leaves_files_alone(target: Target, variables: dict[str, str]) -> None:
    run = target.deploy(acme(target, ("Web.config", WEB)), {**VARIABLES, **variables})
    assert (folder_of(run) / "Web.config").read_bytes() == WEB.encode()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_a_file_keeps_its_encoding(target: Target, encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    text = WEB.replace("where to", "wohin, wo\u00fcber").replace('"utf-8"', f'"{name}"')
    package = zip_of(target.home / "Files" / "A.1.0.zip", ("Web.config", text.encode(encoding), 0o100644))
    run = target.deploy(package, {**VARIABLES, "Db": "\u00e9"})
    assert run.code == 0, run
    assert (folder_of(run) / "Web.config").read_bytes() == text.replace("Server=old", "\u00e9").encode(encoding)


def test_a_file_that_is_not_well_formed_stops_the_step_unless_errors_are_ignored(target: Target) -> None:
    package = acme(target, ("Bad.config", "<a>&nbsp;</a>"), ("Web.config", WEB))
    run = target.deploy(package, VARIABLES)
    assert run.code == 1
    assert "Bad.config: it is not well-formed XML, or not safe (undefined entity: line 1, column 3)" in run.stderr
    ignoring = target.deploy(package, {**VARIABLES, "Octopus.Action.Package.IgnoreVariableReplacementErrors": "True"})
    assert ignoring.code == 0
    assert "Server=new" in (folder_of(ignoring) / "Web.config").read_text()
    assert (folder_of(ignoring) / "Bad.config").read_text() == "<a>&nbsp;</a>"


XDT = 'xmlns:xdt="http://schemas.microsoft.com/XML-Document-Transform"'
TRANSFORMS = "Octopus.Action.Package."
LINES = TRANSFORMS + "AdditionalXmlConfigurationTransforms"
BOTH = "Octopus.Features.ConfigurationTransforms,Octopus.Features.ConfigurationVariables"
AUTOMATIC = {FEATURES: BOTH, TRANSFORMS + "AutomaticallyRunConfigurationTransformationFiles": "True"}


def transform(instructions: str) -> str:
    return f"<configuration {XDT}>{instructions.replace(' T=', ' xdt:Transform=')}</configuration>"


def marked(by: str) -> str:
    """A transform that leaves its name as the last element of the file."""
    return transform(f'<{by} T="Insert" />')


def on_one_line(path: Path) -> str:
    return "".join(line.strip() for line in path.read_text().splitlines())


def order(run: Run, name: str = "Web.config") -> str:
    return on_one_line(folder_of(run) / name)


def test_transforms_run_in_order_and_before_variables(target: Target) -> None:
    target.variables["Octopus.Deployment.Tenant.Name"] = "Acme & Co"
    package = acme(
        target,
        ("Web.config", "<configuration/>"),
        ("Web.Release.config", transform('<connectionStrings T="Insert"><add name="Db"/></connectionStrings>')),
        ("Web.Production.config", marked("environment")),
        ("Web.Acme & Co.config", marked("tenant")),
        ("Web.Staging.config", marked("other")),
        ("more/First.config", marked("own")),
    )
    asked = {**AUTOMATIC, LINES: "more/First.config => Web.config\nRelease, gone.config => Web.config", "Db": "x"}
    run = target.deploy(package, asked)
    assert run.code == 0, run
    assert order(run) == (
        '<configuration><own /><connectionStrings><add name="Db" connectionString="x" /></connectionStrings>'
        "<environment /><tenant /></configuration>"
    )
    folder = folder_of(run)
    assert [line for line in run.lines() if line.startswith("Transforming")] == [
        f"Transforming {folder / 'Web.config'} by {folder / name}"
        for name in ("more/First.config", "Web.Release.config", "Web.Production.config", "Web.Acme & Co.config")
    ]
    assert 'The configuration transform "gone.config => Web.config" fits no files, so it did nothing.' in (
        run.lines("verbose")
    )
    assert f"{folder / 'Web.Release.config'} is a configuration transform, so no variables are put into it." in (
        run.lines("verbose")
    )
    assert "connectionString=" not in (folder / "Web.Release.config").read_text()


def test_structured_configuration_comes_last(target: Target) -> None:
    inserted = transform('<appSettings T="Insert"><add key="A" value="" /></appSettings>')
    package = acme(target, ("Web.config", "<configuration/>"), ("Web.Release.config", inserted))
    asked = {
        **AUTOMATIC,
        FEATURES: BOTH + ",Octopus.Features.JsonConfigurationVariables",
        "Octopus.Action.Package.JsonConfigurationVariablesTargets": "Web.config",
        "A": "by name",
        "//add[@value='by name']/@value": "by path",
    }
    run = target.deploy(package, asked)
    assert run.code == 0, run
    assert order(run) == '<configuration><appSettings><add key="A" value="by path" /></appSettings></configuration>'


def test_lines_run_without_the_automatic_ones_and_overlap_once(target: Target) -> None:
    package = acme(target, ("a.xml", "<configuration/>"), ("a.x.xml", marked("one")), ("a.Release.xml", marked("two")))
    run = target.deploy(package, {FEATURES: BOTH, LINES: "*.x.xml => *.xml\r\na.x.xml => a.xml"})
    assert order(run, "a.xml") == "<configuration><one /></configuration>"
    assert 'The configuration transform "a.x.xml => a.xml" overlaps with another one.' in run.lines("verbose")


def test_a_transformed_file_goes_to_the_custom_folder(target: Target) -> None:
    package = acme(target, ("Web.config", "<configuration/>"), ("Web.Release.config", marked("done")))
    custom = target.root / "www"
    run = target.deploy(package, {**AUTOMATIC, "Octopus.Action.Package.CustomInstallationDirectory": str(custom)})
    assert run.code == 0, run
    assert on_one_line(custom / "Web.config") == "<configuration><done /></configuration>"


IN_VAIN = '<done T="Insert" /><gone T="Remove" />'
WRONG = '<done T="Insert" /><gone T="Vanish" />'


@pytest.mark.parametrize(
    ("instructions", "flag", "level", "sentence"),
    [
        (IN_VAIN, {}, "", "nothing in the file is at /configuration/gone. Correct the transform"),
        (IN_VAIN, {"TreatConfigTransformationWarningsAsErrors": "False"}, "warning", "nothing in the file is at"),
        (IN_VAIN, {"IgnoreConfigTransformationErrors": "True"}, "default", "nothing in the file is at"),
        (WRONG, {}, "", "There is no transform 'Vanish'"),
        (WRONG, {"TreatConfigTransformationWarningsAsErrors": "False"}, "", "There is no transform 'Vanish'"),
        (WRONG, {"IgnoreConfigTransformationErrors": "True"}, "warning", "There is no transform 'Vanish'"),
        ("<a>", {}, "", "The transform is not well-formed XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>', {}, "", "The transform is not well-formed XML, or not safe"),
    ],
)
def test_what_a_transform_cannot_do_stops_the_step_unless_the_step_puts_up_with_it(
    target: Target, instructions: str, flag: dict[str, str], level: str, sentence: str
) -> None:
    package = acme(target, ("Web.config", "<configuration/>"), ("Web.Release.config", transform(instructions)))
    run = target.deploy(package, {**AUTOMATIC, **{TRANSFORMS + name: value for name, value in flag.items()}})
    if level:
        assert run.code == 0, run
        assert any(sentence in line for line in run.lines(level))
        assert order(run) == "<configuration><done /></configuration>"
    else:
        assert run.code == 1
        assert sentence in run.stderr
        assert "Web.config cannot be transformed by" in run.failure
        left = next(target.applications.rglob("Web.config"))
        assert left.read_text() == "<configuration/>"


def test_half_a_line_stops_the_step(target: Target) -> None:
    run = target.deploy(acme(target, ("Web.config", "<a/>")), {**AUTOMATIC, LINES: "Web.Release.config =>"})
    assert run.code == 1
    assert "lacks a side" in run.failure


def test_a_script_from_a_package_finds_its_files_transformed(target: Target) -> None:
    package = acme(
        target,
        ("Web.config", "<configuration/>"),
        ("Web.Release.config", marked("done")),
        ("show.sh", "cat Web.config"),
    )
    folder = target.workspace()
    own = {"Octopus.Action.Script.ScriptSource": "Package", "Octopus.Action.Script.ScriptFileName": "show.sh"}
    target.write_variables(folder, {**AUTOMATIC, **own})
    run = target.run("run-script", "--variables", "variables.json", "--package", str(package), folder=folder)
    assert run.code == 0, run
    assert "  <done />" in run.lines()
