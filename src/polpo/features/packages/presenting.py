"""Packages in the shapes that clients read."""

from __future__ import annotations

from polpo.features.packages.resource import (
    Package,
    PackageDescription,
    PackageFromBuiltInFeed,
    PackageNote,
    PackageNotesResult,
    PackageVersion,
)
from polpo.features.packages.service import feed_id_of
from polpo.features.releases.resource import Release


def shown(package: Package, *, with_notes: bool = False) -> PackageFromBuiltInFeed:
    feed_id = feed_id_of(package)
    return PackageFromBuiltInFeed(
        id=package.public_id,
        space_id=package.space_id,
        feed_id=feed_id,
        package_id=package.package_id,
        version=package.version,
        title=package.title,
        summary=package.summary,
        description=package.description,
        release_notes=package.release_notes if with_notes else None,
        published=package.published,
        file_extension=package.extension,
        package_size_bytes=package.size,
        hash=package.hash,
        nu_get_package_id=package.package_id,
        nu_get_feed_id=feed_id,
        last_modified_on=package.last_modified_on,
        last_modified_by=package.last_modified_by,
    )


def as_version(package: Package, *, with_notes: bool = False) -> PackageVersion:
    return PackageVersion(
        id=package.public_id,
        feed_id=feed_id_of(package),
        package_id=package.package_id,
        version=package.version,
        title=package.title,
        published=package.published,
        size_bytes=package.size,
        release_notes=package.release_notes if with_notes else None,
        links={"Self": f"/api/{package.space_id}/packages/{package.public_id}"},
    )


def as_release(release: Release, feed_id: str, project: str, *, with_notes: bool = False) -> PackageVersion:
    """A release of a project as a version of the package that the project is."""
    return PackageVersion(
        id=release.id,
        feed_id=feed_id,
        package_id=project,
        version=release.version,
        title=f"Release {release.version}",
        published=release.assembled,
        size_bytes=0,
        release_notes=release.release_notes if with_notes else None,
        links={"Self": f"/api/{release.space_id}/releases/{release.id}"},
    )


def as_description(package: Package) -> PackageDescription:
    """`package` is the latest version of what was found."""
    versions = "?packageId={id}{{&take,skip,includePreRelease,versionRange,preReleaseTag,filter}}"
    link = f"/api/{package.space_id}/feeds/{feed_id_of(package)}/packages/versions"
    return PackageDescription(
        id=package.package_id,
        name=package.package_id,
        description=package.description,
        latest_version=package.version,
        links={"SearchPackageVersionsTemplate": link + versions.format(id=package.package_id)},
    )


def as_note(feed_id: str, package_id: str, version: str, package: Package | None) -> PackageNote:
    """The release notes of a version, or the sentence why there are none."""
    missing = None if package else f"The built-in feed has no version {version} of the package '{package_id}'."
    result = PackageNotesResult(
        succeeded=package is not None,
        display_message=missing,
        failure_reason=missing,
        notes=package.release_notes if package else None,
        published=package.published if package else None,
    )
    return PackageNote(feed_id=feed_id, package_id=package_id, version=version, notes=result)
