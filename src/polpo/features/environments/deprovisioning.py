"""Taking away what a project built for an ephemeral environment."""

from __future__ import annotations

from polpo.features.environments.resource import Environment
from polpo.features.projects.resource import Project
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.store.documents import Resource


class DeprovisioningRun(Resource):
    runbook_run_id: str
    task_id: str


def start_deprovisioning(_call: Call, environment: Environment, project: Project) -> DeprovisioningRun | None:
    """Runs the project's runbook for it; None when the project has none.

    A runbook that is named is never passed over in silence: what it would take away would stay behind for good.
    """
    if not project.deprovisioning_runbook_id:
        return None
    sentence = (
        f"{project.name} names the runbook {project.deprovisioning_runbook_id} to deprovision {environment.name}, and"
        " this server cannot run runbooks yet; run it by other means and clear it in the project."
    )
    raise Invalid(sentence, [sentence])
