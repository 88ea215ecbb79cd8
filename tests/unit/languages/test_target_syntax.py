import ast
import sys
from pathlib import Path

import pytest

import polpo.languages.substitution
from polpo.kernel import errors

LANGUAGES = Path(polpo.languages.substitution.__file__).parents[1]
ON_TARGETS = [
    Path(errors.__file__),
    *sorted(LANGUAGES.glob("substitution/**/*.py")),
    *sorted(LANGUAGES.glob("versions/**/*.py")),
    *sorted(LANGUAGES.glob("structured/**/*.py")),
    *LANGUAGES.glob("dotnet_regex*.py"),
    LANGUAGES / "globbing.py",
]
ALLOWED = {*sys.stdlib_module_names, "polpo", "markdown_it"}


@pytest.mark.parametrize("path", ON_TARGETS, ids=lambda path: path.name)
def test_what_runs_on_targets_is_python_38_and_the_standard_library(path):
    tree = ast.parse(path.read_text(), feature_version=(3, 8))

    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= ALLOWED
    new_names = {"removeprefix", "removesuffix", "UTC", "StrEnum", "pairwise"}
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    used |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert not used & new_names
