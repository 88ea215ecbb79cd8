"""How fast the languages are: `python bench/languages.py`. Compare figures of one run only.

Jinja2 renders an equal template in the same run where it is installed (`pip install jinja2`).
"""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Iterable
from functools import partial

from polpo.languages.ocl import OclSyntaxError, parse, write
from polpo.languages.scoping import Candidate, Context, VariableIndex
from polpo.languages.structured.replace import replace_in_format
from polpo.languages.structured.results import Messages, NotReadable
from polpo.languages.substitution import SubstitutionFailed, VariableDictionary

SIZE = 1_000_000
TOKENS = 2_000
VARIABLES = 5_000
HOSTILE = 100_000


def seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """The median of some rounds."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def told(what: str, taken: float, more: str = "") -> None:
    print(f"{what:58} {taken * 1000:10.2f} ms {more}")


def template(opening: str, closing: str) -> str:
    filler = "lorem ipsum dolor sit amet " * 40
    piece = SIZE // TOKENS
    parts = [f"{filler[: piece - 20]}{opening}name{(number * 7) % VARIABLES:04d}{closing}" for number in range(TOKENS)]
    return "".join(parts)


def substitution() -> None:
    variables = VariableDictionary((f"name{number:04d}", f"value {number}") for number in range(VARIABLES))
    text = template("#{", "}")
    told("substitution: read and evaluate 1 MB, 2000 tokens", seconds(lambda: variables.evaluate(text), 1))
    again = seconds(lambda: variables.evaluate(text))
    told("substitution: evaluate it again", again, f"{len(text) / 1e6 / again:8.1f} MB/s")
    four = text * 4
    variables.evaluate(four)
    linear = f"of {again * 4000:.2f} if linear"
    told("substitution: four times the text", seconds(lambda: variables.evaluate(four)), linear)
    try:
        import jinja2
    except ImportError:
        print("(Jinja2 is not installed, so there is nothing to compare with)")
        return
    names = {f"name{number:04d}": f"value {number}" for number in range(VARIABLES)}
    compiled = jinja2.Template(template("{{", "}}"))
    other = seconds(lambda: compiled.render(names))
    told("Jinja2: render an equal template", other, f"{other / again:8.2f} times ours")


def resolution() -> None:
    dimensions = ("environment", "role", "tenant", "machine", "channel")
    rows = [
        Candidate(
            f"Variable{number // 5}",
            str(number),
            {} if number % 5 == 0 else {dimensions[number % 5]: [f"x{number % 6}", f"x{number % 7}"]},
            id=str(number),
        )
        for number in range(VARIABLES)
    ]
    context = Context(environment="x1", roles=frozenset({"x2", "x3"}), tenant="x4", machine="x1", channel="x2")
    told("scoping: index 5000 rows", seconds(lambda: VariableIndex(rows)))
    told("scoping: index and resolve for one context", seconds(lambda: VariableIndex(rows).winners(context)))
    index = VariableIndex(rows)
    told("scoping: resolve for one more target", seconds(lambda: index.winners(context)))


def ocl() -> None:
    script = 'A.B = <<-EOT\n                x\n                EOT\n            C = "d"'
    properties = f"        properties = {{\n            {script}\n        }}\n"
    text = "\n\n".join(
        f'step "s{number}" {{\n    name = "S"\n\n    action {{\n{properties}    }}\n}}' for number in range(400)
    )
    document = parse(text)
    lines = text.count("\n")
    told(f"OCL: read {lines} lines", seconds(lambda: parse(text)))
    told(f"OCL: write {lines} lines", seconds(lambda: write(document)))


def hostile() -> None:
    """Inputs of 100 kB that readers of their kind are known to choke on."""
    variables = VariableDictionary([("a", "1"), ("L", "x,y")])
    tokens = (
        "#{",
        "#{if a}",
        "#{a[",
        '#{a|F \\"',
        "#{each x in L}",
        "#{calc (",
        "##{",
        "#{if a}x#{else}",
        "((",
        "#{a.b|",
    )
    _slowest("substitution", tokens, variables.evaluate_with_errors, SubstitutionFailed)
    _slowest("OCL", ("a{\n", "a=[", "a={b =", "<<-E\n", '"', "a=<<E\n"), parse, OclSyntaxError)
    configuration = {
        "Json": ("[", '{"a":', "'", "/*", "1"),
        "Yaml": ("[", "{", "- ", "? ", "&a ", '"', "|\n", "a:\n ", "- - "),
        "Xml": ("<a>", "<!--", "&", "<a b='", "<![CDATA["),
        "Properties": ("\\\n ", "\\", " ", "a\\\n"),
    }
    for name, pieces in configuration.items():
        _slowest(name, pieces, partial(_replace, name, variables), NotReadable)

    elements = f"<r>{'<b/>' * (HOSTILE // 4)}</r>"
    paths = ("//*[//b]", "//*[following::b]", "//b[/r/b = 1]", "//*[.//*[.//*]]", "//b[//b = //b]", "//b except //*")
    _slowest("XPath", paths, lambda path: _select(path, elements), NotReadable, repeated=False)
    lines = (
        "a: 1 # b\n",
        "# a\n",
        "- a\n",
        "- a: 1\n  b: 2\n",
        "? a\n",
        "a: |\n  b\n",
        "a: [1, 2]\n",
        "---\na\n",
        "&a b: c\n",
    )
    _slowest("Yaml, written anew", lines, partial(_replace, "Yaml", variables), NotReadable)


def _select(path: str, text: str) -> None:
    replace_in_format("Xml", text.encode(), VariableDictionary([(path, "1")]), Messages())


def _replace(name: str, variables: VariableDictionary, text: str) -> None:
    replace_in_format(name, text.encode(), variables, Messages())


def _slowest(
    name: str,
    pieces: Iterable[str],
    read: Callable[[str], object],
    refused: type[Exception],
    *,
    repeated: bool = True,
) -> None:
    worst = (0.0, "")
    for piece in pieces:
        text = piece * (HOSTILE // len(piece)) if repeated else piece
        start = time.perf_counter()
        with contextlib.suppress(refused):
            read(text)
        worst = max(worst, (time.perf_counter() - start, piece))
    told(f"hostile {name}: the slowest is {worst[1]!r}", worst[0])


if __name__ == "__main__":
    substitution()
    resolution()
    ocl()
    hostile()
