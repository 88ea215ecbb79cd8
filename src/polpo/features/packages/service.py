"""Finding packages of the built-in feed: by id, by version, the latest that may be used."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from polpo.features.feeds.resource import Feed
from polpo.features.feeds.service import built_in_feed_id, find_feed
from polpo.features.packages.resource import PACKAGES, Package
from polpo.kernel.errors import NotBuilt, NotFound
from polpo.store.session import Session

_PUBLIC_PREFIX = "packages-"


def find_package(session: Session, space_id: str, feed_id: str, package_id: str, version: str) -> Package:
    """The stored package, with its blob key, hashes and size; NotFound says which package is missing where."""
    feed = readable_feed(session, space_id, feed_id)
    found = exact_package(session, space_id, package_id, version)
    if found is None:
        raise NotFound(f"The feed '{feed.name}' has no version {version} of the package '{package_id}'.")
    return found


def package_with(session: Session, package_id: str, version: str, digest: str) -> Package | None:
    """A package of this id and version in whatever space, whose SHA-256 begins so."""
    columns = PACKAGES.table.c
    where = columns.package_key == package_id.casefold(), columns.version_key == version.casefold()
    found = (one for one in session.all(PACKAGES, *where) if digest and one.sha256.lower().startswith(digest.lower()))
    return next(found, None)


def has_package(session: Session, space_id: str, package_id: str, version: str) -> bool:
    return exact_package(session, space_id, package_id, version) is not None


def latest_version(
    session: Session, space_id: str, feed_id: str, package_id: str, accept: Callable[[str], bool] | None = None
) -> str | None:
    """The highest version of the package that `accept` takes; None when there is none."""
    readable_feed(session, space_id, feed_id)
    for version in versions_of(session, space_id, package_id):
        if accept is None or accept(version):
            return version
    return None


def versions_of(session: Session, space_id: str, package_id: str) -> list[str]:
    """Every version of a package in the built-in feed, the highest first."""
    table = PACKAGES.table
    where = (table.c.space_id == space_id, table.c.package_key == package_id.casefold())
    return list(session.connection.execute(sa.select(table.c.version).where(*where).order_by(*HIGHEST_FIRST)).scalars())


def readable_feed(session: Session, space_id: str, feed_id: str) -> Feed:
    """The feed, if this server can list its packages."""
    feed = find_feed(session, space_id, feed_id)
    if feed.feed_type != "BuiltIn":
        raise NotBuilt(
            f"Polpo cannot read the feed '{feed.name}' of the type {feed.feed_type} yet; push the package to the"
            " built-in feed instead."
        )
    return feed


def by_public_id(session: Session, space_id: str, identity: str) -> Package:
    """A package by `packages-Acme.Web.1.0.0`, by `Acme.Web.1.0.0`, or by its inner id.

    Where the id of the package ends and its version begins is not told by the text, so each dot is tried.
    """
    table = PACKAGES.table
    plain = identity.casefold().removeprefix(_PUBLIC_PREFIX)
    parts = plain.split(".")
    pairs = [(".".join(parts[:cut]), ".".join(parts[cut:])) for cut in range(1, len(parts))]
    named = [sa.and_(table.c.package_key == key, table.c.version_key == version) for key, version in pairs]
    found = session.first(PACKAGES, table.c.space_id == space_id, sa.or_(table.c.id == identity, *named))
    if found is None:
        raise NotFound(f"There is no package '{identity}' in the built-in feed of this space.")
    return found


def is_latest() -> sa.ColumnElement[bool]:
    """The condition that a row is the highest version of its package."""
    table, other = PACKAGES.table, PACKAGES.table.alias("other")
    same = (other.c.space_id == table.c.space_id, other.c.package_key == table.c.package_key)
    order = (other.c.sort_key.desc(), other.c.seq.desc())
    return table.c.id == sa.select(other.c.id).where(*same).order_by(*order).limit(1).scalar_subquery()


#: The order of the versions of one package.
HIGHEST_FIRST = (PACKAGES.table.c.sort_key.desc(), PACKAGES.table.c.seq.desc())


def feed_id_of(package: Package) -> str:
    return built_in_feed_id(package.space_id)


def exact_package(session: Session, space_id: str, package_id: str, version: str) -> Package | None:
    table = PACKAGES.table
    return session.first(
        PACKAGES,
        table.c.space_id == space_id,
        table.c.package_key == package_id.casefold(),
        table.c.version_key == version.casefold(),
    )
