"""What holds for every project: what is written is read back, and every file is read or refused in words."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocl_directory import DIRECTORY
from polpo.languages.ocl import Attribute, Block, Document, Heredoc, OclMappingError, parse, write
from polpo.languages.ocl.projects import (
    channels_from_ocl,
    channels_to_ocl,
    deployment_process_from_ocl,
    deployment_process_to_ocl,
    deployment_settings_from_ocl,
    deployment_settings_to_ocl,
    runbook_from_ocl,
    runbook_to_ocl,
    schema_version_from_ocl,
    templated_values_from_ocl,
    variables_from_ocl,
    variables_to_ocl,
)

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of the code."""
TEXT = st.text(st.sampled_from('abc \n\r\t"\\{}#=.'), max_size=8)
SLUG = st.from_regex(r"[a-z][a-z0-9-]{0,6}", fullmatch=True)
KEY = st.from_regex(r"[A-Za-z][A-Za-z0-9._\[\]]{0,8}", fullmatch=True)
PROPERTIES = st.dictionaries(KEY, TEXT, min_size=1, max_size=3)


def texts(minimum: int = 1) -> st.SearchStrategy[list[str]]:
    return st.lists(TEXT, min_size=minimum, max_size=3)


def identifiers(kind: str) -> st.SearchStrategy[list[str]]:
    return st.lists(identifier(kind), min_size=1, max_size=2)


def identifier(kind: str) -> st.SearchStrategy[str]:
    return SLUG.map(lambda slug: f"{kind}-{slug}")


def wire(required: dict[str, Any] | None = None, **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    """What a file leaves out is missing on the wire too, so that both sides can be compared as they are."""
    return st.fixed_dictionaries(required or {}, optional=optional)


PACKAGES = wire(
    {"Name": TEXT.map(str.strip)},
    AcquisitionLocation=TEXT,
    FeedId=identifier("Feeds"),
    PackageId=TEXT,
    Properties=PROPERTIES,
    Version=TEXT,
)
ACTIONS = wire(
    {"Slug": SLUG, "Name": TEXT.filter(bool)},
    ActionType=SLUG,
    Channels=identifiers("Channels"),
    Condition=st.just("Variable"),
    Container=wire({"Image": TEXT}, FeedId=identifier("Feeds"), GitUrl=TEXT, Dockerfile=TEXT),
    Environments=identifiers("Environments"),
    ExcludedEnvironments=identifiers("Environments"),
    GitDependencies=st.lists(wire({"Name": SLUG}, DefaultBranch=TEXT, FilePathFilters=texts()), min_size=1, max_size=2),
    IsDisabled=st.just(True),
    Notes=TEXT,
    Packages=st.lists(PACKAGES, min_size=1, max_size=2),
    Properties=PROPERTIES,
    TenantTags=texts(),
    WorkerPoolId=identifier("WorkerPools"),
    WorkerPoolVariable=TEXT,
)
STEPS = wire(
    {"Slug": SLUG, "Name": TEXT, "Actions": st.lists(ACTIONS, max_size=2, unique_by=lambda action: action["Slug"])},
    Condition=st.sampled_from(["Failure", "Always", "Variable"]),
    Properties=PROPERTIES,
    StartTrigger=st.just("StartWithPrevious"),
)


def with_ids(steps: list[dict[str, Any]]) -> dict[str, Any]:
    for step in steps:
        for item in (step, *step["Actions"]):
            item["Id"] = item["Slug"]
    return {"Steps": steps}


PROCESSES = st.lists(STEPS, max_size=3, unique_by=lambda step: step["Slug"]).map(with_ids)
POLICY = wire(AllowDeploymentsToNoTargets=st.just(True), TargetRoles=texts())
SETTINGS = wire(
    {
        "ConnectivityPolicy": POLICY,
        "VersioningStrategy": st.one_of(
            wire(Template=TEXT.filter(bool)),
            wire({"DonorPackage": wire({"DeploymentAction": identifier("ActionNames")}, PackageReference=SLUG)}),
        ),
    },
    CancelQueuedTasks=st.just(True),
    DefaultGuidedFailureMode=st.sampled_from(["On", "Off"]),
    DeploymentChangesTemplate=TEXT,
    ReleaseNotesTemplate=TEXT,
)
RUNBOOKS = wire(
    {
        "Name": TEXT,
        "ConnectivityPolicy": POLICY,
        "RunRetentionPolicy": st.sampled_from(
            [
                {"Strategy": "Default"},
                {"Strategy": "Forever", "ShouldKeepForever": True},
                {"Strategy": "Count", "QuantityToKeep": 9, "Unit": "Days"},
            ]
        ),
    },
    Description=TEXT,
    EnvironmentScope=st.just("Specified"),
    Environments=identifiers("Environments"),
    MultiTenancyMode=st.just("Tenanted"),
)
CHANNELS = st.lists(
    wire(
        {"Name": SLUG},
        Description=SLUG,
        LifecycleId=identifier("Lifecycles"),
        Slug=SLUG,
        Rules=st.lists(
            wire(
                {"Tag": TEXT},
                VersionRange=TEXT,
                ActionPackages=st.lists(wire({"DeploymentAction": identifier("ActionNames")}), min_size=1, max_size=2),
            ),
            min_size=1,
            max_size=2,
        ),
    ),
    max_size=3,
    unique_by=lambda channel: channel["Name"],
)
SCOPES = wire(
    Action=identifiers("Actions"),
    Environment=identifiers("Environments"),
    ProcessOwner=identifiers("Processes"),
    Role=texts(),
    TenantTag=texts(),
)
ROWS = wire(
    {
        "Name": TEXT.filter(lambda name: bool(name.strip())),
        "Value": st.none() | TEXT,
        "Type": st.sampled_from(["String", "Other"]),
        "IsSensitive": st.just(False),
        "Scope": SCOPES,
    },
    Description=TEXT,
    IsEditable=st.just(False),
    Prompt=wire(Label=TEXT, Description=TEXT, Required=st.just(True), DisplaySettings=PROPERTIES),
)


def through_text(document: Document) -> Document:
    return parse(write(document))


@given(PROCESSES)
@CALM
def test_any_process_is_read_back(process: dict[str, Any]) -> None:
    document = through_text(deployment_process_to_ocl(process, DIRECTORY))
    assert deployment_process_from_ocl(document, DIRECTORY) == process


@given(SETTINGS)
@CALM
def test_any_settings_are_read_back(values: dict[str, Any]) -> None:
    document = through_text(deployment_settings_to_ocl(values, DIRECTORY))
    assert deployment_settings_from_ocl(document, DIRECTORY) == values


@given(RUNBOOKS, PROCESSES)
@CALM
def test_any_runbook_is_read_back(runbook: dict[str, Any], process: dict[str, Any]) -> None:
    document = through_text(runbook_to_ocl(runbook, process, DIRECTORY))
    assert runbook_from_ocl(document, DIRECTORY) == (runbook, process)


@given(CHANNELS)
@CALM
def test_any_channels_are_read_back(channels: list[dict[str, Any]]) -> None:
    assert channels_from_ocl(through_text(channels_to_ocl(channels, DIRECTORY)), DIRECTORY) == channels


@given(st.lists(ROWS, max_size=5))
@CALM
def test_any_variables_are_read_back_by_name(rows: list[dict[str, Any]]) -> None:
    document = through_text(variables_to_ocl({"Variables": rows}, DIRECTORY))
    names = list(dict.fromkeys(row["Name"] for row in rows))
    expected = [row for name in names for row in rows if row["Name"] == name]
    assert variables_from_ocl(document, DIRECTORY) == {"Variables": expected}


WORDS = ["step", "action", "packages", "container", "properties", "name", "slug", "variable", "value", "type", "prompt"]
WORDS += ["process", "process_template", "parameter", "channel", "rules", "run_retention_policy", "environments"]
WORDS += ["versioning_strategy", "donor_package", "is_default", "condition", "inputs", "version", "other", "Name"]
VALUES = st.one_of(
    st.sampled_from([None, True, 7, 1.5, "", "gone", "x", "{", "Count", "Sensitive", [], [1], ["gone"], {}]),
    st.dictionaries(st.sampled_from(["a", "PackageParameterName"]), st.sampled_from(["a", '{"FeedId":"f"}', 1, [1]])),
    st.builds(Heredoc, st.just("a\nb")),
)
ELEMENTS = st.recursive(
    st.builds(Attribute, st.sampled_from(WORDS), VALUES),
    lambda inner: st.builds(
        Block,
        st.sampled_from(WORDS),
        st.lists(st.sampled_from(["a", "", "b c"]), max_size=2),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)
READERS: list[Callable[[Document], object]] = [
    lambda document: deployment_process_from_ocl(document, DIRECTORY),
    lambda document: deployment_settings_from_ocl(document, DIRECTORY),
    lambda document: runbook_from_ocl(document, DIRECTORY),
    lambda document: channels_from_ocl(document, DIRECTORY),
    lambda document: variables_from_ocl(document, DIRECTORY),
    lambda document: templated_values_from_ocl(document, DIRECTORY),
    schema_version_from_ocl,
]


@pytest.mark.parametrize("reader", READERS)
def test_any_document_is_read_or_refused_in_words(reader: Callable[[Document], object]) -> None:
    @given(st.builds(Document, st.lists(ELEMENTS, max_size=4)))
    @settings(CALM, max_examples=150)
    def check(document: Document) -> None:
        outcome = read(reader, document)
        assert outcome is not None
        if isinstance(outcome, OclMappingError):
            assert all(fault.endswith(".") for fault in outcome.errors)

    check()


def read(reader: Callable[[Document], object], document: Document) -> object:
    try:
        return reader(document)
    except OclMappingError as error:
        return error
