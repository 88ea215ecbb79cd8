"""Settings, variables, runbooks and channels as files, and back."""

from typing import Any

import pytest

from ocl_directory import DIRECTORY
from polpo.languages.ocl import OclMappingError, parse, write
from polpo.languages.ocl.projects import (
    channels_from_ocl,
    channels_to_ocl,
    deployment_settings_from_ocl,
    deployment_settings_to_ocl,
    runbook_from_ocl,
    runbook_to_ocl,
    schema_version_from_ocl,
    schema_version_to_ocl,
    templated_values_from_ocl,
    templated_values_to_ocl,
    variables_from_ocl,
    variables_to_ocl,
)

SETTINGS_FILE = """cancel_queued_tasks = true
cancel_running_tasks = true
default_guided_failure_mode = "On"
default_to_skip_if_already_installed = true
deployment_changes_template = "c"
fail_target_discovery = true
force_package_download = true
release_notes_template = <<-EOT
        a
        b
        EOT

connectivity_policy {
    allow_deployments_to_no_targets = true
    exclude_unhealthy_targets = true
    skip_machine_behavior = "SkipUnavailableMachines"
    target_roles = ["web"]
}

versioning_strategy {
    donor_package {
        package = "Tool"
        step = "publish-site"
    }
}"""
SETTINGS = {
    "CancelQueuedTasks": True,
    "CancelRunningTasks": True,
    "DefaultGuidedFailureMode": "On",
    "DefaultToSkipIfAlreadyInstalled": True,
    "DeploymentChangesTemplate": "c",
    "FailTargetDiscovery": True,
    "ForcePackageDownload": True,
    "ReleaseNotesTemplate": "a\nb",
    "ConnectivityPolicy": {
        "AllowDeploymentsToNoTargets": True,
        "ExcludeUnhealthyTargets": True,
        "SkipMachineBehavior": "SkipUnavailableMachines",
        "TargetRoles": ["web"],
    },
    "VersioningStrategy": {
        "DonorPackage": {"PackageReference": "Tool", "DeploymentAction": "ActionNames-publish-site"}
    },
}


def test_settings_are_written_and_read_without_loss() -> None:
    assert write(deployment_settings_to_ocl(SETTINGS, DIRECTORY)) == SETTINGS_FILE
    assert deployment_settings_from_ocl(parse(SETTINGS_FILE), DIRECTORY) == SETTINGS


def test_settings_name_both_blocks_even_when_all_is_usual() -> None:
    usual = {
        "DefaultGuidedFailureMode": "EnvironmentDefault",
        "ConnectivityPolicy": {"SkipMachineBehavior": "None", "TargetRoles": []},
        "VersioningStrategy": {"Template": "", "DonorPackage": None},
    }
    for settings in ({}, usual):
        assert write(deployment_settings_to_ocl(settings)) == "connectivity_policy {}\n\nversioning_strategy {}"
    assert deployment_settings_from_ocl(parse("")) == {}


VARIABLES_FILE = """variable "Site.Url" {
    value "https://test" {
        action = ["publish-site"]
        channel = ["default"]
        description = ""
        environment = ["test", "dev"]
        is_editable = false
        machine = ["web01"]
        process = ["deployment-process", "runbook/rotate"]
        role = ["web"]
        tenant_tag = ["Region/EU"]

        prompt {
            description = "d"
            display_settings = {
                Octopus.ControlType = "SingleLineText"
            }
            label = "Url"
            required = true
        }
    }

    value "" {}

    value {}

    value {
        value = <<-EOT
                a
                b
                EOT
    }
}

variable "Pool" {
    type = "WorkerPool"

    value "ubuntu" {}
}

variable "Mixed" {
    value "text" {}

    value "azure-test" {
        type = "AzureAccount"

        prompt {}
    }
}"""


def row(name: str, value: str | None, variable_type: str = "String", **more: Any) -> dict[str, Any]:
    return {"Name": name, "Value": value, "Type": variable_type, "IsSensitive": False, "Scope": {}, **more}


VARIABLES = {
    "Variables": [
        row(
            "Site.Url",
            "https://test",
            Description="",
            IsEditable=False,
            Scope={
                "Action": ["Actions-publish-site"],
                "Channel": ["Channels-default"],
                "Environment": ["Environments-test", "Environments-dev"],
                "Machine": ["Machines-web01"],
                "ProcessOwner": ["Processes-deployment-process", "Processes-runbook/rotate"],
                "Role": ["web"],
                "TenantTag": ["Region/EU"],
            },
            Prompt={
                "Description": "d",
                "DisplaySettings": {"Octopus.ControlType": "SingleLineText"},
                "Label": "Url",
                "Required": True,
            },
        ),
        row("Site.Url", ""),
        row("Site.Url", None),
        row("Site.Url", "a\nb"),
        row("Pool", "WorkerPools-ubuntu", "WorkerPool"),
        row("Mixed", "text"),
        row("Mixed", "Accounts-azure-test", "AzureAccount", Prompt={}),
    ]
}


def test_variables_are_written_and_read_without_loss() -> None:
    assert write(variables_to_ocl(VARIABLES, DIRECTORY)) == VARIABLES_FILE
    assert variables_from_ocl(parse(VARIABLES_FILE), DIRECTORY) == VARIABLES


def test_secrets_are_never_written() -> None:
    secrets = [
        row("Password", "shown by mistake", "Sensitive", IsSensitive=True),
        {"Name": "Token", "Value": "x", "Type": "Sensitive"},
    ]
    text = write(variables_to_ocl({"Variables": [*secrets, row("User", "me")]}))
    assert text == 'variable "User" {\n    value "me" {}\n}'


def test_values_of_one_name_are_gathered() -> None:
    text = 'variable "A" {\n value "1" {}\n}\nvariable "B" {\n value "2" {}\n}\nvariable "A" {\n value "3" {}\n}'
    again = write(variables_to_ocl(variables_from_ocl(parse(text))))
    assert [found["Value"] for found in variables_from_ocl(parse(again))["Variables"]] == ["1", "3", "2"]
    assert again.count('variable "A"') == 1


def test_what_is_not_known_of_a_variable_is_kept() -> None:
    known = 'variable "A" {\n    colour = "red"\n    type = "Certificate"\n\n    value "c" {}\n}'
    text = f'{known}\n\nvariable "Empty" {{}}\n\nmore {{}}'
    assert write(variables_to_ocl(variables_from_ocl(parse(text), DIRECTORY), DIRECTORY)) == text


RUNBOOK_FILE = """name = "Rotate keys"
cancel_queued_tasks = true
default_guided_failure_mode = "EnvironmentDefault"
description = ""
environment_scope = "Specified"
environments = ["test"]
multi_tenancy_mode = "Tenanted"
tags = ["Owner/Ops"]

connectivity_policy {
    allow_deployments_to_no_targets = true
}

run_retention_policy {
    quantity_to_keep = 10
    type = "Count"
    unit = "Days"
}

process {
    step "rotate" {
        action {
            action_type = "Octopus.Script"
        }
    }
}

future {}"""
RUNBOOK: dict[str, Any] = {
    "Name": "Rotate keys",
    "CancelQueuedTasks": True,
    "DefaultGuidedFailureMode": "EnvironmentDefault",
    "Description": "",
    "EnvironmentScope": "Specified",
    "Environments": ["Environments-test"],
    "MultiTenancyMode": "Tenanted",
    "RunbookTags": ["Owner/Ops"],
    "ConnectivityPolicy": {"AllowDeploymentsToNoTargets": True},
    "RunRetentionPolicy": {"QuantityToKeep": 10, "Strategy": "Count", "Unit": "Days"},
    "Unmapped": [{"type": "block", "name": "future", "labels": [], "body": []}],
}
RUNBOOK_PROCESS = {
    "Steps": [
        {
            "Id": "rotate",
            "Slug": "rotate",
            "Name": "rotate",
            "Actions": [{"Id": "rotate", "Slug": "rotate", "Name": "rotate", "ActionType": "Octopus.Script"}],
        }
    ]
}


def test_runbook_is_written_and_read_without_loss() -> None:
    assert write(runbook_to_ocl(RUNBOOK, RUNBOOK_PROCESS, DIRECTORY)) == RUNBOOK_FILE
    assert runbook_from_ocl(parse(RUNBOOK_FILE), DIRECTORY) == (RUNBOOK, RUNBOOK_PROCESS)


@pytest.mark.parametrize(
    ("policy", "written", "read"),
    [
        (None, "run_retention_policy {}", {}),
        ({"Strategy": "Default", "QuantityToKeep": 100}, 'type = "Default"', {"Strategy": "Default"}),
        (
            {"ShouldKeepForever": True, "QuantityToKeep": 3},
            'type = "Forever"',
            {"Strategy": "Forever", "ShouldKeepForever": True},
        ),
        (
            {"Strategy": "Count", "QuantityToKeep": 7, "ShouldKeepForever": False, "Unit": "Items"},
            'quantity_to_keep = 7\n    type = "Count"',
            {"Strategy": "Count", "QuantityToKeep": 7},
        ),
    ],
)
def test_runbook_retention_is_written_by_its_strategy(policy: Any, written: str, read: dict[str, Any]) -> None:
    text = write(runbook_to_ocl({"Name": "a", "RunRetentionPolicy": policy}, {}))
    assert written in text
    assert runbook_from_ocl(parse(text))[0]["RunRetentionPolicy"] == read


CHANNELS_FILE = """channel "Default" {
    description = "d"
    git_reference_rules = ["refs/heads/main"]
    is_default = true
    lifecycle = "normal"
    slug = "default"
    tenant_tags = ["Region/EU"]

    custom_field_definitions {
        description = ""
        field_name = "F"
    }

    git_resource_rules {
        rules = ["refs/tags/*"]

        git_dependency_actions {
            git_dependency = ""
            step = "publish-site"
        }
    }

    rules {
        tag = "^$"
        version_range = "[1.0,)"

        deployment_action_packages {
            step = "publish-site"
        }

        deployment_action_packages {
            package = "Tool"
            step = "publish-site"
        }
    }
}

channel "Previews" {
    automatic_ephemeral_environment_deployments = true
    ephemeral_environment_name_template = "pr-#{Octopus.Release.Number}"
    parent_environment = "previews"
    type = "EphemeralEnvironment"
}"""


def test_channels_are_written_and_read_without_loss() -> None:
    channels = channels_from_ocl(parse(CHANNELS_FILE), DIRECTORY)
    assert write(channels_to_ocl(channels, DIRECTORY)) == CHANNELS_FILE
    default, previews = channels
    assert default["Name"] == "Default"
    assert default["LifecycleId"] == "Lifecycles-normal"
    assert default["Rules"][0]["ActionPackages"] == [
        {"DeploymentAction": "ActionNames-publish-site"},
        {"DeploymentAction": "ActionNames-publish-site", "PackageReference": "Tool"},
    ]
    assert previews["ParentEnvironmentId"] == "Environments-previews"


def test_small_files_are_written_and_read() -> None:
    assert write(schema_version_to_ocl()) == "version = 10"
    assert [schema_version_from_ocl(parse(text)) for text in ("version = 4", "")] == [4, 0]
    text = (
        'package_parameter "P" {\n    feed = "docker"\n    package_id = "a/b"\n}\n\nparameter "Q" {\n    value = "x"\n}'
    )
    values = templated_values_from_ocl(parse(text), DIRECTORY)
    assert values["PackageParameters"][0]["FeedId"] == "Feeds-docker"
    assert write(templated_values_to_ocl(values, DIRECTORY)) == text


@pytest.mark.parametrize(
    ("read", "text", "sentence"),
    [
        (variables_from_ocl, 'variable {\n value "x" {}\n}', "must have a label, the name of the variable"),
        (variables_from_ocl, 'variable "a" {\n value "x" {\n value = "y"\n}\n}', "both a label and 'value'"),
        (variables_from_ocl, 'variable "a" {\n type = "Sensitive"\n value "x" {}\n}', "The secret 'a' must not be"),
        (variables_from_ocl, 'variable "a" {\n type = "WorkerPool"\n value "gone" {}\n}', "no worker pool 'gone'"),
        (variables_from_ocl, 'variable "a" {\n value "x" {\n process = ["gone"]\n}\n}', "no process 'gone'"),
        (runbook_from_ocl, "process {}", "The runbook has no name."),
        (runbook_from_ocl, 'name = "a"\nprocess {}\nprocess {}', "'process' stands twice (line 3, column 1)."),
        (runbook_from_ocl, 'name = "a"\nrun_retention_policy {\nquantity_to_keep = 1.5\n}', "must be an integer"),
        (channels_from_ocl, 'channel "a" {}\nchannel "A" {}', "Two channels have the name 'a'."),
        (channels_from_ocl, "channel {}", "A channel has no name."),
        (
            channels_from_ocl,
            'channel "a" {\nis_default = true\n}\nchannel "b" {\nis_default = true\n}',
            "More than one",
        ),
        (channels_from_ocl, "other {}", "'other' is no channel."),
        (deployment_settings_from_ocl, "connectivity_policy {}\nconnectivity_policy {}", "stands twice"),
    ],
)
def test_reader_refuses_the_file(read: Any, text: str, sentence: str) -> None:
    with pytest.raises(OclMappingError) as caught:
        read(parse(text), DIRECTORY)
    assert sentence in caught.value.errors[0]


def test_placeholder_of_a_secret_is_read_as_a_row_without_a_value() -> None:
    rows = variables_from_ocl(parse('variable "a" {\n type = "Sensitive"\n value {}\n}'))["Variables"]
    assert rows == [{"Name": "a", "Value": None, "Type": "Sensitive", "IsSensitive": True, "Scope": {}}]
