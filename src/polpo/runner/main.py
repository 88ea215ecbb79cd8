"""The runner's command line, and how everything that can go wrong is told.

    run-script      --variables FILE [--package FILE | --source FILE] [--cluster needed]
    deploy-package  --variables FILE --package FILE
    find-packages   --question FILE
    apply-delta     --base FILE --delta FILE --target FILE --hash HEX --size BYTES
    clean           --question FILE
    run-bundle      --folder FOLDER --manifest FILE [--password-file FILE]
    cluster-token   --question FILE
    check-target    --variables FILE --style STYLE [--only connection]

Exit codes: `run-script` ends with the script's own. Otherwise 0 is success, 1 a failure told in one sentence, 2 a wrong
command line, 100 a fault of the runner itself, and 143 the end on request.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from types import FrameType
from typing import TYPE_CHECKING, Callable, Dict, List, NamedTuple, Optional, Sequence

from polpo.kernel.errors import AppError
from polpo.runner.errors import RunnerError, ScriptFailed, Terminated, UsageError
from polpo.runner.output import Output

if TYPE_CHECKING:
    from polpo.runner.step import Step

_FAULT = 100


class _Verb(NamedTuple):
    run: Callable[[Output, Dict[str, str]], int]
    required: Sequence[str]
    optional: Sequence[str]


def main(arguments: Sequence[str]) -> int:
    output = Output()
    signal.signal(signal.SIGTERM, _terminate)
    try:
        verb, options = _read(arguments)
        return verb.run(output, options)
    except Terminated:
        output.error("The step was cancelled.")
        return Terminated.exit_code
    except AppError as error:
        return _fail(output, error)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        return _fail(output, RunnerError(f"The step cannot go on: {error.strerror or error}{where}."))
    except Exception as error:  # noqa: BLE001 - the last line of defence: whatever it is, the log says it
        return _fault(output, error)


def _read(arguments: Sequence[str]) -> tuple[_Verb, Dict[str, str]]:
    verb = _VERBS.get(arguments[0]) if arguments else None
    if verb is None:
        raise UsageError(f"Say what to do: {', '.join(_VERBS)}.")
    options: Dict[str, str] = {}
    rest: List[str] = list(arguments[1:])
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name[:2] != "--" or name[2:] not in (*verb.required, *verb.optional):
            raise UsageError(f"{arguments[0]} has no option {name}.")
        if not equals:
            if not rest:
                raise UsageError(f"The option {name} of {arguments[0]} needs a value.")
            value = rest.pop(0)
        options[name[2:]] = value
    missing = [name for name in verb.required if not options.get(name)]
    if missing:
        raise UsageError(f"{arguments[0]} needs {', '.join('--' + name for name in missing)}.")
    return verb, options


def _run_script(output: Output, options: Dict[str, str]) -> int:
    from polpo.runner.clusters.context import cluster_context
    from polpo.runner.runscript import run_step_script

    step = _step(output, options)
    with cluster_context(step, needed="cluster" in options, program=_program()):
        return run_step_script(step, options.get("package"), options.get("source"))


def _deploy_package(output: Output, options: Dict[str, str]) -> int:
    from polpo.runner.clusters.context import cluster_context
    from polpo.runner.deploypackage import deploy_package

    step = _step(output, options)
    with cluster_context(step, needed=False, program=_program()):
        deploy_package(step, options["package"])
    return 0


def _find_packages(output: Output, options: Dict[str, str]) -> int:
    import json

    from polpo.runner.findpackages import find_packages

    with open(options["question"], encoding="utf-8") as source:
        question = json.load(source)
    find_packages(output, _home(), question, time.time())
    return 0


def _apply_delta(output: Output, options: Dict[str, str]) -> int:
    from polpo.runner.applydelta import apply_delta

    if not options["size"].isdigit():
        raise UsageError(f'The option --size of apply-delta is a number of bytes, not "{options["size"]}".')
    base, delta, target = (os.path.join(_home(), options[name]) for name in ("base", "delta", "target"))
    apply_delta(output, base, delta, target, options["hash"], int(options["size"]))
    return 0


def _clean(output: Output, options: Dict[str, str]) -> int:
    from polpo.runner.cleaning import clean

    clean(output, os.environ, options["question"], time.time)
    return 0


def _run_bundle(output: Output, options: Dict[str, str]) -> int:
    from polpo.runner.bundles.starting import run_bundle

    return run_bundle(output, options)


def _cluster_token(output: Output, options: Dict[str, str]) -> int:
    """kubectl reads the answer on standard output, and shows a person what is on the error stream."""
    from polpo.runner.clusters.kubectl import SIGNIN_MARK
    from polpo.runner.clusters.signin import give_token

    try:
        give_token(output, options["question"], os.environ, time.time())
    except AppError as error:
        output.error(f"{SIGNIN_MARK}{error.message}")
        return RunnerError.exit_code
    return 0


def _check_target(output: Output, options: Dict[str, str]) -> int:
    from polpo.runner.clusters.check import check_target

    step = _step(output, options)
    check_target(step, os.environ, _program(), options["style"], connection_only="only" in options)
    return 0


def _program() -> str:
    """The file of the runner itself."""
    return os.path.abspath(sys.argv[0])


def _home() -> str:
    return os.environ.get("TentacleHome", "")  # noqa: SIM112 - the agent names it so


def _step(output: Output, options: Dict[str, str]) -> Step:
    from polpo.runner.printing import print_variables
    from polpo.runner.step import Step
    from polpo.runner.variables import load

    step = Step(load(options["variables"], os.environ, _key), output, os.getcwd(), time.time)
    print_variables(step)
    return step


def _key() -> str:
    return sys.stdin.readline().strip()


_VERBS = {
    "run-script": _Verb(_run_script, ("variables",), ("package", "source", "cluster")),
    "deploy-package": _Verb(_deploy_package, ("variables", "package"), ()),
    "find-packages": _Verb(_find_packages, ("question",), ()),
    "apply-delta": _Verb(_apply_delta, ("base", "delta", "target", "hash", "size"), ()),
    "clean": _Verb(_clean, ("question",), ()),
    "run-bundle": _Verb(_run_bundle, ("folder", "manifest"), ("password-file",)),
    "cluster-token": _Verb(_cluster_token, ("question",), ()),
    "check-target": _Verb(_check_target, ("variables", "style"), ("only",)),
}


def _fail(output: Output, error: AppError) -> int:
    """One sentence to the log, and as the step's failure unless a script has given its own."""
    if not (isinstance(error, ScriptFailed) and error.told):
        output.message("resultMessage", {"message": error.message})
    output.error(error.message)
    return error.exit_code if isinstance(error, RunnerError) else RunnerError.exit_code


def _fault(output: Output, error: Exception) -> int:
    import traceback

    output.verbose("".join(traceback.format_exception(type(error), error, error.__traceback__)))
    message = f"The runner has a fault: {type(error).__name__}: {error}. Please report it with the verbose log."
    output.message("resultMessage", {"message": message})
    output.error(message)
    return _FAULT


def _terminate(_signal: int, _frame: Optional[FrameType]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Terminated
