"""What a deployment brings: the releases since the one that its place has, with notes, builds, commits and work items.

Decided here: the line runs by version, not by time, so that a fix of an old line brings what belongs to it. A
pre-release stands for itself alone, and is in nobody else's line. So does a release that goes to a place for the first
time, or back to an earlier version. Channels that are treated as discrete have lines of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec
import sqlalchemy as sa

from polpo.engine import TaskState, server_task
from polpo.features.buildinformation.resource import CommitDetail, WorkItemLink
from polpo.features.deployments.plan import Plan
from polpo.features.deployments.resource import DEPLOYMENTS, Deployment, ReleaseChanges
from polpo.features.deployments.subject import ReleaseSubject
from polpo.features.deployments.values import PlanValues
from polpo.features.releases.resource import RELEASES, Release
from polpo.languages.substitution import VariableDictionary
from polpo.languages.versions import OctopusVersion
from polpo.store.session import Session

Item = TypeVar("Item", CommitDetail, WorkItemLink)

DEFAULT_TEMPLATE = """\
#{each release in Octopus.Deployment.Changes}
**Release #{release.Version}**

#{release.ReleaseNotes}
#{each workItem in release.WorkItems}
- [#{workItem.Id}](#{workItem.LinkUrl}) - #{workItem.Description}
#{/each}
#{/each}
"""
#: Of the newest releases; a place that was left behind for years does not need all of them.
_MOST = 100
#: The end of the key of a version that is no pre-release.
_FULL = "%~"
_d, _r = DEPLOYMENTS.table, RELEASES.table


def changes_of(session: Session, subject: ReleaseSubject, deployment: Deployment) -> list[ReleaseChanges]:
    """What the deployment brings, the oldest release first and its own last."""
    return [_changes(release) for release in _line(session, subject, deployment)]


def _line(session: Session, subject: ReleaseSubject, deployment: Deployment) -> list[Release]:
    own = subject.release
    if OctopusVersion.parse(own.version).is_prerelease:
        return [own]
    before = _last_full(session, subject, deployment)
    if before is None:
        return [own]
    low, high = (OctopusVersion.parse(version).sort_key for version in (before, own.version))
    where = [_r.c.project_id == own.project_id, _r.c.sort_key > low, _r.c.sort_key < high, _r.c.sort_key.like(_FULL)]
    if subject.project.discrete_channel_release:
        where.append(_r.c.channel_id == own.channel_id)
    found = session.all(RELEASES, *where, order=[_r.c.sort_key.desc(), _r.c.seq.desc()], take=_MOST - 1)
    return [*reversed(found), own]


def _last_full(session: Session, subject: ReleaseSubject, deployment: Deployment) -> str | None:
    """The version of the last release that is no pre-release and was deployed well in the place, by an earlier task."""
    place = [
        _d.c.project_id == subject.project.id,
        _d.c.environment_id == subject.environment.id,
        _d.c.tenant_id.is_not_distinct_from(deployment.tenant_id),
        _d.c.id != deployment.id,
    ]
    if subject.project.discrete_channel_release:
        place.append(_d.c.channel_id == subject.release.channel_id)
    statement = (
        sa.select(_r.c.version)
        .select_from(_d)
        .join(_r, _r.c.id == _d.c.release_id)
        .join(server_task, server_task.c.id == _d.c.task_id)
        .where(*place, _r.c.sort_key.like(_FULL))
        .where(sa.func.coalesce(server_task.c.state, "") == TaskState.SUCCESS)
    )
    return session.connection.execute(statement.order_by(_d.c.seq.desc()).limit(1)).scalar()


def _changes(release: Release) -> ReleaseChanges:
    built = release.build_information
    return ReleaseChanges(
        version=release.version,
        release_notes=release.release_notes,
        build_information=built,
        commits=_distinct([commit for one in built for commit in one.commits]),
        work_items=_distinct([item for one in built for item in one.work_items]),
    )


def _distinct(items: Sequence[Item]) -> list[Item]:
    """Each id once, in the order in which they come."""
    return list({item.id: item for item in reversed(items)}.values())[::-1]


def change_facts(deployment: Deployment) -> dict[str, str]:
    """The system variables of a deployment's changes, under names without the prefix; lists as JSON, for loops."""
    changes = deployment.changes
    items = _distinct([item for change in changes for item in change.work_items])
    built = {(one.package_id, one.version): one for change in changes for one in change.build_information}
    return {
        "Deployment.Changes": _json(changes),
        "Deployment.ChangesMarkdown": deployment.changes_markdown,
        "Deployment.WorkItems": _json(items),
        "Deployment.PackageBuildInformation": _json(list(built.values())),
    }


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def changes_markdown(subject: ReleaseSubject, plan: Plan) -> str:
    """The project's template over everything that holds in the whole deployment, and its targets; secrets left out.

    What names no variable stays as it was written: the text is prose.
    """
    known = PlanValues(plan).of_deployment()
    texts = {name: text for name, text in known.texts.items() if name not in known.secrets}
    for target in plan.targets.values():
        texts[f"Octopus.Deployment.Targets[{target.id}].Id"] = target.id
        texts[f"Octopus.Deployment.Targets[{target.id}].Name"] = target.name
    template = subject.project.deployment_changes_template or DEFAULT_TEMPLATE
    text, _ = VariableDictionary(texts.items()).evaluate_with_errors(template)
    return (text or "").strip()
