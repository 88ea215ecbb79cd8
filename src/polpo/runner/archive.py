"""Packing the runner: one zip application with nothing in it but our own sources, the same bytes on every machine.

It is stored, not compressed: compressors differ between machines, and an application starts faster without.
"""

from __future__ import annotations

import ast
import hashlib
import io
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MAIN = "polpo.runner.main"
#: What the runner reads at run time besides modules.
_RESOURCES = tuple(("polpo.runner.scripts", f"functions.{extension}") for extension in ("sh", "ps1", "csx"))
_READ_AS_TEXT = ("polpo.runner.scripts.functions",)


class RunnerArchive(NamedTuple):
    """The application's bytes, and their SHA-256 in lower-case hex: a target keeps one copy of each."""

    content: bytes
    digest: str


@cache
def build() -> RunnerArchive:
    """Pack the runner's modules and all that they import of ours, found by reading their import statements."""
    packed: dict[str, bytes] = {}
    for module in (_MAIN, *_READ_AS_TEXT):
        _add(packed, module)
    for package, name in _RESOURCES:
        packed[f"{package.replace('.', '/')}/{name}"] = _read(package, name)
    packed["__main__.py"] = _read("polpo.runner", "start.py").replace(b"{sources}", _digest(_zip(packed))[:16].encode())
    content = _zip(packed)
    return RunnerArchive(content, _digest(content))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _add(packed: dict[str, bytes], module: str) -> None:
    package, _, name = module.rpartition(".")
    if package:
        _add(packed, package)
    folder = module.replace(".", "/")
    found = files(package).joinpath(name) if package else files(module)
    is_package = found.is_dir()
    path = f"{folder}/__init__.py" if is_package else f"{folder}.py"
    if path in packed:
        return
    source = _read(module, "__init__.py") if is_package else _read(package, f"{name}.py")
    packed[path] = source
    for imported in _imports(ast.parse(source), module):
        _add(packed, imported)


def _read(package: str, name: str) -> bytes:
    return files(package).joinpath(name).read_bytes().replace(b"\r\n", b"\n")


def _imports(tree: ast.Module, module: str) -> Iterator[str]:
    """Our modules that this one imports anywhere in its code; `from package import name` may mean a module too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if _is_ours(alias.name))
        elif isinstance(node, ast.ImportFrom) and node.module and _is_ours(node.module):
            if node.level:
                raise ValueError(f"{module} has a relative import, which the runner's archive does not follow.")
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if _is_module(node.module, alias.name))


def _is_ours(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] == "polpo"


def _is_module(package: str, name: str) -> bool:
    folder = files(package.rpartition(".")[0] or package)
    inside = folder.joinpath(package.rpartition(".")[2]) if "." in package else folder
    return inside.joinpath(f"{name}.py").is_file() or inside.joinpath(name, "__init__.py").is_file()


def _zip(packed: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(packed):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, packed[name])
    return buffer.getvalue()
