"""The packages of a plan: the versions that were selected, with the files that the built-in repository has for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from polpo.features.deployments.referredpackages import referred
from polpo.features.deployments.subject import Subject
from polpo.features.feeds.service import has_releases
from polpo.features.packages.resource import Package
from polpo.features.packages.service import find_package, package_with
from polpo.features.processes.resource import PackageReference
from polpo.features.processes.service import actions_of
from polpo.features.releases.asfeed import release_as_package
from polpo.kernel.errors import NotBuilt, NotFound
from polpo.steps.work import PackageFile
from polpo.store.database import Database
from polpo.store.session import Session

#: A text with everything filled in that holds for the action of this id.
Evaluate = Callable[[str, str], str]


@dataclass
class PlannedPackages:
    """By (action name, reference name), both lower-case: the packages, or why one cannot be had."""

    files: dict[tuple[str, str], PackageFile] = field(default_factory=dict)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)


def packages_of(session: Session, subject: Subject, evaluate: Evaluate) -> PlannedPackages:
    selected = {
        (one.action_name.casefold(), (one.package_reference_name or "").casefold()): one.version
        for one in subject.selected_packages
    }
    packages = PlannedPackages()
    for action in actions_of(subject.process.steps):
        for package in action.packages:
            key = (action.name.casefold(), (package.name or "").casefold())
            if key not in selected:
                continue
            package_id, feed_id = (evaluate(text, action.id) for text in (package.package_id, package.feed_id))
            if package.acquisition_location == "NotAcquired":
                packages.files[key] = referred(
                    session, subject.project.space_id, package, package_id, feed_id, selected[key]
                )
                continue
            try:
                if has_releases(session, subject.project.space_id, feed_id):
                    packages.files[key] = _release(session, subject, package, (package_id, feed_id, selected[key]))
                    continue
                stored = find_package(session, subject.project.space_id, feed_id, package_id, selected[key])
            except (NotFound, NotBuilt) as error:
                packages.faults[key] = f"Step '{action.name}': {error.message}"
            else:
                packages.files[key] = _file(package, feed_id, stored)
    return packages


def older_package(database: Database, package: PackageFile, version: str, digest: str) -> PackageFile | None:
    """Another version of a package whose SHA-256 begins so; None when the built-in repository does not have it."""
    with database.read() as session:
        stored = package_with(session, package.package_id, version, digest)
    return None if stored is None else _file(PackageReference(), package.feed_id, stored)


def _release(
    session: Session, subject: Subject, reference: PackageReference, meant: tuple[str, str, str]
) -> PackageFile:
    """A release that an action deploys, as a package that goes nowhere. `meant`: project, feed, version."""
    project, feed_id, version = meant
    if release_as_package(session, subject.project.space_id, project, version) is None:
        raise NotFound(f"The project '{project}' has no release {version} any more.")
    return PackageFile(
        reference=reference.name or "", package_id=project, version=version, feed_id=feed_id, acquisition="NotAcquired"
    )


def _file(reference: PackageReference, feed_id: str, stored: Package) -> PackageFile:
    return PackageFile(
        reference=reference.name or "",
        package_id=stored.package_id,
        version=stored.version,
        feed_id=feed_id,
        extension=stored.extension,
        sha1=stored.hash,
        sha256=stored.sha256,
        size=stored.size,
        blob_key=stored.blob_key,
        properties=reference.properties,
        acquisition=reference.acquisition_location,
    )
