"""Who takes packages from a feed."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.features.feeds.resource import Feed
from polpo.features.machines.resource import MACHINES
from polpo.features.processes.usages import RunbookStepUsage, StepUsage, runbook_steps_naming, steps_naming
from polpo.features.variables.resource import ReferenceDataItem
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.documents import Document
from polpo.store.kinds import reference


class FeedUsage(Document, kw_only=True):
    """The steps of today that name the feed, and the targets whose clusters take their tools from it."""

    feed_id: str
    deployment_processes: list[StepUsage]
    runbook_processes: list[RunbookStepUsage]
    targets: list[ReferenceDataItem]


def usage_of(call: Call, feed: Feed) -> FeedUsage:
    """As far as the caller may see who uses it."""
    session, space_id = call.session, feed.space_id
    of_machines = sa.select(reference.c.from_id).where(
        reference.c.to_id == feed.id, reference.c.from_kind == MACHINES.name
    )
    machines = session.all(MACHINES, MACHINES.table.c.id.in_(of_machines))
    return FeedUsage(
        id=f"{feed.id}-usage",
        feed_id=feed.id,
        deployment_processes=[
            one
            for one in steps_naming(session, space_id, feed.id)
            if call.may(Permission.PROCESS_VIEW, project_id=one.project_id)
        ],
        runbook_processes=[
            one
            for one in runbook_steps_naming(session, space_id, feed.id)
            if call.may(Permission.RUNBOOK_VIEW, project_id=one.project_id)
        ],
        targets=[
            ReferenceDataItem(id=one.id, name=one.name)
            for one in call.reached(MACHINES, machines, Permission.MACHINE_VIEW)
        ],
    )
