"""Deployment processes as files, and back."""

from typing import Any

import pytest

from ocl_directory import DIRECTORY
from polpo.languages.ocl import OclMappingError, parse, write
from polpo.languages.ocl.naming import file_name_of, folded
from polpo.languages.ocl.projects import deployment_process_from_ocl, deployment_process_to_ocl

PROCESS_FILE = """step "publish-site" {
    condition = "Variable"
    name = "Publish site"
    package_requirement = "AfterPackageAcquisition"
    properties = {
        Octopus.Action.TargetRoles = "web"
        Octopus.Step.ConditionVariableExpression = "#{Go}"
    }
    start_trigger = "StartWithPrevious"

    action {
        action_type = "Octopus.TentaclePackage"
        channels = ["default"]
        condition = "Variable"
        environments = ["test"]
        excluded_environments = ["dev"]
        is_disabled = true
        is_required = true
        notes = <<-EOT
                first
                (empty)
                last
                EOT
        properties = {
            Octopus.Action.Email.ToTeamIds = "ops,global/admins"
            Octopus.Action.Package.FeedId = "built-in"
            Push.Package = "{\\"PackageId\\":\\"Büro\\",\\"FeedId\\":\\"nuget\\"}"
        }
        step_package_version = "1.0"
        tenant_tags = ["Region/EU"]
        worker_pool = "ubuntu"
        worker_pool_variable = ""

        container {
            dockerfile = "FROM x"
            feed = "docker"
            git_url = ""
            image = "tools:1"
        }

        packages {
            acquisition_location = "Server"
            feed = "built-in"
            package_id = "Site"
        }

        packages "Tool" {
            acquisition_location = "#{Where}"
            feed = "#{Feed}"
            package_id = "Tool"
            properties = {
                Extract = "True"
                PackageParameterName = "Push.Package"
            }
            version = "1.2"
        }

        git_dependencies "repo" {
            default_branch = "main"
            file_path_filters = ["a/*"]
            git_credential_id = "bot"
            git_credential_type = "Library"
            repository_uri = "https://git.example/a.git"
        }
    }
}

process_template "verify" {
    condition = "Failure"
    name = "Verify it"
    process_template_slug = "verify-all"
    version_mask = "1.X"

    package_parameter "Sbom" {
        feed = "built-in"
        package_id = "Sbom"
    }

    parameter "Tag" {
        value = "x"
    }

    parameter "Empty" {
        value = ""
    }
}

step "rolling" {
    action "first" {
        action_type = "Octopus.Script"
        name = "First"
    }

    action {
        action_type = "Octopus.DeployRelease"
        properties = {
            Octopus.Action.DeployRelease.ProjectId = "other"
        }

        packages "other" {
            feed = "project-feed"
            package_id = "other"
        }
    }
}""".replace("(empty)", "")
PROCESS: dict[str, Any] = {
    "Steps": [
        {
            "Id": "publish-site",
            "Slug": "publish-site",
            "Name": "Publish site",
            "Condition": "Variable",
            "PackageRequirement": "AfterPackageAcquisition",
            "StartTrigger": "StartWithPrevious",
            "Properties": {
                "Octopus.Action.TargetRoles": "web",
                "Octopus.Step.ConditionVariableExpression": "#{Go}",
            },
            "Actions": [
                {
                    "Id": "publish-site",
                    "Slug": "publish-site",
                    "Name": "Publish site",
                    "ActionType": "Octopus.TentaclePackage",
                    "Notes": "first\n\nlast",
                    "Channels": ["Channels-default"],
                    "Condition": "Variable",
                    "Environments": ["Environments-test"],
                    "ExcludedEnvironments": ["Environments-dev"],
                    "IsDisabled": True,
                    "IsRequired": True,
                    "StepPackageVersion": "1.0",
                    "TenantTags": ["Region/EU"],
                    "WorkerPoolId": "WorkerPools-ubuntu",
                    "WorkerPoolVariable": "",
                    "Properties": {
                        "Octopus.Action.Email.ToTeamIds": "Teams-ops,Teams-global/admins",
                        "Octopus.Action.Package.FeedId": "Feeds-built-in",
                        "Push.Package": '{"PackageId":"Büro","FeedId":"Feeds-nuget"}',
                    },
                    "Container": {"Dockerfile": "FROM x", "FeedId": "Feeds-docker", "GitUrl": "", "Image": "tools:1"},
                    "Packages": [
                        {
                            "Name": "",
                            "AcquisitionLocation": "Server",
                            "FeedId": "Feeds-built-in",
                            "PackageId": "Site",
                        },
                        {
                            "Name": "Tool",
                            "AcquisitionLocation": "#{Where}",
                            "FeedId": "#{Feed}",
                            "PackageId": "Tool",
                            "Version": "1.2",
                            "Properties": {"Extract": "True", "PackageParameterName": "Push.Package"},
                        },
                    ],
                    "GitDependencies": [
                        {
                            "Name": "repo",
                            "DefaultBranch": "main",
                            "FilePathFilters": ["a/*"],
                            "GitCredentialId": "GitCredentials-bot",
                            "GitCredentialType": "Library",
                            "RepositoryUri": "https://git.example/a.git",
                        }
                    ],
                }
            ],
        },
        {
            "Id": "verify",
            "Slug": "verify",
            "Name": "Verify it",
            "Condition": "Failure",
            "Actions": [],
            "ProcessTemplate": {
                "Slug": "verify-all",
                "VersionMask": "1.X",
                "PackageParameters": [{"Name": "Sbom", "FeedId": "Feeds-built-in", "PackageId": "Sbom"}],
                "Parameters": [{"Name": "Tag", "Value": "x"}, {"Name": "Empty", "Value": ""}],
            },
        },
        {
            "Id": "rolling",
            "Slug": "rolling",
            "Name": "rolling",
            "Actions": [
                {"Id": "first", "Slug": "first", "Name": "First", "ActionType": "Octopus.Script"},
                {
                    "Id": "rolling",
                    "Slug": "rolling",
                    "Name": "rolling",
                    "ActionType": "Octopus.DeployRelease",
                    "Properties": {"Octopus.Action.DeployRelease.ProjectId": "Projects-other"},
                    "Packages": [{"Name": "other", "FeedId": "Feeds-project-feed", "PackageId": "Projects-other"}],
                },
            ],
        },
    ]
}


def test_process_is_written_and_read_without_loss() -> None:
    assert write(deployment_process_to_ocl(PROCESS, DIRECTORY)) == PROCESS_FILE
    assert deployment_process_from_ocl(parse(PROCESS_FILE), DIRECTORY) == PROCESS


def test_process_writer_leaves_out_what_is_usual() -> None:
    step = {
        "Id": "Steps-1",
        "Slug": "a",
        "Name": "a",
        "Condition": "Success",
        "StartTrigger": "StartAfterPrevious",
        "PackageRequirement": "LetOctopusDecide",
        "Properties": {},
        "Actions": [
            {
                "Id": "Actions-1",
                "Slug": "a",
                "Name": "a",
                "ActionType": "",
                "Condition": "Success",
                "Container": {"FeedId": None, "Image": None},
                "Channels": [],
                "IsDisabled": False,
                "Notes": None,
                "Inputs": None,
                "Properties": {"Empty": "", "Null": None},
                "CanBeUsedForProjectVersioning": True,
            }
        ],
    }
    document = deployment_process_to_ocl({"Id": "deploymentprocess-Projects-1", "Version": 3, "Steps": [step]})
    expected = 'step "a" {\n    action {\n        properties = {\n            Empty = ""\n        }\n    }\n}'
    assert write(document) == expected


def test_step_inputs_are_kept_as_json() -> None:
    action = {"Id": "a", "Slug": "a", "Name": "a", "Inputs": {"b": [1, None, {"c": "ä"}]}}
    process = {"Steps": [{"Id": "a", "Slug": "a", "Name": "a", "Actions": [action]}]}
    assert deployment_process_from_ocl(parse(write(deployment_process_to_ocl(process)))) == process


UNKNOWN_FILE = """future = [1, 2]

step "a" {
    colour = "red"
    name = "A"

    action {
        action_type = "Octopus.Script"
        environments_variable = "#{E}"

        packages "p" {
            novelty = 1.5
        }

        shield "x" {
            note = <<-EOT
                    1
                    2
                    EOT
        }
    }

    later {}
}

phase "b" {}"""


def test_what_is_not_known_is_kept() -> None:
    process = deployment_process_from_ocl(parse(UNKNOWN_FILE), DIRECTORY)
    assert process["Steps"][0]["Actions"][0]["Unmapped"][0] == {
        "type": "attribute",
        "name": "environments_variable",
        "value": "#{E}",
    }
    again = write(deployment_process_to_ocl(process, DIRECTORY))
    assert again == UNKNOWN_FILE.replace("future = [1, 2]\n\n", "").replace('phase "b"', 'future = [1, 2]\n\nphase "b"')


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            'step "a" {\n condition = "Never"\n name = [1]\n action {\n environments = ["gone", "test", "gone2"]\n}\n}',
            [
                "'condition' must be one of Success, Failure, Always, Variable (line 2, column 2).",
                "'name' must be a text (line 3, column 2).",
                "There is no environment 'gone' (line 5, column 2).",
                "There is no environment 'gone2' (line 5, column 2).",
            ],
        ),
        ("step {}", ["'step' must have a label, the slug of the step (line 1, column 1)."]),
        ('step "a" "b" {}', ["'step' has more than one label (line 1, column 1)."]),
        ('step "a" {\naction {}\naction "a" {}\n}', ["Two actions of one step have the slug 'a' (line 3, column 1)."]),
        ('step "a" {}\nstep "a" {}', ["Two steps have the slug 'a' (line 2, column 1)."]),
        ('step "a" {\n name = "1"\n Name = "2"\n}', ["'Name' stands twice (line 3, column 2)."]),
        (
            'step "a" {\n action {\n container {}\n container "l" {}\n}\n}',
            ["'container' has no label (line 4, column 2).", "'container' stands twice (line 4, column 2)."],
        ),
        (
            'step "a" {\n action {\n is_disabled = "perhaps"\n tenant_tags = "x"\n properties = 1\n inputs = "{"\n}\n}',
            [
                "'is_disabled' must be true or false (line 3, column 2).",
                "'tenant_tags' must be a list of texts (line 4, column 2).",
                "'properties' must be a dictionary (line 5, column 2).",
                "'inputs' must be a text with JSON in it (line 6, column 2).",
            ],
        ),
        (
            'step "a" {\n properties = {\n k = [1]\n Octopus.Action.Package.FeedId = "gone"\n }\n}',
            [
                "'k' in 'properties' must be a text (line 2, column 2).",
                "There is no feed 'gone' (line 2, column 2).",
            ],
        ),
    ],
)
def test_reader_tells_every_fault_of_a_process(text: str, sentences: list[str]) -> None:
    with pytest.raises(OclMappingError) as caught:
        deployment_process_from_ocl(parse(text), DIRECTORY)
    assert caught.value.errors == sentences
    assert caught.value.message.startswith(sentences[0])
    assert caught.value.line == int(sentences[0].split("line ")[1].split(",")[0])


def test_writer_refuses_secrets_in_properties() -> None:
    secret = {"HasValue": True, "NewValue": None}
    process = {"Steps": [{"Slug": "a", "Name": "a", "Actions": [{"Slug": "a", "Properties": {"Password": secret}}]}]}
    with pytest.raises(OclMappingError, match="'Password' is a secret"):
        deployment_process_to_ocl(process)


def test_writer_keeps_ids_of_what_it_cannot_look_up() -> None:
    process = {"Steps": [{"Slug": "a", "Name": "a", "Actions": [{"Slug": "a", "Environments": ["Lost-1"]}]}]}
    assert 'environments = ["Lost-1"]' in write(deployment_process_to_ocl(process, DIRECTORY))


@pytest.mark.parametrize(
    ("name", "in_file"),
    [
        ("RunOnServer", "run_on_server"),
        ("HTTPPort", "httpport"),
        ("MultipleCAPitals", "multiple_capitals"),
        ("GitHubConnectionId", "git_hub_connection_id"),
        ("With A Space", "with_a_space"),
        ("ALLUPPER", "allupper"),
        ("", ""),
    ],
)
def test_property_has_a_name_in_files_that_leads_back_to_it(name: str, in_file: str) -> None:
    assert file_name_of(name) == in_file
    assert folded(in_file) == folded(name.replace(" ", ""))
