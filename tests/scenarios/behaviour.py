"""What a script of a scenario does: statements, apart by semicolons, played here or turned into bash.

say TEXT            a line of output            error TEXT          a line on the error stream
warn TEXT           a line that is a warning    highlight TEXT      a line that is a highlight
set NAME=VALUE      an output variable          secret NAME=VALUE   a sensitive one
print NAME          the value of a variable     hide TEXT           hidden from now on
fail TEXT           ends as failed, with this reason
exit NUMBER         ends with this code
wait                goes on until it is told to stop
unreachable         the machine does not answer (only played)
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from polpo.languages.substitution import VariableDictionary
from scenarios.scenario import Action

_ENDS = {"fail", "exit", "wait", "unreachable"}


@dataclass
class Played:
    """The output, by stream, and the exit code; None while it waits."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    exit_code: int | None = 0
    is_unreachable: bool = False


def statements(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        verb, _, rest = part.strip().partition(" ")
        if verb:
            yield verb, rest.strip()
        if verb in _ENDS:
            return


def of_place(action: Action, place: str, attempt: int) -> str:
    """What the action does on a place in the attempt of this number, from 1 on."""
    does = action.does
    here = does.get(place, does.get("*", "")) if isinstance(does, dict) else does
    if isinstance(here, str):
        return here
    return here[min(attempt, len(here)) - 1]


def message(name: str, /, **attributes: str) -> str:
    encoded = " ".join(f"{key}='{base64.b64encode(text.encode()).decode()}'" for key, text in attributes.items())
    return f"##octopus[{name}{' ' if encoded else ''}{encoded}]"


def play(text: str, values: Mapping[str, str]) -> Played:
    """As a script would, with these variables."""
    played = Played()

    def out(line: str) -> None:
        played.lines.append(("STDOUT", line))

    dictionary = VariableDictionary(values.items())
    for verb, rest in statements(text):
        key, _, value = rest.partition("=")
        match verb:
            case "say":
                out(rest)
            case "error":
                played.lines.append(("STDERR", rest))
            case "warn" | "highlight":
                level = "stdout-warning" if verb == "warn" else "stdout-highlight"
                played.lines += [("STDOUT", line) for line in (message(level), rest, message("stdout-default"))]
            case "set" | "secret":
                out(message("setVariable", name=key, value=value, sensitive=str(verb == "secret")))
            case "print":
                out(f"{rest}={dictionary.get(rest) or ''}")
            case "hide":
                out(message("mask", value=rest))
            case "fail":
                out(message("resultMessage", message=rest))
                played.exit_code = 1
            case "exit":
                played.exit_code = int(rest)
            case "wait":
                played.exit_code = None
            case "unreachable":
                played.is_unreachable = True
            case _:
                raise ValueError(f"Nothing is known about '{verb}' in '{text}'.")
    return played


_BASH = {
    "say": "echo {0}",
    "error": "echo {0} >&2",
    "warn": "write_warning {0}",
    "highlight": "write_highlight {0}",
    "set": "set_octopusvariable {1} {2}",
    "secret": "set_octopusvariable {1} {2} -sensitive",
    "print": 'echo {0}="$(get_octopusvariable {0})"',
    "hide": "echo \"##octopus[mask value='$(printf %s {0} | base64 -w0)']\"",
    "fail": "fail_step {0}",
    "exit": "exit {0}",
    "wait": "sleep 600",
}


def as_bash(action: Action, record: str) -> str:
    """A script that does the same on each place; the file `record` gets its beginning and its end."""
    does = action.does if isinstance(action.does, dict) else {"*": action.does}
    arms = []
    for place, behaviours in does.items():
        attempts = [behaviours] if isinstance(behaviours, str) else behaviours
        inner = [f"{number}) {_lines(text)} ;;" for number, text in enumerate(attempts[:-1], start=1)]
        inner.append(f"*) {_lines(attempts[-1])} ;;")
        arms.append(f"{'*' if place == '*' else place}) case $attempt in\n" + "\n".join(inner) + "\nesac ;;")
    others = [arm for arm in arms if arm.startswith("*)")]
    ordered = [arm for arm in arms if arm not in others] + others
    return (
        'place="$(get_octopusvariable Octopus.Machine.Name)"\nplace="${place:-server}"\n'
        f'mark={shlex.quote(action.name)}"@$place"\necho "begun $mark" >> {shlex.quote(record)}\n'
        f"trap 'echo \"ended $mark\" >> {shlex.quote(record)}' EXIT\n"
        f'attempt=$(grep -cxF -- "begun $mark" {shlex.quote(record)})\n'
        'case "$place" in\n' + "\n".join(ordered) + "\nesac\n"
    )


def _lines(text: str) -> str:
    lines = [":"]
    for verb, rest in statements(text):
        key, _, value = rest.partition("=")
        lines.append(_BASH[verb].format(*map(shlex.quote, (rest, key, value))))
    return "\n".join(lines)
