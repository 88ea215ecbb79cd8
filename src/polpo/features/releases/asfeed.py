"""Releases as the packages of a feed: a project is a package, the newest of its releases its latest version."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.releases.resource import RELEASES, Release
from polpo.kernel.errors import NotFound
from polpo.store.session import Session

_r = RELEASES.table


def project_of_package(session: Session, space_id: str, package_id: str) -> Project:
    """A project by its id, slug or name; NotFound says that there is none."""
    table = PROJECTS.table
    wanted = package_id.strip()
    for condition in (table.c.id == wanted, table.c.slug == wanted.lower(), table.c.name_key == wanted.casefold()):
        found = session.first(PROJECTS, table.c.space_id == space_id, condition)
        if found is not None:
            return found
    raise NotFound(f"There is no project '{package_id}' in this space.")


def releases_of_package(session: Session, space_id: str, package_id: str, take: int | None = None) -> Sequence[Release]:
    """The newest first: not the version counts, but when the release was made."""
    project = project_of_package(session, space_id, package_id)
    return session.all(RELEASES, _r.c.project_id == project.id, order=[_r.c.seq.desc()], take=take)


def release_as_package(session: Session, space_id: str, package_id: str, version: str) -> Release | None:
    project = project_of_package(session, space_id, package_id)
    return session.first(RELEASES, _r.c.project_id == project.id, _r.c.version_key == version.strip().casefold())


def latest_release(session: Session, space_id: str, package_id: str, accept: Callable[[str], bool]) -> str | None:
    """The version of the newest release that `accept` takes."""
    return next(
        (one.version for one in releases_of_package(session, space_id, package_id) if accept(one.version)), None
    )
