"""The properties of steps and actions. Some hold ids of things that files name by slug."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from polpo.languages.ocl.elements import Attribute, Value
from polpo.languages.ocl.projects import references as kinds
from polpo.languages.ocl.projects.fields import TextDictionary
from polpo.languages.ocl.projects.translation import Translation

REFERENCES = {
    "Octopus.Action.Package.FeedId": kinds.FEEDS,
    "Octopus.Action.Azure.AccountId": kinds.ACCOUNTS,
    "Octopus.Action.DeployRelease.ProjectId": kinds.PROJECTS,
}
LISTS = dict.fromkeys(
    (
        "Octopus.Action.Manual.ResponsibleTeamIds",
        "Octopus.Action.Email.ToTeamIds",
        "Octopus.Action.Email.CCTeamIds",
        "Octopus.Action.Email.BccTeamIds",
    ),
    kinds.TEAMS,
)

Translate = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Properties:
    """Texts by name. A secret in them is a fault: it would be readable by everyone who can read the repository."""

    def read(self, attribute: Attribute, translation: Translation) -> dict[str, str]:
        def identifier(kind: str, slug: str) -> str:
            return translation.identifier_of(kind, slug, attribute.position)

        found = TextDictionary().read(attribute, translation)
        return {key: _translated(key, text, identifier) for key, text in found.items()}

    def write(self, value: Any, translation: Translation) -> Value:
        found: dict[str, str] = {}
        for key, item in (value or {}).items():
            if isinstance(item, Mapping):
                translation.fault(
                    f"The property '{key}' is a secret and cannot be kept in a file; put it into a sensitive variable"
                )
            elif item is not None:
                found[key] = _translated(key, str(item), translation.slug_of)
        return found or None  # type: ignore[return-value]  # a dictionary of texts


def _translated(key: str, text: str, translate: Translate) -> str:
    if not text:
        return text
    if key in REFERENCES:
        return translate(REFERENCES[key], text)
    if key in LISTS and "#{" not in text:
        return ",".join(translate(LISTS[key], part.strip()) for part in text.split(",") if part.strip())
    return text


def with_package_feeds(action: dict[str, Any], translate: Translate) -> dict[str, Any]:
    """The action, with the feeds translated in the properties that a package parameter of a step template fills."""
    properties = dict(action.get("Properties") or {})
    for package in action.get("Packages") or ():
        key = (package.get("Properties") or {}).get("PackageParameterName")
        if key and isinstance(properties.get(key), str):
            properties[key] = _with_feed(properties[key], translate)
    return {**action, "Properties": properties} if properties else action


def _with_feed(text: str, translate: Translate) -> str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    feed = value.get("FeedId") if isinstance(value, dict) else None
    if not isinstance(feed, str):
        return text
    translated = translate(kinds.FEEDS, feed)
    if translated == feed:
        return text
    return json.dumps({**value, "FeedId": translated}, separators=(",", ":"), ensure_ascii=False)
