"""Rules of channels."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from polpo.features.channels.gitrules import git_rule_faults
from polpo.features.channels.resource import CHANNELS, Channel
from polpo.features.channels.rules import rule_faults
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.tagsets.service import check_tags
from polpo.kernel.errors import Conflict, Invalid, NotFound
from polpo.rest.call import Call
from polpo.store.session import Session

_MOST_FIELDS = 10


def find_channel(session: Session, project_id: str, named: str) -> Channel:
    """A channel of the project by id, slug or name."""
    table = CHANNELS.table
    for column, value in ((table.c.id, named), (table.c.slug, named), (table.c.name_key, named.strip().casefold())):
        found = session.first(CHANNELS, table.c.project_id == project_id, column == value)
        if found is not None:
            return found
    raise NotFound(f"The project has no channel with the id, slug or name '{named}'.")


def default_channel(session: Session, project_id: str) -> Channel:
    """The channel of releases that name none; every project has exactly one."""
    table = CHANNELS.table
    found = session.first(CHANNELS, table.c.project_id == project_id, table.c.is_default)
    if found is None:
        raise Invalid("The project has no default channel; make one of its channels the default.")
    return found


def settle_channel(call: Call, channel: Channel, before: Channel | None) -> None:
    """The project of a channel stays, a project has exactly one default, and every rule has an id."""
    channel.lifecycle_id = channel.lifecycle_id or None
    channel.parent_environment_id = channel.parent_environment_id or None
    if before is not None:
        channel.project_id = before.project_id
        channel.is_default = channel.is_default or before.is_default
    if not channel.project_id:
        sentence = "ProjectId is missing; a channel belongs to a project."
        raise Invalid(sentence, [sentence])
    for rule in channel.rules:
        rule.id = rule.id or str(uuid.uuid4())
    for git_rule in channel.git_resource_rules:
        git_rule.id = git_rule.id or str(uuid.uuid4())
    if faults := [*rule_faults(channel.rules), *git_rule_faults(channel), *_field_faults(channel)]:
        raise Invalid(faults[0] if len(faults) == 1 else "The channel cannot be saved.", faults)
    check_tags(call.session, call.space, channel, describes=False)
    _settle_ephemeral(call, channel)
    if channel.is_default:
        _take_over(call.session, channel)


def _field_faults(channel: Channel) -> list[str]:
    """Of the fields that every release of the channel has to fill in."""
    fields = channel.custom_field_definitions
    names = [one.field_name.strip().casefold() for one in fields]
    faults = [f"Custom field {number} needs a name." for number, name in enumerate(names, start=1) if not name]
    faults += [
        f"There are two custom fields with the name '{one.field_name}'; a name stands for one field only."
        for number, one in enumerate(fields)
        if names[number] and names[number] in names[:number]
    ]
    if len(fields) > _MOST_FIELDS:
        faults.append(f"A channel has at most {_MOST_FIELDS} custom fields; these are {len(fields)}.")
    return faults


def _settle_ephemeral(call: Call, channel: Channel) -> None:
    """Releases of such a channel go to environments below its parent, so it has no lifecycle."""
    parent = call.session.find(ENVIRONMENTS, channel.parent_environment_id)
    faults = []
    if parent is not None and parent.type != "Parent":
        faults.append(f"ParentEnvironmentId names '{parent.name}', which is no parent environment.")
    if channel.type == "EphemeralEnvironment":
        channel.lifecycle_id = None
        if not channel.parent_environment_id:
            faults.append("ParentEnvironmentId is missing; a channel for ephemeral environments needs a parent.")
        if channel.automatic_ephemeral_environment_deployments and not channel.ephemeral_environment_name_template:
            faults.append("EphemeralEnvironmentNameTemplate is missing; without it no environment can be named.")
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The channel cannot be saved.", faults)


def _take_over(session: Session, channel: Channel) -> None:
    table = CHANNELS.table
    others = (table.c.project_id == channel.project_id, table.c.is_default, table.c.id != channel.id)
    for other in session.all(CHANNELS, *others):
        other.is_default = False
        session.update(CHANNELS, other)


def refuse_default(_call: Call, channel: Channel) -> None:
    if channel.is_default:
        raise Conflict(
            f"The channel '{channel.name}' is the default of its project and cannot be deleted; make another one the"
            " default first."
        )


def foreign_channels(session: Session, project_id: str, channel_ids: Iterable[str]) -> list[str]:
    """Those of the ids that are no channels of the project, each once."""
    wanted = dict.fromkeys(channel_ids)
    if not wanted:
        return []
    own = {channel.id for channel in session.all(CHANNELS, CHANNELS.table.c.project_id == project_id)}
    return [identity for identity in wanted if identity not in own]
