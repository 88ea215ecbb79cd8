"""Rules of feeds."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from polpo.features.feeds.resource import BUILT_IN_FEED, FEEDS, RELEASES_FEED, Feed
from polpo.kernel.errors import Conflict, Invalid, NotFound
from polpo.rest.call import Call
from polpo.rest.paths import DEFAULT_SPACE
from polpo.store.documents import SensitiveValue
from polpo.store.session import Session

#: Feeds that are no use without an address; the others have one that is well known, or none.
_ADDRESSED = frozenset({"NuGet", "Docker", "Maven", "GitHub", "Helm", "OciRegistry", "ArtifactoryGeneric"})
_REGISTRIES = frozenset({"Docker", "AwsElasticContainerRegistry", "AzureContainerRegistry", "GoogleContainerRegistry"})
#: What a feed of a type has when nothing is said.
_DEFAULTS: Mapping[str, Mapping[str, bool]] = {
    "BuiltIn": {"is_built_in_repo_sync_enabled": False, "delete_packages_associated_with_releases": False},
    "NuGet": {"enhanced_mode": False},
    "AwsElasticContainerRegistry": {"use_machine_credentials": False},
    "S3": {"use_machine_credentials": False},
    "GcsStorage": {"use_service_account_key": False},
}


def built_in_feed_id(space_id: str) -> str:
    """The default space's feed has the well-known id; ids are unique on the server, so others carry their space."""
    return BUILT_IN_FEED if space_id == DEFAULT_SPACE else f"{BUILT_IN_FEED}-{space_id}"


def releases_feed_id(space_id: str) -> str:
    return RELEASES_FEED if space_id == DEFAULT_SPACE else f"{RELEASES_FEED}-{space_id}"


def defaults(session: Session, space_id: str) -> None:
    """Gives a space its built-in feeds: of the packages that are pushed to it, and of its projects' releases."""
    packages = Feed(
        id=built_in_feed_id(space_id),
        name="Octopus Server (built-in)",
        slug="octopus-server-built-in",
        feed_type="BuiltIn",
        package_acquisition_location_options=["Server"],
        is_built_in_repo_sync_enabled=False,
        delete_packages_associated_with_releases=False,
    )
    releases = Feed(
        id=releases_feed_id(space_id),
        name="Octopus Server Releases (built-in)",
        slug="octopus-server-releases-built-in",
        feed_type="OctopusProject",
        package_acquisition_location_options=["NotAcquired"],
    )
    for feed in (packages, releases):
        if session.find(FEEDS, feed.id) is None:
            feed.space_id = space_id
            feed.last_modified_on, feed.last_modified_by = session.clock.now(), "system"
            session.insert(FEEDS, feed)


def find_feed(session: Session, space_id: str, named: str) -> Feed:
    """A feed by id, slug or name; the well-known ids name the built-in feeds of every space."""
    table = FEEDS.table
    if named.casefold() == BUILT_IN_FEED:
        named = built_in_feed_id(space_id)
    elif named.casefold() == RELEASES_FEED:
        named = releases_feed_id(space_id)
    for column, value in ((table.c.id, named), (table.c.slug, named), (table.c.name_key, named.casefold())):
        found = session.first(FEEDS, table.c.space_id == space_id, column == value)
        if found is not None:
            return found
    raise NotFound(f"There is no feed with the id, slug or name '{named}' in this space.")


def is_built_in(session: Session, space_id: str, feed_id: str) -> bool:
    if feed_id.casefold() in (BUILT_IN_FEED, built_in_feed_id(space_id).casefold()):
        return True
    feed = session.first(FEEDS, FEEDS.table.c.space_id == space_id, FEEDS.table.c.id == feed_id)
    return feed is not None and feed.feed_type == "BuiltIn"


def has_releases(session: Session, space_id: str, feed_id: str) -> bool:
    """Whether the feed's packages are the projects of the space, and their versions releases."""
    try:
        return find_feed(session, space_id, feed_id).feed_type == "OctopusProject"
    except NotFound:
        return False


def settle_feed(_call: Call, feed: Feed, before: Feed | None) -> None:
    """The type of a feed stays, there is one built-in feed, and an address must be one."""
    faults = []
    if before is not None and feed.feed_type != before.feed_type:
        faults.append(f"FeedType: it cannot be changed; the feed is of the type {before.feed_type}.")
    if before is None and feed.feed_type == "BuiltIn":
        faults.append("FeedType: a space has exactly one built-in feed, and it exists already.")
    _complete(feed, before)
    faults += _address_faults(feed)
    if feed.feed_type == "AwsElasticContainerRegistry" and not feed.region:
        faults.append("Region: name the AWS region of the registry, such as eu-west-1.")
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The feed cannot be saved.", faults)
    if not feed.package_acquisition_location_options:
        feed.package_acquisition_location_options = (
            ["ExecutionTarget", "NotAcquired"] if feed.feed_type in _REGISTRIES else ["Server", "ExecutionTarget"]
        )


def _complete(feed: Feed, before: Feed | None) -> None:
    """Clients of this type read some properties as plain booleans; a secret that is left out is kept."""
    for name, value in _DEFAULTS.get(feed.feed_type, {}).items():
        if getattr(feed, name) is None:
            setattr(feed, name, value)
    for name in ("password", "secret_key", "service_account_json_key") if before is not None else ():
        known = getattr(before, name)
        if getattr(feed, name) is None and known is not None:
            setattr(feed, name, SensitiveValue(has_value=known.has_value))


def _address_faults(feed: Feed) -> list[str]:
    if not feed.feed_uri:
        return ["FeedUri: say where the feed is."] if feed.feed_type in _ADDRESSED else []
    parts = urlsplit(feed.feed_uri)
    if feed.feed_type in _ADDRESSED and (parts.scheme not in ("http", "https", "oci") or not parts.hostname):
        return [f"FeedUri: it must begin with https:// or http:// and name a host; it is '{feed.feed_uri}'."]
    return []


def refuse_built_in(_call: Call, feed: Feed) -> None:
    if feed.feed_type == "BuiltIn" or feed.id == releases_feed_id(feed.space_id):
        raise Conflict(f"The feed '{feed.name}' is the built-in one and cannot be deleted.")
