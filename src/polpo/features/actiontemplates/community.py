"""The templates of the community: files in a folder of the server, in the format that the library exports.

Whoever runs the server puts the files there; nothing is fetched. Files are read again when they change. One that cannot
be read is left out, and the log says why.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

import msgspec
import structlog

from polpo.features.actiontemplates.resource import ACTION_TEMPLATES, ActionTemplate, CommunityActionTemplate
from polpo.features.actiontemplates.service import complete_template, installed_template, keep_version
from polpo.features.processes.resource import PackageReference
from polpo.features.projects.resource import ActionTemplateParameter
from polpo.kernel.errors import Conflict, Invalid, NotFound
from polpo.rest.binding import bind
from polpo.rest.call import Call
from polpo.rest.collection import checked_name, stamp
from polpo.store.documents import PropertyValue, Resource

log = structlog.get_logger("polpo.actiontemplates")

PREFIX = "CommunityActionTemplates-"
_MOST_FILES = 5000
_MOST_BYTES = 2 << 20


class ExportedTemplate(Resource):
    """A file of the library."""

    id: str
    name: str
    action_type: str
    description: str = ""
    version: int = 1
    author: str = ""
    last_modified_by: str = ""
    category: str = ""
    website: str = ""
    history_url: str = ""
    packages: list[PackageReference] = []
    properties: dict[str, PropertyValue] = {}
    parameters: list[ActionTemplateParameter] = []
    inputs: dict[str, object] | None = None
    step_package_version: str | None = None


@dataclass(frozen=True)
class _Read:
    """A file as it was when it was read; without a template when it holds none."""

    stamp: tuple[int, int]
    template: CommunityActionTemplate | None


class CommunityLibrary:
    """The templates by their ids, in the order of their names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, _Read] = {}

    def all(self) -> list[CommunityActionTemplate]:
        """Looks for files that came, went or changed. What it gives is shared: read it, or make a copy."""
        paths = sorted(self._folder.glob("*.json"))[:_MOST_FILES] if self._folder.is_dir() else []
        self._read = {path: self._current(path) for path in paths}
        found = {one.template.id: one.template for one in self._read.values() if one.template is not None}
        return sorted(found.values(), key=lambda one: (one.name.casefold(), one.id))

    def find(self, identity: str) -> CommunityActionTemplate:
        """A copy, by `CommunityActionTemplates-…` or by the id that the file gives."""
        wanted = identity.casefold()
        for template in self.all():
            if wanted in (template.id.casefold(), template.external_id.casefold()):
                return copied(template)
        raise NotFound(f"There is no community step template with the id '{identity}'.")

    def _current(self, path: Path) -> _Read:
        try:
            facts = path.stat()
        except OSError:
            return _Read((0, 0), None)
        known, seen = self._read.get(path), (facts.st_mtime_ns, facts.st_size)
        return known if known is not None and known.stamp == seen else _Read(seen, _template(path, facts.st_size))


def copied(template: CommunityActionTemplate) -> CommunityActionTemplate:
    """For what is stored or rendered, and so is changed on the way."""
    return msgspec.json.decode(msgspec.json.encode(template), type=CommunityActionTemplate)


def _template(path: Path, size: int) -> CommunityActionTemplate | None:
    if size > _MOST_BYTES:
        log.warning("a community step template was left out", file=str(path), reason="it is too large")
        return None
    try:
        exported = bind(ExportedTemplate, path.read_bytes())
        checked_name(exported.name, "step template")
        uuid.UUID(exported.id)
    except (Invalid, OSError, ValueError) as error:
        log.warning("a community step template was left out", file=str(path), reason=str(error))
        return None
    return CommunityActionTemplate(
        id=PREFIX + exported.id.lower(),
        external_id=exported.id,
        type=exported.action_type,
        author=exported.author or exported.last_modified_by,
        last_modified_by=exported.last_modified_by or None,
        **{name: getattr(exported, name) for name in _SAME},
    )


_SAME = (
    "name",
    "action_type",
    "description",
    "version",
    "category",
    "website",
    "history_url",
    "packages",
    "properties",
    "parameters",
    "inputs",
    "step_package_version",
)
_TAKEN = ("name", "description", "packages", "properties", "parameters", "inputs", "step_package_version")


def install(call: Call, space_id: str, source: CommunityActionTemplate) -> ActionTemplate:
    """A template of the space that is like the community's; Conflict when the space has it already."""
    existing = installed_template(call.session, space_id, source.id)
    if existing is not None:
        sentence = f"The step template '{source.name}' is installed in this space as '{existing.name}' already."
        raise Conflict(sentence, [sentence])
    template = ActionTemplate(space_id=space_id, action_type=source.action_type, community_action_template_id=source.id)
    _take(call, template, source)
    template = call.session.insert(ACTION_TEMPLATES, template)
    keep_version(call.session, template)
    return template


def update_installed(call: Call, space_id: str, source: CommunityActionTemplate) -> ActionTemplate:
    """A new version of the space's template, like the community's; NotFound where it is not installed."""
    template = installed_or_missing(call, space_id, source)
    template.version += 1
    name = template.name
    _take(call, template, source)
    template.name = name
    template = call.session.update(ACTION_TEMPLATES, template)
    keep_version(call.session, template)
    return template


def installed_or_missing(call: Call, space_id: str, source: CommunityActionTemplate) -> ActionTemplate:
    found = installed_template(call.session, space_id, source.id)
    if found is None:
        raise NotFound(f"The community step template '{source.name}' is not installed in this space.")
    return found


def _take(call: Call, template: ActionTemplate, source: CommunityActionTemplate) -> None:
    for name in _TAKEN:
        setattr(template, name, getattr(source, name))
    template.community_action_template_version = source.version
    complete_template(template)
    stamp(call, template)
