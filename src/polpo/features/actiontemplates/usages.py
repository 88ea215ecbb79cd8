"""The steps that were made from a template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from polpo.features.actiontemplates.resource import ActionTemplate, ActionTemplateUsage
from polpo.features.processes.resource import TEMPLATE_ID, TEMPLATE_VERSION, DeploymentAction, DeploymentStep
from polpo.features.projects.resource import PROJECTS
from polpo.features.runbooks.resource import RUNBOOKS
from polpo.kernel.errors import Conflict
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.kinds import kinds, reference
from polpo.store.session import Session


def usages_of(session: Session, template: ActionTemplate) -> list[ActionTemplateUsage]:
    return [usage for process in _processes(session, template.id) for usage in _in(session, process, template)]


def refuse_while_used(call: Call, template: ActionTemplate) -> None:
    """Says which projects would be left with a step whose template is gone, as far as the caller may see them."""
    users = {usage.project_id: usage.project_name for usage in usages_of(call.session, template)}
    if users:
        seen = [name for key, name in users.items() if call.may(Permission.PROJECT_VIEW, project_id=key)][:10]
        more = [f"{len(users) - len(seen)} {'more' if seen else 'projects'}"] if len(users) > len(seen) else []
        shown = " and ".join([*([", ".join(f"'{name}'" for name in seen)] if seen else []), *more])
        raise Conflict(
            f"The step template '{template.name}' cannot be deleted because it is in use by steps of {shown}.",
            [f"In use by the project '{name}'." for name in seen],
        )


def is_made_from(action: DeploymentAction, template_id: str) -> bool:
    return action.properties.get(TEMPLATE_ID) == template_id


def _processes(session: Session, template_id: str) -> Iterator[Any]:
    statement = sa.select(reference.c.from_kind, reference.c.from_id).distinct()
    users = session.connection.execute(statement.where(reference.c.to_id == template_id)).all()
    for from_kind, from_id in users:
        process = session.find(kinds[from_kind], from_id)
        if process is not None and hasattr(process, "steps"):
            yield process


def _in(session: Session, process: Any, template: ActionTemplate) -> Iterator[ActionTemplateUsage]:
    project = session.get(PROJECTS, process.project_id)
    runbook_id = getattr(process, "runbook_id", None)
    runbook: Any = session.find(RUNBOOKS, runbook_id) if runbook_id else None
    step: DeploymentStep
    for step in process.steps:
        for action in step.actions:
            if is_made_from(action, template.id):
                yield ActionTemplateUsage(
                    id=action.id,
                    action_template_id=template.id,
                    version=str(action.properties.get(TEMPLATE_VERSION, "")),
                    process_type="Runbook" if runbook_id else "Deployment",
                    process_id=process.id,
                    deployment_process_id="" if runbook_id else process.id,
                    project_id=project.id,
                    project_name=project.name,
                    project_slug=project.slug,
                    step_id=step.id,
                    step_name=step.name,
                    action_id=action.id,
                    action_name=action.name,
                    runbook_id=runbook_id,
                    runbook_name=runbook.name if runbook else None,
                )
