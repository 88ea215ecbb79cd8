"""Steps that the runner performs on a machine: run a script, deploy a package."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from polpo.kernel.errors import TaskError
from polpo.steps.acquire import package_path
from polpo.steps.collecting import collect_artifacts
from polpo.steps.console import Console
from polpo.steps.given import given_variables
from polpo.steps.orders import carry_out_orders
from polpo.steps.raw import raw_script
from polpo.steps.remote import Script, explain, run_script
from polpo.steps.sealed import seal_variables
from polpo.steps.sources import bring_source
from polpo.steps.starting import InHome, start_runner
from polpo.steps.work import StepKind, StepResult, Work
from polpo.transports.offline import Errand, Recorder

SCRIPT_SOURCE = "Octopus.Action.Script.ScriptSource"


async def perform_script(work: Work, options: Sequence[str] = ()) -> StepResult:
    """Runs the script of the step, which stands in the step itself, in its package, or in a Git repository.

    `options` are more of the runner's, for kinds of scripts that need something around them.
    """
    if work.is_raw:
        return await _run(work, "The script", raw_script(work))
    arguments = ["run-script", "--variables", "variables.json", *options]
    source = work.properties.get(SCRIPT_SOURCE, "")
    if source == "GitRepository":
        return await _perform(work, "The script", [*arguments, "--source"], await bring_source(work))
    package = work.primary_package if source == "Package" else None
    if source == "Package" and package is None:
        raise TaskError(f"Step '{work.action_name}' runs a script from a package but names no package.")
    if package is None:
        return await _perform(work, "The script", arguments)
    return await _perform(work, "The script", [*arguments, "--package"], package_path(package))


async def perform_package(work: Work) -> StepResult:
    """Unpacks, configures and starts the step's package as its scripts say."""
    package = work.primary_package
    if package is None:
        raise TaskError(f"Step '{work.action_name}' deploys a package but names none.")
    what = f"The deployment of {package.package_id} {package.version}"
    arguments = ["deploy-package", "--variables", "variables.json", "--package"]
    return await _perform(work, what, arguments, package_path(package))


async def _perform(work: Work, what: str, arguments: list[str], file: str = "") -> StepResult:
    """`file` is what the last of the arguments wants, by its path below the machine's home."""
    if isinstance(work.transport, Recorder):
        work.transport.record(Errand(what, tuple(arguments), file, given_variables(work), work.secrets))
        return StepResult()
    variables = seal_variables(given_variables(work), work.secrets)
    body = start_runner(work.runner_path, [*arguments, InHome(file)] if file else arguments, key=variables.key)
    files = {"variables.json": variables.content}
    script = Script(body.bash, body.powershell, files=files, alone=work.is_alone)
    return await _run(work, what, script)


async def _run(work: Work, what: str, script: Script) -> StepResult:
    transport = work.transport
    if transport is None:
        raise TaskError(f"Step '{work.action_name}' has no machine to run on.")
    console = Console(work.node, work.run.masker)
    collect = partial(collect_artifacts, work, transport)
    outcome = await run_script(work.run, transport, console, work.key, script, work.attempt, collect, work.time_is_up)
    orders = await carry_out_orders(work, outcome.console)
    if (sentence := explain(outcome, what, work.place_name)) is not None:
        raise TaskError(sentence)
    if orders.refused:
        raise TaskError(" ".join(orders.refused), orders.refused)
    state = outcome.console
    return StepResult(
        outputs=state.outputs,
        artifacts=state.artifacts,
        has_warnings=state.has_warnings,
        joined=orders.joined,
        dropped=orders.dropped,
    )


RUN_SCRIPT = StepKind(
    type="Octopus.Script",
    name="Run a script",
    description="Runs a Bash, Python, PowerShell or C# script on targets, or once on a worker.",
    place="either",
    perform=perform_script,
    category="Script",
    needs_runner=True,
)
DEPLOY_PACKAGE = StepKind(
    type="Octopus.TentaclePackage",
    name="Deploy a package",
    description="Unpacks a package on targets, fills in variables, and runs its scripts.",
    place="target",
    perform=perform_package,
    category="Package",
    needs_runner=True,
)
