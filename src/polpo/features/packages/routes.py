"""The built-in repository over HTTP: push, list, download, delete."""

from __future__ import annotations

import re
from typing import Any

from litestar.response import Stream

from polpo.features.buildinformation.service import information_of
from polpo.features.feeds.service import built_in_feed_id
from polpo.features.packages.permitted import require_package, require_packages
from polpo.features.packages.presenting import as_note, shown
from polpo.features.packages.resource import PACKAGES, PackageDetails, PackageFromBuiltInFeed, PackageNotesList
from polpo.features.packages.service import HIGHEST_FIRST, by_public_id, is_latest
from polpo.features.packages.storing import delete_packages, overwrite_mode, store_upload
from polpo.features.packages.usages import PackageUsage, usage_of
from polpo.kernel.errors import NotFound
from polpo.rest.answers import Page, Reply, attachment
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.rest.paths import DEFAULT_SPACE
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.rest.telling import tell_download
from polpo.rest.uploads import Uploads
from polpo.store.blobs import BlobStore

routes = Routes("packages")
nuget_routes = Routes("packages", scope="system", prefix="")

_VIEW = Permission.FEED_VIEW
_PUSHED: dict[str, Any] = {"status": 201, "response": PackageFromBuiltInFeed, "asks_scope": True}


@routes.get(
    "/packages",
    _VIEW,
    paged=True,
    response=PackageFromBuiltInFeed,
    query=("nuGetPackageId", "filter", "latest", "skip", "take", "includeNotes"),
)
def list_packages(call: Call) -> Page[PackageFromBuiltInFeed]:
    """List packages: the latest version of each, or every version of the one that is named"""
    table, paging = PACKAGES.table, call.paging
    where = [table.c.space_id == call.space]
    named = call.text("nuGetPackageId")
    if named is not None:
        where.append(table.c.package_key == named.casefold())
    if (part := call.text("filter")) is not None:
        where.append(table.c.package_key.contains(part.casefold(), autoescape=True))
    if named is None or call.flag("latest"):
        where.append(is_latest())
    order = (table.c.package_key, *HIGHEST_FIRST)
    found = call.session.all(PACKAGES, *where, order=order, skip=paging.skip, take=paging.take)
    items = [shown(package, with_notes=call.flag("includeNotes")) for package in found]
    return Page(items, call.session.count(PACKAGES, *where), paging, "PackageFromBuiltInFeed")


@routes.post(
    "/packages/raw",
    Permission.BUILT_IN_FEED_PUSH,
    status=201,
    query=("replace", "overwriteMode"),
    response=PackageFromBuiltInFeed,
    asks_scope=True,
)
async def push_package(call: Call) -> Reply:
    """Push a package as a multipart form; its file name gives its id and version"""
    return await _push(call, call.space)


@nuget_routes.put("/nuget/packages", Permission.BUILT_IN_FEED_PUSH, **_PUSHED)
@nuget_routes.put("/{space}/nuget/packages", Permission.BUILT_IN_FEED_PUSH, **_PUSHED)
async def push_by_nuget(call: Call, space: str = DEFAULT_SPACE) -> Reply:
    """Push a package as NuGet clients do, with the key in the header X-NuGet-ApiKey"""
    return await _push(call, call.space_id or space)


async def _push(call: Call, space_id: str) -> Reply:
    if not call.rights.holds(Permission.BUILT_IN_FEED_PUSH, space_id):  # a path without a space does not ask for it
        call.require(Permission.BUILT_IN_FEED_PUSH, space_id=space_id)
    mode = overwrite_mode(call)
    async with call.parts.get(Uploads).receive(call.request) as upload:
        stored = await store_upload(call, upload, space_id, mode)
    # The TypeScript client keeps its program alive for as long as the connection of an upload stays open.
    return Reply(shown(stored.package), 201 if stored.is_new else 200, {"Connection": "close"})


@routes.get("/packages/notes", _VIEW, query=("packageIds",))
def package_notes(call: Call) -> PackageNotesList:
    """The release notes of several packages"""
    notes = []
    for identity in call.texts("packageIds"):
        try:
            package = by_public_id(call.session, call.space, identity)
        except NotFound:
            name, version = _split(identity)
            notes.append(as_note(built_in_feed_id(call.space), name, version, None))
        else:
            feed_id = built_in_feed_id(call.space)
            notes.append(as_note(feed_id, package.package_id, package.version, package))
    return PackageNotesList(packages=notes)


def _split(identity: str) -> tuple[str, str]:
    """A guess at id and version, for telling what is missing."""
    plain = identity.removeprefix("packages-")
    match = re.fullmatch(r"(.*?)\.(\d.*)", plain)
    return (match.group(1), match.group(2)) if match else (plain, "")


@routes.delete("/packages/bulk", Permission.BUILT_IN_FEED_ADMINISTER, query=("ids",), asks_scope=True)
async def delete_many(call: Call) -> None:
    """Delete several packages, all or none"""
    await delete_packages(call, call.texts("ids"))


@routes.get("/packages/{id}", _VIEW, query=("includeNotes",))
def get_package(call: Call, id: str) -> PackageFromBuiltInFeed:
    """Get a package by packages-{id}.{version} or {id}.{version}"""
    package = by_public_id(call.session, call.space, id)
    found = shown(package, with_notes=call.flag("includeNotes"))
    found.package_version_build_information = information_of(
        call.session, call.space, package.package_id, package.version
    )
    return found


@routes.get("/packages/{id}/usage", _VIEW)
def usage(call: Call, id: str) -> PackageUsage:
    """The releases and runbook snapshots that were made with a package, and the projects that take it today"""
    package = by_public_id(call.session, call.space, id)
    return usage_of(call, package.package_id, package.version)


@routes.put("/packages/{id}", Permission.BUILT_IN_FEED_ADMINISTER, response=PackageFromBuiltInFeed)
def describe_package(call: Call, id: str, body: PackageDetails) -> PackageFromBuiltInFeed:
    """Describe a package anew: its title, summary and description; the file and its names stay"""
    package = by_public_id(call.session, call.space, id)
    require_package(call, Permission.BUILT_IN_FEED_ADMINISTER, package.space_id, package.package_id)
    package.title = body.title.strip() or package.package_id
    package.summary, package.description = body.summary, body.description
    stamp(call, package)
    return shown(call.session.update(PACKAGES, package))


@routes.delete("/packages/{id}", Permission.BUILT_IN_FEED_ADMINISTER, asks_scope=True)
async def delete_package(call: Call, id: str) -> None:
    """Delete a package"""
    await delete_packages(call, [id])


@routes.get("/packages/{id}/raw", Permission.BUILT_IN_FEED_DOWNLOAD, asks_scope=True)
async def download(call: Call, id: str) -> Any:
    """Download the file of a package"""
    with call.database.read() as session:
        package = by_public_id(session, call.space, id)
    await require_packages(call, Permission.BUILT_IN_FEED_DOWNLOAD, package.space_id, [package.package_id])
    blobs = call.parts.get(BlobStore)
    size = await blobs.size(package.blob_key)
    await tell_download(call, f"The package {package.file_name}", PACKAGES.name, package.id)
    headers = {
        "Content-Length": str(size),
        **attachment(package.file_name),
        "Cache-Control": "no-store",
        "ETag": f'"{package.sha256}"',
    }
    return Stream(blobs.stream(package.blob_key), media_type="application/octet-stream", headers=headers)
