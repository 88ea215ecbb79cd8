"""Finding releases, and what may happen to one after it was made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from polpo.features.feeds.service import is_built_in
from polpo.features.packages.service import has_package
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, DeploymentProcess
from polpo.features.projects.resource import PROJECTS
from polpo.features.releases.packages import NeededPackage, needed_packages, selected
from polpo.features.releases.resource import RELEASES, MissingPackageInfo, Release
from polpo.features.releases.sources import Source, with_secrets_of_now
from polpo.features.variables.resource import VARIABLE_SETS, VariableSet
from polpo.features.variables.service import variables_of
from polpo.features.variables.snapshots import Snapshots, freeze_all, freeze_named
from polpo.kernel.errors import NotFound
from polpo.languages.versions import OctopusVersion
from polpo.store.session import Session


def find_release(session: Session, space_id: str, release_id: str) -> Release:
    found = session.find(RELEASES, release_id)
    if found is None or found.space_id != space_id:
        raise NotFound(f"There is no release with the id '{release_id}' in this space.")
    return found


def release_of_version(session: Session, project_id: str, version: str) -> Release | None:
    table = RELEASES.table
    key = version.strip().casefold()
    return session.first(RELEASES, table.c.project_id == project_id, table.c.version_key == key)


def find_release_of_version(session: Session, project_id: str, version: str) -> Release:
    """A release by its version, or by its id, which some clients write in the same place."""
    found = release_of_version(session, project_id, version)
    if found is None:
        by_id = session.find(RELEASES, version)
        found = by_id if by_id is not None and by_id.project_id == project_id else None
    if found is None:
        raise NotFound(f"The project has no release {version}.")
    return found


def newest_release(session: Session, project_id: str, channel_id: str | None = None) -> Release | None:
    """What "the latest release" means wherever one is deployed: the one made last, whatever its version.

    The highest version is meant only where a version is chosen: of a package, or of the next release.
    """
    table = RELEASES.table
    where = table.c.project_id == project_id if channel_id is None else table.c.channel_id == channel_id
    return session.first(RELEASES, where, order=[table.c.seq.desc()])


class StoredVersions:
    """The versions of a project's releases, each found by an index: there may be ten thousand."""

    def __init__(self, session: Session, project_id: str) -> None:
        self._session = session
        self._project_id = project_id

    def highest(self, numbers: Sequence[int] = (), channel_id: str | None = None) -> OctopusVersion | None:
        """The highest one that begins with the numbers, of all releases or of those in one channel."""
        release = self.highest_release(numbers, channel_id)
        return OctopusVersion.parse(release.version) if release else None

    def highest_release(self, numbers: Sequence[int] = (), channel_id: str | None = None) -> Release | None:
        table = RELEASES.table
        where = [table.c.project_id == self._project_id] if channel_id is None else [table.c.channel_id == channel_id]
        if numbers:
            first, last = OctopusVersion.sort_keys_from(numbers)
            where.append(table.c.sort_key.between(first, last))
        return self._session.first(RELEASES, *where, order=[table.c.sort_key.desc(), table.c.seq.desc()])


def process_of_release(session: Session, release: Release) -> DeploymentProcess:
    """The steps as they were when the release was made."""
    return session.get(DEPLOYMENT_PROCESSES, release.project_deployment_process_snapshot_id)


def packages_of_release(session: Session, release: Release) -> list[tuple[NeededPackage, str]]:
    """The packages that the release needs, each with the version that was chosen."""
    needed = needed_packages(process_of_release(session, release), release.channel_id)
    versions = selected(needed, release.selected_packages)
    return [(one, versions[one.key]) for one in needed if one.key in versions]


def missing_packages(session: Session, release: Release) -> list[MissingPackageInfo]:
    """What the release chose from the built-in feed and is there no more."""
    missing = []
    for needed, version in packages_of_release(session, release):
        package = needed.package
        if not needed.is_resolvable or not is_built_in(session, release.space_id, package.feed_id):
            continue
        if not has_package(session, release.space_id, package.package_id, version):
            missing.append(MissingPackageInfo(id=package.package_id, version=version))
    return missing


def take_variables_anew(session: Session, release: Release, source: Source | None = None) -> Release:
    """The release gets the project's variables as they are now, those of its library sets too. Its steps stay.

    `source` has those of a project in Git; without it such a release gets the secrets and the library's alone.
    """
    now = variables_now(session, release, source)
    return _with(session, release, freeze_all(session, now, _included(session, release)))


def take_named_variables_anew(
    session: Session, release: Release, names: Iterable[str], source: Source | None = None
) -> Release:
    """Only these variables become what they are now: all values of the names, those added and those gone."""
    before = Snapshots(release.project_variable_set_snapshot_id, release.library_variable_set_snapshot_ids)
    now = variables_now(session, release, source)
    return _with(session, release, freeze_named(session, before, now, _included(session, release), names))


def variables_now(session: Session, release: Release, source: Source | None) -> VariableSet:
    """What the release would get of the project's own; notes in a release from Git which commit that is from."""
    if not session.get(PROJECTS, release.project_id).persistence_settings.in_git:
        return variables_of(session, release.project_id)
    if source is None or source.reference is None or release.version_control_reference is None:
        frozen = session.get(VARIABLE_SETS, release.project_variable_set_snapshot_id)
        return with_secrets_of_now(session, release.project_id, frozen)
    release.version_control_reference.variables_git_commit = source.reference.git_commit
    return source.variables


def _included(session: Session, release: Release) -> list[str]:
    return session.get(PROJECTS, release.project_id).included_library_variable_set_ids


def _with(session: Session, release: Release, snapshots: Snapshots) -> Release:
    release.project_variable_set_snapshot_id = snapshots.own
    release.library_variable_set_snapshot_ids = snapshots.library
    return session.update(RELEASES, release)
