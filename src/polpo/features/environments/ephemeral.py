"""Ephemeral environments: made for a release that is to be tried, used by projects, and taken away again."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from polpo.features.channels.resource import CHANNELS, Channel
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.environments.service import last_place
from polpo.features.projects.resource import Project
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.collection import slugify, stamp
from polpo.store.session import Session

_LONGEST = 50
_ILLEGAL = re.compile(r'[<>:"/\\|?*{}]')
_t = ENVIRONMENTS.table


def ephemeral_channel(session: Session, project: Project) -> Channel:
    """The channel of the project whose releases go to ephemeral environments: the default one, else the first."""
    table = CHANNELS.table
    for channel in session.all(CHANNELS, table.c.project_id == project.id, order=[table.c.is_default.desc()]):
        if channel.type == "EphemeralEnvironment" and channel.parent_environment_id:
            return channel
    sentence = f"{project.name} has no channel for ephemeral environments; make one, with a parent environment, first."
    raise Invalid(sentence, [sentence])


def ephemeral_environments(session: Session, parent_ids: Iterable[str | None]) -> list[Environment]:
    """Those below the parents, in their order."""
    wanted = [one for one in parent_ids if one]
    return session.all(ENVIRONMENTS, _t.c.parent_environment_id.in_(wanted)) if wanted else []


def environments_of_project(session: Session, space_id: str, project_id: str) -> list[Environment]:
    """The ephemeral environments that the project uses, in their order."""
    found = session.all(ENVIRONMENTS, _t.c.space_id == space_id, _t.c.type == "Ephemeral")
    return [one for one in found if project_id in one.connected_project_ids]


def legal_name(text: str) -> str:
    """A text that a template gave, as an environment may be named."""
    return _ILLEGAL.sub("-", text).strip().strip("-_").strip()


def checked_ephemeral_name(name: str) -> str:
    trimmed = name.strip()
    fault = None
    if not trimmed:
        fault = "EnvironmentName is missing; an ephemeral environment needs a name."
    elif len(trimmed) > _LONGEST:
        fault = f"EnvironmentName has {len(trimmed)} characters; {_LONGEST} are the most."
    elif illegal := _ILLEGAL.search(trimmed):
        fault = f"EnvironmentName cannot have the character {illegal[0]}."
    if fault:
        raise Invalid(fault, [fault])
    return trimmed


def open_environment(call: Call, project: Project, channel: Channel, name: str) -> Environment:
    """The environment of that name below the channel's parent, connected to the project; made if there is none."""
    session, trimmed = call.session, checked_ephemeral_name(name)
    table = _t.c
    found = session.first(ENVIRONMENTS, table.space_id == call.space, table.name_key == trimmed.casefold())
    if found is None:
        return _made(call, project, channel, trimmed)
    if found.type != "Ephemeral" or found.parent_environment_id != channel.parent_environment_id:
        sentence = f"EnvironmentName '{trimmed}' is taken by an environment that {project.name} cannot use for this."
        raise Invalid(sentence, [sentence])
    if project.id not in found.connected_project_ids:
        found.connected_project_ids.append(project.id)
        session.update(ENVIRONMENTS, found)
    return found


def _made(call: Call, project: Project, channel: Channel, name: str) -> Environment:
    parent = call.session.get(ENVIRONMENTS, channel.parent_environment_id)
    environment = Environment(
        space_id=call.space,
        name=name,
        slug=_free_slug(call.session, call.space, name),
        sort_order=last_place(call.session, call.space),
        use_guided_failure=parent.use_guided_failure,
        type="Ephemeral",
        parent_environment_id=parent.id,
        connected_project_ids=[project.id],
    )
    stamp(call, environment)
    return call.session.insert(ENVIRONMENTS, environment)


def _free_slug(session: Session, space_id: str, name: str) -> str:
    base = slug = slugify(name)
    number = 1
    while session.first(ENVIRONMENTS, _t.c.space_id == space_id, _t.c.slug == slug) is not None:
        number += 1
        slug = f"{base}-{number}"
    return slug


def disconnect(session: Session, environment: Environment, project_ids: Iterable[str]) -> None:
    """Takes the environment from the projects; from the last of them it takes its deployments along and is gone."""
    gone = set(project_ids)
    left = [one for one in environment.connected_project_ids if one not in gone]
    if left:
        session.update(ENVIRONMENTS, msgspec.structs.replace(environment, connected_project_ids=left))
    else:
        session.delete(ENVIRONMENTS, environment.id)
