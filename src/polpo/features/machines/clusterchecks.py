"""The health of targets in clouds and clusters: a worker looks whether a cluster can be used; clouds are not asked."""

from __future__ import annotations

from typing import get_args

import msgspec

from polpo.features.machines.endpointvariables import endpoint_variables
from polpo.features.machines.examining import Examination, Finding
from polpo.features.machines.resource import HealthStatus
from polpo.kernel.errors import TaskError
from polpo.steps.acquire import runner_path
from polpo.steps.remote import Outcome, Script, explain

_MESSAGE = "polpo-cluster"
_BODY = 'exec python3 -I "$TentacleHome/{runner}" check-cluster --variables variables.json{options}\n'
_STATES: tuple[HealthStatus, ...] = get_args(HealthStatus)
#: Styles whose settings are checked when they are saved, and who are not asked.
UNASKED = {
    "AzureWebApp": "Azure",
    "AzureCloudService": "Azure",
    "AzureServiceFabricCluster": "the cluster",
    "AwsEcsCluster": "Amazon",
}


async def check_cluster(examination: Examination) -> Finding:
    """Whether kubectl on a worker can use the cluster; the finding names the layer that is at fault."""
    transport = await examination.host()
    await examination.bring_runner(transport)
    options = " --only connection" if examination.connection_only else ""
    runner = runner_path(examination.means.archive)
    files = {"variables.json": _variables(examination)}
    script = Script(bash=_BODY.format(runner=runner, options=options), files=files, alone=False, mutex="PolpoHealth")
    outcome = await examination.run(transport, script)
    if (sentence := explain(outcome, "The check", transport.name)) is not None:
        raise TaskError(sentence)
    return _found(outcome)


def _variables(examination: Examination) -> bytes:
    """What holds for the target alone; its secrets are hidden in whatever is said from now on."""
    with examination.means.database.read() as session:
        parts = endpoint_variables(session, examination.machine.endpoint)
    for part in parts:
        if part.is_sensitive:
            examination.place.run.masker.add(part.value)
    secrets = [part.name for part in parts if part.is_sensitive]
    return msgspec.json.encode({"Variables": {part.name: part.value for part in parts}, "Sensitive": secrets})


def _found(outcome: Outcome) -> Finding:
    told = next((attributes for name, attributes in outcome.console.found if name == _MESSAGE), {})
    state = next((state for state in _STATES if state == told.get("state")), None)
    if state is None:
        raise TaskError("The runner did not say what it found.")
    return Finding(state, told.get("summary", ""))


async def check_agent_inside(examination: Examination) -> Finding:
    """An agent inside a cluster runs each script as a pod; this server can only talk to it so far."""
    capabilities = await examination.reach().capabilities()
    examination.answered.set()
    examination.place.node.verbose(f"It answers and offers {', '.join(capabilities)}.")
    return Finding("HasWarnings", "The agent in the cluster answers; this server cannot run steps there yet.")


async def leave_unknown(examination: Examination) -> Finding:
    """Neither well nor unwell: whoever would know is not asked."""
    asked = UNASKED[examination.machine.endpoint.communication_style]
    return Finding(
        "Unknown",
        f"Its settings are complete; whether it is there and can be used, this server does not ask {asked} yet."
        " Scripts run on its behalf all the same.",
    )
