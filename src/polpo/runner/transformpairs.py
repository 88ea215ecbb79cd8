"""Which transform is meant for which configuration file: what the lines of a step say, looked up among the files."""

from __future__ import annotations

import os
import re
from typing import Iterator, List, NamedTuple, Optional

from polpo.runner.errors import RunnerError

_DEFAULT = ".config"


class Line(NamedTuple):
    """`transform => target`, or only a suffix such as `Release`, for which `target` is None.

    A side whose file name began with `*.` is `any_…`, and kept without it: what stands for the star is the same text on
    both sides, or anything where only one has it.
    """

    text: str
    transform: str
    target: Optional[str]
    any_transform: bool = False
    any_target: bool = False


def read_line(text: str) -> Line:
    """Either slash separates folders. Raises `RunnerError` for half a line."""
    if "=>" not in text:
        return Line(text, text, None)
    sides = [side.strip().replace("\\", os.sep) for side in text.split("=>") if side]
    if len(sides) < 2 or not all(sides[:2]):
        raise RunnerError(
            f'The configuration transform "{text}" lacks a side: write "Web.Release.config => Web.config", or '
            f'only "Release".'
        )
    transform, target = sides[:2]
    stars = [os.path.basename(side).startswith("*.") for side in (transform, target)]
    return Line(
        text, _without_star(transform, stars[0]), _without_star(target, stars[1]), any_transform=stars[0],
        any_target=stars[1],
    )  # fmt: skip


def _without_star(side: str, starred: bool) -> str:
    """`*.Release.config` is kept as `Release.config`, but `*.config` as `.config`."""
    if not starred:
        return side
    folder, name = os.path.split(side)
    return os.path.join(folder, name[2:] if "." in name[2:] else name[1:])


def extensions_of(lines: List[Line]) -> List[str]:
    """Endings of the files that lines with a target can be about."""
    return list(
        dict.fromkeys(os.path.splitext("x" + os.path.basename(line.target))[1] for line in lines if line.target)
    )


def transforms_for(target: str, line: Line, root: str) -> Iterator[str]:
    """Whole paths of the transforms that the line has for a file, in order; `root` is the folder of the package."""
    if line.any_transform and line.target and not _ends(target, os.path.basename(line.target)):
        return
    if line.target is None and os.sep in line.transform:
        return
    folder, name = os.path.split(os.path.normpath(_transform_path(target, line)))
    fits = [_pattern(name if name.endswith(_DEFAULT) else name + _DEFAULT), _pattern(name)]
    for found in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        path = os.path.join(folder, found)
        if not any(pattern.fullmatch(os.path.normcase(found)) for pattern in fits) or not os.path.isfile(path):
            continue
        if path != target and (line.target is None or _is_meant(target, path, line, root)):
            yield path


def _transform_path(target: str, line: Line) -> str:
    """Where the transform would be; its name may hold a star."""
    if line.target is None:
        return f"{os.path.splitext(target)[0]}.{line.transform.lstrip('.')}"
    folder = _base_folder(target, line.target)
    if not line.any_transform:
        return os.path.join(folder, line.transform)
    below, name = os.path.split(line.transform)
    star = "*"
    if line.any_target:
        own = os.path.basename(target)
        ending = os.path.basename(line.target).lstrip(".")
        star = own[: -len(ending)].rstrip(".") if _ends(own, ending) else os.path.splitext(own)[0]
    return os.path.join(folder, below, f"{star}.{name.lstrip('.')}")


def _base_folder(target: str, wanted: str) -> str:
    """Relative sides of a line begin at the same folder: above the target's own where its side names folders."""
    folder, named = os.path.dirname(target), os.path.dirname(wanted)
    if named and not os.path.isabs(named) and _ends(folder, os.sep + named):
        return folder[: -len(named)]
    return folder


def _is_meant(target: str, transform: str, line: Line, root: str) -> bool:
    wanted, seen = line.target or "", _seen_from(target, transform, line.target or "", root)
    if not line.any_target:
        return wanted.lower() == seen.lower()
    folder, name = os.path.split(wanted)
    return _ends(seen, "." + name.lstrip(".")) and (
        not folder or _ends(os.sep + os.path.dirname(seen), os.sep + folder)
    )


def _seen_from(target: str, transform: str, wanted: str, root: str) -> str:
    """The target as its side of the line would name it."""
    if wanted.startswith(f".{os.sep}"):
        return f".{os.sep}{os.path.relpath(target, root)}"
    if os.path.isabs(wanted):
        return target
    if os.sep in wanted:
        return os.path.relpath(target, os.path.dirname(transform)).lstrip(f".{os.sep}")
    return os.path.basename(target)


def _ends(text: str, ending: str) -> bool:
    return text.lower().endswith(ending.lower())


def _pattern(name: str) -> re.Pattern[str]:
    """`*` is any run, all else itself: names of environments hold brackets."""
    return re.compile(".*".join(re.escape(part) for part in os.path.normcase(name).split("*")), re.DOTALL)
