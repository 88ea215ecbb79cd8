"""The health of targets in clouds and clusters: a worker looks whether they are there and can be used."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import get_args

from polpo.features.accounts.parts import TOKEN, WITH_TOKEN
from polpo.features.machines.endpointvariables import endpoint_variables
from polpo.features.machines.examining import Examination, Finding
from polpo.features.machines.resource import HealthStatus
from polpo.features.machines.signingin import sign_in_misuse
from polpo.features.subjecttokens.issuing import SubjectTokens, TokenWish
from polpo.features.variables.parts import Part
from polpo.kernel.errors import TaskError
from polpo.steps.acquire import runner_path
from polpo.steps.remote import Outcome, Script, explain
from polpo.steps.sealed import SealedVariables, seal_variables
from polpo.steps.starting import start_runner

_MESSAGE = "polpo-target"
_STATES: tuple[HealthStatus, ...] = get_args(HealthStatus)
#: Styles that a worker looks after.
LOOKED_AT = ("Kubernetes", "AzureWebApp", "AwsEcsCluster")
#: Styles whose settings are checked when they are saved, and nothing else; with whom to ask.
UNASKED = {"AzureCloudService": "Azure", "AzureServiceFabricCluster": "the cluster"}


async def look_from_worker(examination: Examination) -> Finding:
    """Whether the target is there and can be used, as a worker finds it; the finding says what is at fault."""
    transport = await examination.host()
    await examination.bring_runner(transport)
    style = examination.machine.endpoint.communication_style
    only = ["--only", "connection"] if examination.connection_only else []
    variables = await _variables(examination)
    arguments = ["check-target", "--variables", "variables.json", "--style", style, *only]
    bodies = start_runner(runner_path(examination.means.archive), arguments, key=variables.key)
    files = {"variables.json": variables.content}
    script = Script(bodies.bash, bodies.powershell, files, alone=False, mutex="PolpoHealth")
    outcome = await examination.run(transport, script)
    if (sentence := explain(outcome, "The check", transport.name)) is not None:
        raise TaskError(sentence)
    return _found(outcome)


async def _variables(examination: Examination) -> SealedVariables:
    """What holds for the target alone; its secrets are hidden in whatever is said from now on."""
    with examination.means.database.read() as session:
        if fault := sign_in_misuse(session, examination.machine):
            raise TaskError(fault)
        parts = {part.name: part for part in endpoint_variables(session, examination.machine.endpoint)}
    parts |= {part.name: part async for part in health_token(examination, list(parts.values()))}
    secrets = [part for part in parts.values() if part.is_sensitive and part.value]
    for part in secrets:
        examination.place.run.masker.add(part.value)
    return seal_variables({name: part.value for name, part in parts.items()}, [part.name for part in secrets])


async def health_token(examination: Examination, parts: Sequence[Part]) -> AsyncIterator[Part]:
    """A fresh token where the target's account is one without a secret of its own."""
    of_account = {part.name: part.value for part in parts if part.name.startswith("Octopus.Account.")}
    if of_account.get("Octopus.Account.AccountType") in WITH_TOKEN:
        machine = examination.machine
        wish = TokenWish(of_account["Octopus.Account.Id"], "health", {"space": machine.space_id, "target": machine.id})
        token = await SubjectTokens(examination.means.database).issue(wish)
        await examination.place.run.keep_secret(token)
        yield Part(f"Octopus.Account.{TOKEN}", token, is_sensitive=True)


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
