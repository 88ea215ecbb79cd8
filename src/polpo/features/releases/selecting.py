"""A version for each package of a release: the chosen one, the one fixed in the step, or the latest that fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from polpo.features.channels.resource import Channel, ChannelVersionRule
from polpo.features.channels.rules import Candidate, ChannelRules
from polpo.features.feeds.resource import Feed
from polpo.features.feeds.service import find_feed
from polpo.features.packages.service import has_package, latest_version
from polpo.features.releases.asfeed import latest_release, release_as_package
from polpo.features.releases.packages import NeededPackage, PackageKey
from polpo.kernel.errors import AppError, Invalid, NotFound
from polpo.store.session import Session


class PackageSelection:
    """Settles versions under the rules of a channel. `prerelease`, an expression, bounds only what is looked up."""

    def __init__(
        self, session: Session, channel: Channel, *, ignore_rules: bool = False, prerelease: str | None = None
    ) -> None:
        rules: Iterable[ChannelVersionRule] = () if ignore_rules else channel.rules
        self._session = session
        self._channel = channel
        self._prerelease = prerelease
        self._rules = ChannelRules(rules)
        self._rules_for_latest = ChannelRules(rules, prerelease) if prerelease else self._rules

    def settle(self, needed: Iterable[NeededPackage], chosen: Mapping[PackageKey, str]) -> dict[PackageKey, str]:
        """Invalid lists every package that has no version, or one that is not allowed, with step, package and feed."""
        versions: dict[PackageKey, str] = {}
        faults: list[str] = []
        for one in needed:
            version = chosen.get(one.key) or one.package.version
            try:
                versions[one.key] = self._checked(one, version) if version else self._latest(one)
            except AppError as error:
                faults += error.errors or [error.message]
        if faults:
            raise Invalid(faults[0] if len(faults) == 1 else "The release cannot be made.", faults)
        return versions

    def _checked(self, needed: NeededPackage, version: str) -> str:
        package = needed.package
        feed = self._feed(needed) if needed.is_resolvable else None
        if feed is not None and not self._has(feed, package.package_id, version):
            raise Invalid(
                f"{needed.title} needs version {version} of the package '{package.package_id}', which the feed"
                f" '{feed.name}' does not have."
            )
        broken = self._rules.refusal(_candidate(needed, version, feed))
        if broken:
            raise Invalid(
                f"{needed.title}: version {version} of the package '{package.package_id}' is not allowed in the"
                f" channel '{self._channel.name}': {broken}."
            )
        return version

    def _has(self, feed: Feed, package_id: str, version: str) -> bool:
        """Whether a feed of another type has the version is seen when the package is fetched."""
        if feed.feed_type == "OctopusProject":
            return release_as_package(self._session, feed.space_id, package_id, version) is not None
        return feed.feed_type != "BuiltIn" or has_package(self._session, feed.space_id, package_id, version)

    def _latest(self, needed: NeededPackage) -> str:
        package = needed.package
        if not needed.is_resolvable:
            raise Invalid(
                f"{needed.title} names its package or feed by a variable ('{package.package_id}' in"
                f" '{package.feed_id}'), which is known at the deployment only; choose a version for it."
            )
        feed = self._feed(needed)
        found = self._latest_in(feed, needed)
        if found is None and feed.feed_type == "OctopusProject":
            raise Invalid(
                f"{needed.title} deploys the project '{package.package_id}', which has no"
                f" release{self._bounds(needed)}. Make one first."
            )
        if found is None:
            raise Invalid(
                f"{needed.title} needs the package '{package.package_id}', but the feed '{feed.name}' has no version of"
                f" it{self._bounds(needed)}. Push the package first."
            )
        return found

    def _latest_in(self, feed: Feed, needed: NeededPackage) -> str | None:
        def accepts(version: str) -> bool:
            return self._rules_for_latest.accepts(_candidate(needed, version, feed))

        space_id, package_id = self._channel.space_id, needed.package.package_id
        if feed.feed_type == "OctopusProject":
            return latest_release(self._session, space_id, package_id, accepts)
        return latest_version(self._session, space_id, feed.id, package_id, accepts)

    def _bounds(self, needed: NeededPackage) -> str:
        """Which versions were looked for, where not all would do."""
        tagged = f" with a pre-release tag that matches '{self._prerelease}'" if self._prerelease else ""
        if self._rules.concern(needed.action.name, needed.reference):
            return f"{tagged} that the rules of the channel '{self._channel.name}' accept"
        return tagged

    def _feed(self, needed: NeededPackage) -> Feed:
        try:
            return find_feed(self._session, self._channel.space_id, needed.package.feed_id)
        except NotFound as error:
            raise Invalid(
                f"{needed.title} takes the package '{needed.package.package_id}' from the feed"
                f" '{needed.package.feed_id}', which does not exist in this space."
            ) from error


def _candidate(needed: NeededPackage, version: str, feed: Feed | None) -> Candidate:
    feed_type = feed.feed_type if feed else "BuiltIn"
    return Candidate(needed.action.name, needed.reference, version, feed_type)
