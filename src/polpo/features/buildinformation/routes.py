"""Build information over HTTP."""

from __future__ import annotations

import typing

from polpo.features.buildinformation.resource import (
    BUILD_INFORMATION,
    BuildInformation,
    CreateBuildInformationCommand,
    CreatePackageMetadataCommand,
    OverwriteMode,
)
from polpo.features.buildinformation.service import find_information, is_latest, push_information
from polpo.features.packages.usages import PackageUsage, usage_of
from polpo.kernel.errors import Invalid
from polpo.rest.answers import Page, Reply, stored_page
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("buildinformation")

# Whoever may see packages may see where they come from.
_VIEW = Permission.FEED_VIEW
_MODES: dict[str, OverwriteMode] = {mode.casefold(): mode for mode in typing.get_args(OverwriteMode)}


@routes.get(
    "/build-information",
    _VIEW,
    paged=True,
    response=BuildInformation,
    query=("packageId", "partialName", "filter", "latest", "skip", "take", "ids"),
)
def list_build_information(call: Call) -> Page[BuildInformation]:
    """List build information, by package and the highest version first; `filter` is a part of the version

    `partialName` is a part of the package's id.
    """
    table, paging = BUILD_INFORMATION.table, call.paging
    where = [table.c.space_id == call.space]
    if ids := call.texts("ids"):
        where.append(table.c.id.in_(ids))
    if (package_id := call.text("packageId")) is not None:
        where.append(table.c.package_key == package_id.casefold())
    if (part := call.text("partialName")) is not None:
        where.append(table.c.package_key.contains(part.casefold(), autoescape=True))
    if (part := call.text("filter")) is not None:
        where.append(table.c.version_key.contains(part.casefold(), autoescape=True))
    if call.flag("latest"):
        where.append(is_latest())
    order = (table.c.package_key, table.c.sort_key.desc(), table.c.seq.desc())
    found = call.session.page(BUILD_INFORMATION, *where, order=order, skip=paging.skip, take=paging.take)
    return stored_page(BUILD_INFORMATION, found, paging)


@routes.post(
    "/build-information",
    Permission.BUILD_INFORMATION_PUSH,
    status=201,
    query=("overwriteMode",),
    response=BuildInformation,
)
def push_build_information(call: Call, body: CreateBuildInformationCommand) -> Reply:
    """Push what a build server knows of a version of a package"""
    return _push(call, body)


def _push(call: Call, body: CreateBuildInformationCommand) -> Reply:
    mode = _mode(call) or body.overwrite_mode or "FailIfExists"
    if mode == "OverwriteExisting":
        call.require(Permission.BUILD_INFORMATION_ADMINISTER)
    information, is_stored = push_information(call, body, mode)
    return Reply(information, 201 if is_stored else 200)


@routes.post(
    "/package-metadata",
    Permission.BUILD_INFORMATION_PUSH,
    status=201,
    query=("replace", "overwriteMode"),
    response=BuildInformation,
)
def push_package_metadata(call: Call, body: CreatePackageMetadataCommand) -> Reply:
    """Push what a build server knows of a version of a package, under the older name"""
    mode: OverwriteMode | None = "OverwriteExisting" if call.flag("replace") else None
    told = body.octopus_package_metadata
    command = CreateBuildInformationCommand(
        package_id=body.package_id, version=body.version, octopus_build_information=told, overwrite_mode=mode
    )
    return _push(call, command)


@routes.get("/package-metadata/{id}", _VIEW)
def get_package_metadata(call: Call, id: str) -> BuildInformation:
    """Get the build information of a version of a package, under the older name"""
    return find_information(call.session, call.space, id)


def _mode(call: Call) -> OverwriteMode | None:
    given = call.text("overwriteMode")
    if given is None:
        return None
    mode = _MODES.get(given.casefold())
    if mode is None:
        sentence = f"overwriteMode must be one of {', '.join(_MODES.values())}; it is '{given}'."
        raise Invalid(sentence, [sentence])
    return mode


@routes.delete("/build-information/bulk", Permission.BUILD_INFORMATION_ADMINISTER, query=("ids",))
def delete_many(call: Call) -> None:
    """Delete the build information of several versions, all or none"""
    for identity in call.texts("ids"):
        call.session.delete(BUILD_INFORMATION, find_information(call.session, call.space, identity).id)


@routes.get("/build-information/{id}", _VIEW)
def get_build_information(call: Call, id: str) -> BuildInformation:
    """Get the build information of a version of a package"""
    return find_information(call.session, call.space, id)


@routes.get("/build-information/{id}/usage", _VIEW)
def usage(call: Call, id: str) -> PackageUsage:
    """The releases and runbook snapshots that were made with the version of the package, and who takes it today"""
    found = find_information(call.session, call.space, id)
    return usage_of(call, found.package_id, found.version)


@routes.delete("/build-information/{id}", Permission.BUILD_INFORMATION_ADMINISTER)
def delete_build_information(call: Call, id: str) -> None:
    """Delete the build information of a version of a package"""
    call.session.delete(BUILD_INFORMATION, find_information(call.session, call.space, id).id)
