"""Runbooks: settings and process in one file, whose name is the slug."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polpo.languages.ocl.elements import Attribute, Block, Document
from polpo.languages.ocl.projects import references as kinds
from polpo.languages.ocl.projects.fields import Choice, Field, Flag, Number, Text, Texts
from polpo.languages.ocl.projects.references import AS_WRITTEN, References
from polpo.languages.ocl.projects.settings import CANCELLATION, CONNECTIVITY_POLICY, GUIDED_FAILURE_MODES
from polpo.languages.ocl.projects.shapes import Child, Shape, Wire, read, written
from polpo.languages.ocl.projects.steps import process_elements, read_process
from polpo.languages.ocl.projects.translation import Translation

_RETENTION = Child(
    "RunRetentionPolicy",
    Shape(
        (
            Field("QuantityToKeep", Number()),
            Field("ShouldKeepForever", Flag()),
            Field("Strategy", Choice(("Default", "Forever", "Count")), name="type"),
            Field("Unit", Choice(("Items", "Days"), "Items")),
        )
    ),
    always=True,
)
_RUNBOOK = Shape(
    (
        *CANCELLATION,
        Field("DefaultGuidedFailureMode", Choice(GUIDED_FAILURE_MODES)),
        Field("Description", Text()),
        Field("EnvironmentScope", Choice(("All", "Specified", "FromProjectLifecycles"), "All")),
        Field("Environments", Texts(kinds.ENVIRONMENTS)),
        Field(
            "MultiTenancyMode",
            Choice(("Untenanted", "TenantedOrUntenanted", "Tenanted"), "Untenanted"),
        ),
        Field("Name", Text()),
        Field("RunbookTags", Texts(), name="tags", aliases=("runbook_tags",)),
    ),
    (CONNECTIVITY_POLICY, _RETENTION),
    first=("name",),
)


def runbook_to_ocl(
    runbook: Mapping[str, Any], process: Mapping[str, Any], references: References = AS_WRITTEN
) -> Document:
    """Ids, the slug and the published snapshot are not part of the file."""
    translation = Translation(references)
    body = written(_RUNBOOK, {**runbook, "RunRetentionPolicy": _essential(runbook)}, translation)
    first_unmapped = next(
        (index for index, item in enumerate(body) if isinstance(item, Block) and _RUNBOOK.find(item) is None), len(body)
    )
    steps = Block("process", [], process_elements(process, translation))
    translation.finish()
    return Document([*body[:first_unmapped], steps, *body[first_unmapped:]])


def _essential(runbook: Mapping[str, Any]) -> dict[str, Any]:
    """Only a count has a quantity; what keeps forever without a strategy is of a time before there were strategies."""
    policy = dict(runbook.get("RunRetentionPolicy") or {})
    if policy.pop("ShouldKeepForever", False) and not policy.get("Strategy"):
        policy["Strategy"] = "Forever"
    if policy.get("Strategy") in {"Default", "Forever"}:
        policy.pop("QuantityToKeep", None)
        policy.pop("Unit", None)
    return policy


def runbook_from_ocl(document: Document, references: References = AS_WRITTEN) -> tuple[Wire, Wire]:
    """The runbook, without a slug (that is the file's name), and its process."""
    translation = Translation(references)
    process_blocks = [item for item in document if isinstance(item, Block) and item.name == "process"]
    rest = [item for item in document if item not in process_blocks]
    if not any(isinstance(item, Attribute) and item.name == "name" for item in rest):
        translation.fault("The runbook has no name")
    for extra in process_blocks[1:]:
        translation.fault("'process' stands twice", extra.position)
    runbook = read(_RUNBOOK, rest, translation)
    policy = runbook.get("RunRetentionPolicy")
    if policy and policy.get("Strategy") == "Forever":
        policy["ShouldKeepForever"] = True
    process = read_process(process_blocks[0] if process_blocks else (), translation)
    translation.finish()
    return runbook, process
