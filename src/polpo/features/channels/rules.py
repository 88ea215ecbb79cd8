"""Version rules of a channel: which versions of which packages may go into its releases.

A package must satisfy every rule that names it; one that no rule names may have any version.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from polpo.features.channels.resource import ChannelVersionRule
from polpo.kernel.errors import AppError, Invalid
from polpo.languages.versions.formats import VersionFormat, format_of_feed, parse_version, try_parse_version
from polpo.languages.versions.ranges import InvalidRange
from polpo.languages.versions.rules import VersionRule
from polpo.languages.versions.version import Version


@dataclass(frozen=True)
class Candidate:
    """A version of a package, and where in the process it would be used. `feed_type` decides how it is read."""

    action: str
    reference: str
    version: str
    feed_type: str = "BuiltIn"


class ChannelRules:
    """The rules of one channel, read once for many versions."""

    def __init__(self, rules: Iterable[ChannelVersionRule], prerelease: str | None = None) -> None:
        """`prerelease` is one more expression, on the tags of all packages."""
        self._rules = list(rules)
        self._prerelease = prerelease or ""
        self._read: dict[tuple[str, str, VersionFormat], VersionRule] = {}

    def concern(self, action: str, reference: str) -> bool:
        """Whether any rule names the package."""
        return any(True for _ in self._naming(action, reference))

    def accepts(self, candidate: Candidate) -> bool:
        return self.refusal(candidate) is None

    def refusal(self, candidate: Candidate) -> str | None:
        """What stands against the version, as the end of a sentence; None when nothing does."""
        version_format = format_of_feed(candidate.feed_type)
        version = _read_version(candidate.version, version_format)
        if version is None:
            return f"'{candidate.version}' is not a version"
        if not self._rule("", self._prerelease, version_format).accepts(version):
            return f"its pre-release tag does not match '{self._prerelease}'"
        for rule in self._naming(candidate.action, candidate.reference):
            tag = _tag_of(rule)
            read = self._rule(rule.version_range, tag, version_format)
            if not read.in_range(version):
                return f"it is not in the range {rule.version_range}"
            if not read.fits_tag(version):
                return f"its pre-release tag does not match '{tag}'"
        return None

    def _naming(self, action: str, reference: str) -> Iterable[ChannelVersionRule]:
        wanted = (action.casefold(), reference.casefold())
        for rule in self._rules:
            named = {
                (one.deployment_action.casefold(), (one.package_reference or "").casefold())
                for one in rule.action_packages
            }
            if wanted in named:
                yield rule

    def _rule(self, version_range: str, tag: str, version_format: VersionFormat) -> VersionRule:
        key = (version_range, tag, version_format)
        if key not in self._read:
            self._read[key] = VersionRule(version_range, tag, version_format)
        return self._read[key]


def rule_faults(rules: Iterable[ChannelVersionRule]) -> list[str]:
    """What is wrong with rules that are to be saved, one sentence each."""
    faults = []
    for number, rule in enumerate(rules, start=1):
        try:
            _check_range(rule.version_range)
            VersionRule("", _tag_of(rule))
        except AppError as error:
            faults.append(f"Rule {number}: {error.message}")
        if not rule.action_packages:
            faults.append(f"Rule {number} names no package; choose the steps whose packages it is for.")
    return faults


def _check_range(text: str) -> None:
    """Feeds of Maven packages have a notation of their own, and a channel does not know its feeds."""
    try:
        VersionRule(text)
    except InvalidRange:
        VersionRule(text, version_format=VersionFormat.MAVEN)


@dataclass(frozen=True)
class RuleTest:
    """How a version does against one rule; `errors` are what could not be read."""

    satisfies_version_range: bool
    satisfies_pre_release_tag: bool
    errors: list[str]


def try_rule(version: str, version_range: str, tag: str, feed_type: str) -> RuleTest:
    version_format = format_of_feed(feed_type)
    errors: list[str] = []
    try:
        read = _read_version(version, version_format) or parse_version(version, version_format)
    except Invalid as error:
        return RuleTest(False, False, [error.message])
    outcomes = []
    for rule in ((version_range, ""), ("", tag)):
        try:
            outcomes.append(VersionRule(*rule, version_format).accepts(read))
        except Invalid as error:
            outcomes.append(False)
            errors.append(error.message)
    return RuleTest(outcomes[0], outcomes[1], errors)


def _read_version(text: str, version_format: VersionFormat) -> Version | None:
    """Versions that are not semantic but that packages have all the same, such as 1.0_2, are read as Octopus does."""
    return try_parse_version(text, version_format) or try_parse_version(text, VersionFormat.OCTOPUS)


def _tag_of(rule: ChannelVersionRule) -> str:
    return rule.tag or rule.version_tag_regex or ""
