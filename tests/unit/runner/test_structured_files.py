"""Structured configuration on a target: values go where the names of variables point."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from unit.runner.conftest import Run, Target
from unit.runner.test_deploy_package import acme

TARGETS = "Octopus.Action.Package.JsonConfigurationVariablesTargets"
VARIABLES = {
    "Octopus.Action.EnabledFeatures": "Octopus.Features.JsonConfigurationVariables",
    "Smtp:Host": "mail.#{Domain}",
    "Smtp:Port": "2525",
    "Domain": "example.org",
    "/config/host": "mail.example.org",
}


def text_of(run: Run, name: str) -> str:
    return (Path(run.outputs["Octopus.Action.Package.InstallationDirectoryPath"]) / name).read_text()


def test_values_go_into_files_of_every_format(target: Target) -> None:
    package = acme(
        target,
        ("app.json", '{"Smtp": {"Host": "localhost", "Port": 25}, "Other": true}'),
        ("app.yml", "# mail\nSmtp:\n  Host: localhost # here\n  Port: 25\n"),
        ("conf/app.properties", "! mail\nSmtp\\:Host = localhost\n"),
        ("app.xml", "<config><host>localhost</host></config>"),
    )
    targets = "*.json\n*.yml\n**/*.properties\napp.xml"
    run = target.deploy(package, {**VARIABLES, TARGETS: targets})
    assert run.code == 0, run
    assert json.loads(text_of(run, "app.json")) == {"Smtp": {"Host": "mail.example.org", "Port": 2525}, "Other": True}
    assert text_of(run, "app.yml") == "# mail\nSmtp:\n  Host: mail.example.org # here\n  Port: 2525\n"
    assert text_of(run, "conf/app.properties") == "! mail\nSmtp\\:Host = mail.example.org\n"
    assert "<host>mail.example.org</host>" in text_of(run, "app.xml")


@pytest.mark.parametrize(
    ("targets", "sentence"),
    [
        ("missing.json", "No files were found that match the replacement target pattern 'missing.json'"),
        ("conf", "Skipping structured variable replacement on 'conf' because it is a directory."),
    ],
)
def test_target_that_fits_no_file_is_told_and_fails_nothing(target: Target, targets: str, sentence: str) -> None:
    run = target.deploy(acme(target, ("conf/a.txt", "")), {**VARIABLES, TARGETS: targets})
    assert run.code == 0
    assert sentence in run.lines("warning")


def test_file_that_is_not_of_its_format_fails_the_step(target: Target) -> None:
    run = target.deploy(acme(target, ("app.json", "{oops")), {**VARIABLES, TARGETS: "app.json"})
    assert run.code == 1
    assert "The file could not be parsed as Json" in run.stderr


def test_step_without_the_feature_leaves_files_alone(target: Target) -> None:
    before = '{"Smtp": {"Port": 25}}'
    run = target.deploy(acme(target, ("app.json", before)), {"Smtp:Port": "1", TARGETS: "app.json"})
    assert text_of(run, "app.json") == before
