"""Which configuration transforms run, and on which files."""

from __future__ import annotations

import posixpath
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence, Set, Tuple

_ARROW = "=>"


class Pair(NamedTuple):
    """Both as paths relative to the folder of the package; the transform may be absolute."""

    transform: str
    target: str


class Pairs(NamedTuple):
    """In the order in which they run. `overlapping` are repeats of earlier ones, which are left out and only told."""

    pairs: List[Pair]
    overlapping: List[Pair]


class Rule(NamedTuple):
    """`transform => target`; without a target, the transform is a suffix such as `Release`."""

    transform: str
    target: Optional[str] = None


def read_rules(lines: Sequence[str]) -> List[Rule]:
    """The additional transforms of a step, one a line (or between commas)."""
    rules: List[Rule] = []
    for line in lines:
        transform, arrow, target = (part.strip().replace("\\", "/") for part in line.partition(_ARROW))
        if transform and (target or not arrow):
            rules.append(Rule(transform, target or None))
    return rules


def find_pairs(
    files: Sequence[str], rules: Sequence[Rule], suffixes: Sequence[str] = (), *, case_sensitive: bool = True
) -> Pairs:
    """Among the files of a package (relative paths): first the pairs of the rules, then those of the suffixes.

    Suffixes are `Release`, the environment and the tenant, in this order; they hold for every `*.config`.
    """
    found = _Files(files, case_sensitive=case_sensitive)
    pairs: List[Pair] = []
    overlapping: List[Pair] = []
    seen: Set[Tuple[str, str]] = set()
    for rule in [*rules, *(Rule(suffix) for suffix in suffixes if suffix)]:
        for pair in found.matching(rule):
            key = (found.key(pair.transform), found.key(pair.target))
            (overlapping if key in seen else pairs).append(pair)
            seen.add(key)
    return Pairs(pairs, overlapping)


class _Files:
    def __init__(self, files: Sequence[str], *, case_sensitive: bool) -> None:
        self._case_sensitive = case_sensitive
        self._files = sorted(posixpath.normpath(path.replace("\\", "/")) for path in files)
        self._known: Dict[str, str] = {self.key(path): path for path in self._files}

    def key(self, path: str) -> str:
        return path if self._case_sensitive else path.lower()

    def matching(self, rule: Rule) -> Iterator[Pair]:
        if rule.target is None:
            yield from self._by_suffix(rule.transform)
            return
        for target in self._targets(rule.target):
            star = self._star(rule.target, posixpath.basename(target))
            transform = self._existing(self._filled(rule.transform, star), target)
            if transform is not None and self.key(transform) != self.key(target):
                yield Pair(transform, target)

    def _by_suffix(self, suffix: str) -> Iterator[Pair]:
        for target in self._files:
            root, extension = posixpath.splitext(target)
            transform = self._known.get(self.key(f"{root}.{suffix}{extension}"))
            if self.key(extension) == ".config" and transform is not None and transform != target:
                yield Pair(transform, target)

    def _targets(self, pattern: str) -> Iterator[str]:
        """Files by relative path, by name alone in any folder, or by `*.` in the name; never absolute ones."""
        folder, name = posixpath.split(pattern)
        if posixpath.isabs(pattern):
            return
        for path in self._files:
            own_folder, own_name = posixpath.split(path)
            in_folder = not folder or self.key(posixpath.normpath(folder)) == self.key(own_folder or ".")
            if in_folder and (self._star(name, own_name) is not None or self.key(name) == self.key(own_name)):
                yield path

    def _star(self, pattern: str, name: str) -> Optional[str]:
        """The text that a leading `*` of the pattern stands for in the name."""
        own = posixpath.basename(pattern)
        if not own.startswith("*.") or not self.key(name).endswith(self.key(own[1:])):
            return None
        return name[: len(name) - len(own) + 1] or None

    @staticmethod
    def _filled(transform: str, star: Optional[str]) -> str:
        folder, name = posixpath.split(transform)
        if not name.startswith("*.") or star is None:
            return transform
        return posixpath.join(folder, star + name[1:])

    def _existing(self, transform: str, target: str) -> Optional[str]:
        """Beside the target, from the folder of the package, or anywhere if absolute."""
        if posixpath.isabs(transform) or transform[1:2] == ":":
            return transform
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(target), transform))
        return self._known.get(self.key(beside)) or self._known.get(self.key(posixpath.normpath(transform)))
