"""From a change of a document to the event that tells of it."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from polpo.features.events.categories import CREATED, DELETED, MODIFIED
from polpo.features.events.differences import STAMPS, differences
from polpo.features.events.resource import ChangeDetails, EventReference
from polpo.store.changes import Change, Happening
from polpo.store.documents import Document, references, secrets_of

#: The category of a change, from the document before and after; None leaves it at Created, Modified or Deleted.
Turn = Callable[[Any, Any], str | None]

#: The category of what is not worth an event.
NOTHING = ""


_MOST_RELATED = 60
_VERBS = {
    CREATED: "was created",
    MODIFIED: "was changed",
    DELETED: "was deleted",
    "MachineAdded": "was added",
    "MachineEnabled": "was enabled",
    "MachineDisabled": "was disabled",
    "MachineHealthy": "was found healthy",
    "MachineHasWarnings": "was found healthy, with warnings",
    "MachineUnhealthy": "was found unhealthy",
    "MachineUnavailable": "was found unavailable",
    "ManualInterventionInterruptionRaised": "waits for an answer",
    "GuidedFailureInterruptionRaised": "waits for a decision",
}
#: Ids that a document has without declaring them as references, and that people look for events by.
_OWNERS = ("project_id", "owner_id", "environment_id", "tenant_id", "channel_id", "release_id", "task_id", "user_id")
_NAMES = ("name", "version", "title", "username", "purpose")
_KINDS_OF_TASK = {"Deploy": ("Deployment", "Deployments"), "RunbookRun": ("RunbookRun", "RunbookRuns")}


@dataclass(frozen=True)
class Told:
    """An event before it has a number."""

    category: str
    message: str
    references: list[EventReference]
    about: list[str]
    space_id: str | None
    document_type: str
    change: ChangeDetails | None


def told_change(change: Change, turn: Turn | None) -> Told | None:
    """`turn` gives changes of the kind categories of their own.

    None for a change that nobody would ask for: only stamps, or only what the server keeps there for itself.
    """
    before, after = (_decoded(change, stored) for stored in (change.before, change.after))
    document = after or before
    assert document is not None  # noqa: S101 - a change has at least one side
    named = turn(before, after) if turn else None
    category = _change(before, after) if named is None else named
    if category == NOTHING:
        return None
    _conceal(before, after)
    old, new = _plain(change, before), _plain(change, after)
    found = differences(old, new) if before is not None and after is not None else []
    if not found and category == MODIFIED:
        return None
    name, verb = _name(document), _VERBS.get(category) or _VERBS[_change(before, after)]
    noun = change.kind.singular[:1].upper() + change.kind.singular[1:]
    start = len(noun) + 1
    return Told(
        category=category,
        message=f"{noun} {name} {verb}",
        references=[EventReference(referenced_document_id=change.identity, start_index=start, length=len(name))],
        about=list(dict.fromkeys([change.identity, *_related(document)]))[:_MOST_RELATED],
        space_id=change.identity if change.kind.name == "Spaces" else getattr(document, "space_id", None) or None,
        document_type=change.kind.name,
        change=ChangeDetails(document_context=old or new or None, differences=found),
    )


def told_happening(happening: Happening) -> Told:
    """A turn of a deployment's task is told of the deployment, which is what people know."""
    category, kind = happening.category, happening.document_type
    noun, document_type = _KINDS_OF_TASK.get(kind, ("Task", "ServerTasks")) if category.startswith("Task") else ("", "")
    if noun:
        category, kind = noun + category.removeprefix("Task"), document_type
    return Told(category, happening.message, [], list(happening.about), happening.space_id, kind, None)


def message_html(message: str, marks: list[EventReference]) -> str:
    """The message for a page, with the named documents in bold."""
    parts, place = [], 0
    for mark in marks:
        end = mark.start_index + mark.length
        parts += [html.escape(message[place : mark.start_index]), "<b>"]
        parts += [html.escape(message[mark.start_index : end]), "</b>"]
        place = end
    return "".join([*parts, html.escape(message[place:])])


def _decoded(change: Change, stored: bytes | None) -> Document | None:
    return None if stored is None else change.kind.decoder.decode(stored)


def _change(before: Document | None, after: Document | None) -> str:
    if before is None:
        return CREATED
    return MODIFIED if after is not None else DELETED


def _plain(change: Change, document: Document | None) -> dict[str, Any]:
    """The document as it is sent, without what the server writes for itself."""
    if document is None:
        return {}
    fields = msgspec.structs.fields(document)
    hidden = STAMPS | {field.encode_name for field in fields if field.name in change.kind.quiet}
    plain: dict[str, Any] = msgspec.to_builtins(document)
    return {key: value for key, value in plain.items() if key not in hidden}


def _conceal(before: Document | None, after: Document | None) -> None:
    """Secrets are told as secrets: that one was changed can be seen, what it was cannot."""
    old = {place: secret.new_value for place, secret in secrets_of(before)} if before is not None else {}
    for document in (before, after):
        for place, secret in secrets_of(document) if document is not None else ():
            if secret.new_value is None:
                continue
            is_new = document is after and before is not None and old.get(place) != secret.new_value
            secret.new_value = "(a new secret)" if is_new else "(a secret)"


def _name(document: Document) -> str:
    texts = (getattr(document, attribute, None) for attribute in _NAMES)
    return next((text for text in texts if isinstance(text, str) and text), document.id)


def _related(document: Document) -> Iterator[str]:
    for attribute in _OWNERS:
        identity = getattr(document, attribute, None)
        if isinstance(identity, str) and identity:
            yield identity
    for _, _, identity in references(document):
        yield identity
