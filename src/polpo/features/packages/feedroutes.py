"""Packages as a feed shows them: searching ids, and the versions of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from polpo.features.feeds.service import has_releases
from polpo.features.packages.presenting import as_description, as_note, as_release, as_version, shown
from polpo.features.packages.resource import (
    PACKAGES,
    Package,
    PackageDescription,
    PackageFromBuiltInFeed,
    PackageNote,
    PackageVersion,
)
from polpo.features.packages.service import HIGHEST_FIRST, exact_package, is_latest, readable_feed
from polpo.features.projects.resource import PROJECTS
from polpo.features.releases.asfeed import project_of_package, releases_of_package
from polpo.kernel.errors import Invalid
from polpo.languages.versions.formats import VersionFormat, try_parse_version
from polpo.languages.versions.rules import VersionRule
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import Where
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("feeds")

_VIEW = Permission.FEED_VIEW
_VERSIONS: dict[str, Any] = {
    "paged": True,
    "response": PackageVersion,
    "query": (
        "packageId",
        "take",
        "skip",
        "includePreRelease",
        "versionRange",
        "preReleaseTag",
        "filter",
        "includeReleaseNotes",
    ),
}


@routes.get(
    "/feeds/{id}/packages/search", _VIEW, paged=True, response=PackageDescription, query=("term", "skip", "take")
)
def search_packages(call: Call, id: str) -> Page[PackageDescription]:
    """Search a feed for packages whose id holds a text"""
    readable_feed(call.session, call.space, id)
    table, paging = PACKAGES.table, call.paging
    where = [table.c.space_id == call.space, is_latest(), *_holding(call.text("term"))]
    found = call.session.all(PACKAGES, *where, order=(table.c.package_key,), skip=paging.skip, take=paging.take)
    total = call.session.count(PACKAGES, *where)
    return Page([as_description(package) for package in found], total, paging, "PackageDescription")


def _holding(text: str | None) -> list[Where]:
    return [PACKAGES.table.c.package_key.contains(text.casefold(), autoescape=True)] if text else []


@routes.get("/feeds/{id}/packages/versions", _VIEW, **_VERSIONS)
def versions_of_package(call: Call, id: str) -> Page[PackageVersion]:
    """The versions of a package in a feed, the highest first"""
    package_id = call.text("packageId")
    if package_id is None:
        sentence = "The query parameter packageId is missing; name the package whose versions you want."
        raise Invalid(sentence, [sentence])
    return _versions(call, id, package_id)


@routes.get("/feeds/{id}/packages/notes", _VIEW, query=("packageId", "version"))
def notes_of_version(call: Call, id: str) -> PackageNote:
    """The release notes of a version of a package"""
    feed = readable_feed(call.session, call.space, id)
    package_id, version = call.text("packageId") or "", call.text("version") or ""
    return as_note(feed.id, package_id, version, exact_package(call.session, call.space, package_id, version))


@routes.get("/feeds/{id}/packages/{package_id}/versions", _VIEW, **_VERSIONS)
def versions_of_named_package(call: Call, id: str, package_id: str) -> Page[PackageVersion]:
    """The versions of a package in a feed, the highest first; an older path"""
    return _versions(call, id, package_id)


def _versions(call: Call, feed_id: str, package_id: str) -> Page[PackageVersion]:
    if has_releases(call.session, call.space, feed_id):
        return _releases(call, feed_id, package_id)
    readable_feed(call.session, call.space, feed_id)
    paging = call.paging
    found = [one for one in _all_versions(call, package_id) if _fits(call, one.version)]
    if (part := call.text("filter")) is not None:
        found = [one for one in found if part.casefold() in one.version.casefold()]
    shown_now = found[paging.skip : paging.skip + paging.take]
    notes = call.flag("includeReleaseNotes")
    return Page([as_version(one, with_notes=notes) for one in shown_now], len(found), paging, "PackageVersion")


def _releases(call: Call, feed_id: str, project: str) -> Page[PackageVersion]:
    call.guard(PROJECTS, project_of_package(call.session, call.space, project), Permission.RELEASE_VIEW)
    paging, part = call.paging, (call.text("filter") or "").casefold()
    notes = call.flag("includeReleaseNotes")
    found = [
        as_release(one, feed_id, project, with_notes=notes)
        for one in releases_of_package(call.session, call.space, project)
        if part in one.version.casefold() and _fits(call, one.version)
    ]
    return Page(found[paging.skip : paging.skip + paging.take], len(found), paging, "PackageVersion")


def _all_versions(call: Call, package_id: str) -> list[Package]:
    table = PACKAGES.table
    where = (table.c.space_id == call.space, table.c.package_key == package_id.casefold())
    return call.session.all(PACKAGES, *where, order=HIGHEST_FIRST)


@routes.get(
    "/feeds/{id}/packages",
    _VIEW,
    query=(
        "packageId",
        "packageIds",
        "partialMatch",
        "includeMultipleVersions",
        "includeNotes",
        "includePreRelease",
        "take",
        "versionRange",
        "preReleaseTag",
    ),
)
def packages_of_feed(call: Call, id: str) -> Sequence[PackageFromBuiltInFeed]:
    """The highest version, or all versions, of the packages that are named"""
    readable_feed(call.session, call.space, id)
    table = PACKAGES.table
    where = [table.c.space_id == call.space]
    if named := [*call.texts("packageIds"), *call.texts("packageId")]:
        keys = [name.casefold() for name in named]
        where += _holding(keys[0]) if call.flag("partialMatch") else [table.c.package_key.in_(keys)]
    found = [
        one
        for one in call.session.all(PACKAGES, *where, order=(table.c.package_key, *HIGHEST_FIRST))
        if _fits(call, one.version)
    ]
    if not call.flag("includeMultipleVersions"):
        first: dict[str, Package] = {}
        for one in found:
            first.setdefault(one.package_id.casefold(), one)
        found = list(first.values())
    return [shown(one, with_notes=call.flag("includeNotes")) for one in found[: call.paging.take]]


def _fits(call: Call, text: str) -> bool:
    """What a channel's rule, or a client that wants no pre-releases, asks for."""
    version = try_parse_version(text, VersionFormat.SEMVER) or try_parse_version(text, VersionFormat.OCTOPUS)
    if version is None:
        return False
    if version.is_prerelease and call.text("includePreRelease") is not None and not call.flag("includePreRelease"):
        return False
    return VersionRule(call.text("versionRange") or "", call.text("preReleaseTag") or "").accepts(version)
