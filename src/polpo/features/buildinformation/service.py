"""Rules of build information: one for each version of a package, and what happens to an earlier one."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from polpo.features.buildinformation.linking import Host
from polpo.features.buildinformation.resource import (
    BUILD_INFORMATION,
    BuildInformation,
    CreateBuildInformationCommand,
    OverwriteMode,
    ReleasePackageVersionBuildInformation,
)
from polpo.kernel.errors import Conflict, Invalid, NotFound
from polpo.languages.versions import InvalidVersion, OctopusVersion
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.store.session import Session

_MOST = 200


def push_information(
    call: Call, command: CreateBuildInformationCommand, mode: OverwriteMode
) -> tuple[BuildInformation, bool]:
    """The information and whether it was stored now. Conflict when there is one and it is to be left."""
    information = _described(call, command)
    existing = information_of(call.session, call.space, information.package_id, information.version)
    if existing is None:
        return call.session.insert(BUILD_INFORMATION, information), True
    if mode == "IgnoreIfExists":
        return existing, False
    if mode == "FailIfExists":
        sentence = (
            f"There is build information of the version {existing.version} of the package '{existing.package_id}'"
            " already; choose to overwrite or to ignore existing ones."
        )
        raise Conflict(sentence, [sentence])
    information.id, information.created = existing.id, existing.created
    return call.session.update(BUILD_INFORMATION, information), True


def _described(call: Call, command: CreateBuildInformationCommand) -> BuildInformation:
    package_id, version = command.package_id.strip(), command.version.strip()
    faults = []
    if not package_id or len(package_id) > _MOST:
        faults.append(f"PackageId must be the id of a package, with {_MOST} characters at most.")
    try:
        OctopusVersion.parse(version)
    except InvalidVersion:
        faults.append(f"Version must be the version of the package, such as 1.0.0; it is '{version[:_MOST]}'.")
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The build information cannot be stored.", faults)
    said = command.octopus_build_information
    host = Host(said.vcs_root)
    for commit in said.commits:
        commit.link_url = commit.link_url or host.commit_url(commit.id)
    work_items = host.work_items(said.commits)
    information = BuildInformation(
        space_id=call.space,
        package_id=package_id,
        version=version,
        vcs_commit_url=host.commit_url(said.vcs_commit_number),
        issue_tracker_name=host.tracker if work_items else None,
        work_items=work_items,
        created=call.clock.now(),
        **{name: getattr(said, name) for name in said.__struct_fields__},
    )
    stamp(call, information)
    return information


def find_information(session: Session, space_id: str, identity: str) -> BuildInformation:
    found = session.find(BUILD_INFORMATION, identity)
    if found is None or found.space_id != space_id:
        raise NotFound(f"There is no build information with the id '{identity}' in this space.")
    return found


def information_of(session: Session, space_id: str, package_id: str, version: str) -> BuildInformation | None:
    table = BUILD_INFORMATION.table
    return session.first(
        BUILD_INFORMATION,
        table.c.space_id == space_id,
        table.c.package_key == package_id.casefold(),
        table.c.version_key == version.casefold(),
    )


def for_release(
    session: Session, space_id: str, versions: Iterable[tuple[str, str]]
) -> list[ReleasePackageVersionBuildInformation]:
    """What is known of packages and their versions, each once, in their order."""
    found = (information_of(session, space_id, *version) for version in dict.fromkeys(versions))
    names = ReleasePackageVersionBuildInformation.__struct_fields__
    return [
        ReleasePackageVersionBuildInformation(**{name: getattr(information, name) for name in names})
        for information in found
        if information is not None
    ]


def is_latest() -> sa.ColumnElement[bool]:
    """The condition that a row is that of the highest version of its package."""
    table, other = BUILD_INFORMATION.table, BUILD_INFORMATION.table.alias("other")
    same = (other.c.space_id == table.c.space_id, other.c.package_key == table.c.package_key)
    order = (other.c.sort_key.desc(), other.c.seq.desc())
    return table.c.id == sa.select(other.c.id).where(*same).order_by(*order).limit(1).scalar_subquery()
