"""Which packages a release needs, and which versions of them its maker chose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from polpo.features.processes.resource import DeploymentAction, DeploymentStep, PackageReference, Process
from polpo.features.releases.resource import SelectedPackage
from polpo.kernel.errors import Invalid

#: Action and package reference, both without case; the reference of a primary package is empty.
PackageKey = tuple[str, str]

ANY_STEP = "*"
_DELIMITERS = frozenset(":/=")


@dataclass(frozen=True)
class NeededPackage:
    """A package that a step of the process uses."""

    step: DeploymentStep
    action: DeploymentAction
    package: PackageReference

    @property
    def reference(self) -> str:
        return self.package.name or ""

    @property
    def key(self) -> PackageKey:
        return self.action.name.casefold(), self.reference.casefold()

    @property
    def title(self) -> str:
        """How sentences call it."""
        step = f"Step '{self.step.name}'"
        if self.action.name.casefold() != self.step.name.casefold():
            step += f", action '{self.action.name}'"
        return f"{step} (package '{self.reference}')" if self.reference else step

    @property
    def is_resolvable(self) -> bool:
        """Whether feed and package are known before the deployment, so that a version can be looked up."""
        ids = (self.package.package_id, self.package.feed_id)
        return all(ids) and not any("#{" in identity for identity in ids)

    @property
    def names(self) -> set[str]:
        """What a choice may call it by."""
        return {name.casefold() for name in (self.step.name, self.action.name, self.package.package_id)}


@dataclass(frozen=True)
class VersionChoice:
    """`name` is a step, an action, a package or `*`. Without a reference it means every package of the step."""

    name: str
    reference: str | None
    version: str

    @property
    def rank(self) -> int:
        """The more it says, the more it counts; the step says more than the reference."""
        return 2 * (self.name != ANY_STEP) + (self.reference is not None)

    def means(self, needed: NeededPackage) -> bool:
        if self.reference is not None and self.reference.casefold() != needed.reference.casefold():
            return False
        if self.name == ANY_STEP:
            return True
        name = self.name.casefold()
        return name in needed.names


def needed_packages(process: Process, channel_id: str) -> list[NeededPackage]:
    """The packages of every enabled action that runs in the channel, in the order of the process."""
    return list(_needed(process, channel_id))


def _needed(process: Process, channel_id: str) -> Iterator[NeededPackage]:
    for step in process.steps:
        for action in step.actions:
            if action.is_disabled or (action.channels and channel_id not in action.channels):
                continue
            for package in action.packages:
                yield NeededPackage(step, action, package)


def parse_choice(text: str) -> VersionChoice:
    """`Step:1.0`, `Package:1.0`, `Step:Reference:1.0`, `*:1.0` and `*:Reference:1.0`.

    Instead of `:` also `/` and `=` may be written; a backslash takes the meaning from one of them and from itself.
    """
    parts = _split(text)
    if len(parts) == 2:
        parts.insert(1, "")
    name, reference, version = parts if len(parts) == 3 else ("", "", "")
    if not version or not (name or reference):
        raise Invalid(
            f"The package version '{text}' cannot be read; write Step:Version, Package:Version,"
            " Step:PackageReference:Version or *:Version."
        )
    return VersionChoice(name or ANY_STEP, reference or None, version)


def _split(text: str) -> list[str]:
    parts = [""]
    characters = iter(text)
    for character in characters:
        if character == "\\":
            following = next(characters, "")
            parts[-1] += following if following in _DELIMITERS | {"\\"} else character + following
        elif character in _DELIMITERS:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def choose(
    needed: Sequence[NeededPackage], choices: Iterable[VersionChoice], everywhere: str | None
) -> dict[PackageKey, str]:
    """The version chosen for each package; packages that no choice means are left out.

    What names more wins over what names less, the later over the earlier, and anything over `everywhere`.
    """
    versions = {one.key: everywhere for one in needed} if everywhere else {}
    for choice in sorted(choices, key=lambda choice: choice.rank):
        meant = [one for one in needed if choice.means(one)]
        if not meant and choice.name != ANY_STEP:
            raise Invalid(_nothing_called(choice, needed))
        versions.update({one.key: choice.version for one in meant})
    return versions


def _nothing_called(choice: VersionChoice, needed: Sequence[NeededPackage]) -> str:
    what = f"the package reference '{choice.reference}' of '{choice.name}'" if choice.reference else f"'{choice.name}'"
    known = ", ".join(dict.fromkeys(f"'{one.action.name}'" for one in needed)) or "none"
    return (
        f"A version is given for {what}, but no step with packages, and no package, is called '{choice.name}'"
        f"{' and has that reference' if choice.reference else ''}; steps with packages: {known}."
    )


def selected(needed: Sequence[NeededPackage], rows: Iterable[SelectedPackage]) -> dict[PackageKey, str]:
    """The versions of a list that names actions (or steps, as older clients do) and package references."""
    by_key = {one.key: one for one in needed}
    by_step = {(one.step.name.casefold(), one.reference.casefold()): one for one in needed}
    versions: dict[PackageKey, str] = {}
    for row in rows:
        name = row.action_name or row.step_name or ""
        key = (name.casefold(), (row.package_reference_name or "").casefold())
        found = by_key.get(key) or by_step.get(key)
        if found is None:
            raise Invalid(_no_such_package(name, row.package_reference_name or "", needed))
        if row.version.strip():
            versions[found.key] = row.version.strip()
    return versions


def _no_such_package(name: str, reference: str, needed: Sequence[NeededPackage]) -> str:
    what = f"a package '{reference}' in the step '{name}'" if reference else f"a package in the step '{name}'"
    known = ", ".join(one.title for one in needed) or "none"
    return f"SelectedPackages names {what}, which the process does not have; packages are needed by: {known}."


def selection(needed: Iterable[NeededPackage], versions: Mapping[PackageKey, str]) -> list[SelectedPackage]:
    """How a release keeps its choice."""
    return [
        SelectedPackage(
            action_name=one.action.name,
            package_reference_name=one.reference,
            step_name=one.step.name,
            version=versions[one.key],
        )
        for one in needed
    ]
