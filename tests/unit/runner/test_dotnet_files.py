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
