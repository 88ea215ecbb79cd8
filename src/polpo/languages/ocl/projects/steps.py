"""Deployment processes and the processes of runbooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from polpo.languages.ocl.elements import Block, Document, Element
from polpo.languages.ocl.plain import from_plain, to_plain
from polpo.languages.ocl.projects import references as kinds
from polpo.languages.ocl.projects.fields import Choice, Field, Flag, JsonText, Reference, Text, TextDictionary, Texts
from polpo.languages.ocl.projects.properties import Properties, with_package_feeds
from polpo.languages.ocl.projects.references import AS_WRITTEN, References
from polpo.languages.ocl.projects.shapes import UNMAPPED, Child, Shape, Wire, label_of, read, written
from polpo.languages.ocl.projects.translation import Translation

_STEP_FIELDS = (
    Field("Condition", Choice(("Success", "Failure", "Always", "Variable"), "Success")),
    Field("Name", Text()),
    Field(
        "PackageRequirement",
        Choice(("LetOctopusDecide", "BeforePackageAcquisition", "AfterPackageAcquisition"), "LetOctopusDecide"),
    ),
    Field("Properties", Properties()),
    Field("StartTrigger", Choice(("StartAfterPrevious", "StartWithPrevious"), "StartAfterPrevious")),
)
_PACKAGE = Shape(
    (
        Field("AcquisitionLocation", Text()),
        Field("FeedId", Reference(kinds.FEEDS), name="feed", aliases=("feed_id",)),
        Field("PackageId", Text()),
        Field("Properties", TextDictionary()),
        Field("StepPackageInputsReferenceId", Text()),
        Field("Version", Text()),
    )
)
_CONTAINER = Shape(
    (
        Field("Dockerfile", Text()),
        Field("FeedId", Reference(kinds.FEEDS), name="feed", aliases=("feed_id",)),
        Field("GitUrl", Text()),
        Field("Image", Text()),
    )
)
_GIT_DEPENDENCY = Shape(
    (
        Field("DefaultBranch", Text()),
        Field("FilePathFilters", Texts()),
        Field("GitCredentialId", Reference(kinds.GIT_CREDENTIALS), aliases=("git_credential",)),
        Field("GitCredentialType", Text()),
        Field("GitHubConnectionId", Text()),
        Field("RepositoryUri", Text()),
        Field("StepPackageInputsReferenceId", Text()),
    )
)
_ACTION = Shape(
    (
        Field("ActionType", Text(keep_empty=False)),
        Field("Channels", Texts(kinds.CHANNELS)),
        Field("Condition", Choice(("Success", "Variable"), "Success")),
        Field("Environments", Texts(kinds.ENVIRONMENTS)),
        Field("ExcludedEnvironments", Texts(kinds.ENVIRONMENTS)),
        Field("Inputs", JsonText()),
        Field("IsDisabled", Flag()),
        Field("IsRequired", Flag()),
        Field("Name", Text()),
        Field("Notes", Text()),
        Field("Properties", Properties()),
        Field("Slug", Text()),
        Field("StepPackageVersion", Text()),
        Field("TenantTags", Texts()),
        Field("WorkerPoolId", Reference(kinds.WORKER_POOLS), name="worker_pool"),
        Field("WorkerPoolVariable", Text()),
    ),
    (
        Child("Container", _CONTAINER),
        Child("Packages", _PACKAGE, many=True, label="Name"),
        Child("GitDependencies", _GIT_DEPENDENCY, many=True, label="Name"),
    ),
)
_STEP = Shape(_STEP_FIELDS)
PARAMETERS = (
    Child(
        "PackageParameters",
        Shape((Field("FeedId", Reference(kinds.FEEDS), name="feed"), Field("PackageId", Text()))),
        name="package_parameter",
        many=True,
        label="Name",
    ),
    Child("Parameters", Shape((Field("Value", Text()),)), name="parameter", many=True, label="Name"),
)
"""The values for a template's parameters."""
_PROCESS_TEMPLATE = Shape(
    (Field("Slug", Text(), name="process_template_slug"), Field("VersionMask", Text())), PARAMETERS
)


def deployment_process_to_ocl(process: Mapping[str, Any], references: References = AS_WRITTEN) -> Document:
    """Ids, the version and the snapshot of the process are not part of the file."""
    translation = Translation(references)
    document = Document(process_elements(process, translation))
    translation.finish()
    return document


def deployment_process_from_ocl(document: Document, references: References = AS_WRITTEN) -> Wire:
    """`{"Steps": [...]}`. Slugs serve as the ids of steps and actions: in a file nothing else names them."""
    translation = Translation(references)
    process = read_process(document, translation)
    translation.finish()
    return process


def process_elements(process: Mapping[str, Any], translation: Translation) -> list[Element]:
    steps: list[Element] = [_step_block(step, translation) for step in process.get("Steps") or ()]
    return [*steps, *from_plain(process.get(UNMAPPED, ()))]


def _step_block(step: Mapping[str, Any], translation: Translation) -> Block:
    """The name is left out where it is the slug."""
    slug, name = step.get("Slug") or step.get("Name") or "", step.get("Name")
    body = written(_STEP, {**step, "Name": None if name == slug else name}, translation)
    template = step.get("ProcessTemplate")
    if template is not None:
        inner = written(_PROCESS_TEMPLATE, template, translation)
        return Block("process_template", [slug], _sorted([*body, *inner]))
    blocks = [_action_block(action, slug, name, translation) for action in step.get("Actions") or ()]
    first_unmapped = next((index for index, item in enumerate(body) if isinstance(item, Block)), len(body))
    return Block("step", [slug], [*body[:first_unmapped], *blocks, *body[first_unmapped:]])


def _sorted(body: list[Element]) -> list[Element]:
    """Attributes by name before blocks, which stay in order."""
    return sorted(body, key=lambda item: (isinstance(item, Block), "" if isinstance(item, Block) else item.name))


def _action_block(action: Mapping[str, Any], step_slug: str, step_name: Any, translation: Translation) -> Block:
    """Slug and name are left out where they are the step's."""
    slug, name = action.get("Slug") or step_slug, action.get("Name")
    wire = with_package_feeds({**action, "Slug": None}, translation.slug_of)
    if wire.get("ActionType") == _DEPLOY_RELEASE:
        wire = _with_projects(wire, translation.slug_of)
    wire["Name"] = None if name in {step_name, ""} else name
    return Block("action", [] if slug == step_slug else [slug], written(_ACTION, wire, translation))


_DEPLOY_RELEASE = "Octopus.DeployRelease"


def _with_projects(action: Wire, translate: Any) -> Wire:
    """The packages of an action that deploys another project are that project."""
    packages = [
        {**package, "PackageId": translate(kinds.PROJECTS, package["PackageId"])}
        if package.get("PackageId")
        else package
        for package in action.get("Packages") or ()
    ]
    return {**action, "Packages": packages} if packages else action


def read_process(body: Iterable[Element], translation: Translation) -> Wire:
    steps: list[Wire] = []
    unmapped: list[Element] = []
    slugs: set[str] = set()
    for element in body:
        if isinstance(element, Block) and element.name in {"step", "process_template"}:
            step = _read_step(element, translation)
            steps.append(step)
            if step["Slug"] in slugs:
                translation.fault(f"Two steps have the slug '{step['Slug']}'", element.position)
            slugs.add(step["Slug"])
        else:
            unmapped.append(element)
    return {"Steps": steps, UNMAPPED: to_plain(unmapped)} if unmapped else {"Steps": steps}


def _read_step(block: Block, translation: Translation) -> Wire:
    slug = label_of(block, translation, required="the slug of the step")
    if block.name == "process_template":
        return _read_process_template(block, slug, translation)
    actions = [item for item in block if isinstance(item, Block) and item.name == "action"]
    rest = [item for item in block if not (isinstance(item, Block) and item.name == "action")]
    step = {"Id": slug, "Slug": slug, "Name": slug, **read(_STEP, rest, translation)}
    step["Actions"] = [_read_action(action, step, translation) for action in actions]
    used: set[str] = set()
    for action, found in zip(actions, step["Actions"], strict=True):
        if found["Slug"] in used:
            translation.fault(f"Two actions of one step have the slug '{found['Slug']}'", action.position)
        used.add(found["Slug"])
    return step


def _read_action(block: Block, step: Wire, translation: Translation) -> Wire:
    found = read(_ACTION, block.body, translation)
    slug = label_of(block, translation) or found.get("Slug") or step["Slug"]

    def identifier(kind: str, text: str) -> str:
        return translation.identifier_of(kind, text, block.position)

    found = with_package_feeds(found, identifier)
    if found.get("ActionType") == _DEPLOY_RELEASE:
        found = _with_projects(found, identifier)
    return {"Name": step["Name"], **found, "Id": slug, "Slug": slug}


def _read_process_template(block: Block, slug: str, translation: Translation) -> Wire:
    """What the table of the template does not know may be of the step."""
    own = [item for item in block if _PROCESS_TEMPLATE.find(item) is not None]
    rest = [item for item in block if _PROCESS_TEMPLATE.find(item) is None]
    step = {"Id": slug, "Slug": slug, "Name": slug, **read(_STEP, rest, translation)}
    return {**step, "Actions": [], "ProcessTemplate": read(_PROCESS_TEMPLATE, own, translation)}
