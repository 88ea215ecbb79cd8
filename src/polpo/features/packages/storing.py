"""Taking packages in: check, then store the file, then the record, so that a refused package leaves nothing behind."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import structlog

from polpo.features.packages.archives import check_archive
from polpo.features.packages.nuspec import read_nuspec
from polpo.features.packages.permitted import require_package, require_packages
from polpo.features.packages.resource import PACKAGES, Package
from polpo.features.packages.service import by_public_id, exact_package
from polpo.kernel.errors import Conflict, Invalid
from polpo.languages.versions import InvalidPackageFileName, InvalidVersion, OctopusVersion, parse_package_file_name
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.uploads import Upload
from polpo.store.blobs import BlobStore
from polpo.store.session import Session

log = structlog.get_logger("polpo.packages")

OverwriteMode = Literal["FailIfExists", "OverwriteExisting", "IgnoreIfExists"]
_MODES: dict[str, OverwriteMode] = {
    mode.casefold(): mode for mode in ("FailIfExists", "OverwriteExisting", "IgnoreIfExists")
}
_ID = re.compile(r"\w[\w.-]{0,99}", re.ASCII)


@dataclass(frozen=True)
class Stored:
    """`is_new` is false when the version was there already and was left as it was."""

    package: Package
    is_new: bool


def overwrite_mode(call: Call) -> OverwriteMode:
    """What to do when the version exists; `replace=true` is the older way to say OverwriteExisting."""
    given = call.text("overwriteMode")
    if given is None:
        return "OverwriteExisting" if call.flag("replace") else "FailIfExists"
    mode = _MODES.get(given.casefold())
    if mode is None:
        sentence = f"overwriteMode must be one of {', '.join(_MODES.values())}; it is '{given}'."
        raise Invalid(sentence, [sentence])
    return mode


async def store_upload(call: Call, upload: Upload, space_id: str, mode: OverwriteMode) -> Stored:
    """Checks and stores a received file. Whatever goes wrong, neither file nor record stays."""
    package = await asyncio.to_thread(describe, upload, space_id)
    await require_packages(call, Permission.BUILT_IN_FEED_PUSH, space_id, [package.package_id])
    with call.reading() as reading:
        existing = exact_package(reading.session, package.space_id, package.package_id, package.version)
        if existing is not None and (left := _leave(reading, existing, mode)):
            return left
    blobs = call.parts.get(BlobStore)
    await blobs.put(package.blob_key, upload.path)
    try:
        stored, replaced = await call.write(lambda writing: _record(writing, package, mode))
    except BaseException:
        await blobs.delete(package.blob_key)
        raise
    await _discard(blobs, replaced)
    return stored


def describe(upload: Upload, space_id: str) -> Package:
    """What will be recorded of a file; Invalid when it is no package. Reads the file; call it in a thread."""
    identity, version, extension = _name(upload.name)
    check_archive(upload.path, upload.name, extension)
    about = read_nuspec(upload.path, upload.name) if extension.casefold() == ".nupkg" else {}
    identity, version = about.get("id") or identity, about.get("version") or version
    if not _ID.fullmatch(identity):
        raise _nameless(upload.name)
    try:
        sort_key = OctopusVersion.parse(version).sort_key
    except InvalidVersion as error:
        raise _nameless(upload.name) from error
    return Package(
        space_id=space_id,
        package_id=identity,
        version=version,
        extension=extension,
        size=upload.size,
        hash=upload.sha1,
        sha256=upload.sha256,
        blob_key=f"packages/{space_id}/{uuid.uuid4().hex}{extension.lower()}",
        title=about.get("title") or identity,
        summary=about.get("summary", ""),
        description=about.get("description", ""),
        release_notes=about.get("releasenotes") or None,
        sort_key=sort_key,
    )


def _name(file_name: str) -> tuple[str, str, str]:
    try:
        named = parse_package_file_name(file_name)
    except InvalidPackageFileName as error:
        if file_name.casefold().endswith(".nupkg"):
            return "", "", ".nupkg"  # its own metadata names it
        raise _nameless(file_name) from error
    return named.package_id, str(named.version), named.extension


def _nameless(file_name: str) -> Invalid:
    sentence = (
        f"The package '{file_name}' was not stored: its file name must be the package's id, its version and its"
        " extension, such as Acme.Web.1.0.0.zip."
    )
    return Invalid(sentence, [sentence])


def _leave(call: Call, existing: Package, mode: OverwriteMode) -> Stored | None:
    """What stands in the way of storing; None when the existing version may be replaced."""
    if mode == "IgnoreIfExists":
        return Stored(existing, is_new=False)
    if mode == "FailIfExists":
        raise Conflict(
            f"The package '{existing.package_id}' has a version {existing.version} already; push another version, or"
            " choose to overwrite or to ignore existing ones.",
        )
    require_package(call, Permission.BUILT_IN_FEED_ADMINISTER, existing.space_id, existing.package_id)
    return None


def _record(call: Call, package: Package, mode: OverwriteMode) -> tuple[Stored, Sequence[str]]:
    """Also returns the files that are to be deleted: the replaced one, or the new one if it is not needed."""
    session = call.session
    existing = exact_package(session, package.space_id, package.package_id, package.version)
    if existing is not None and (left := _leave(call, existing, mode)):
        return left, [package.blob_key]
    package.published = package.last_modified_on = session.clock.now()
    package.last_modified_by = call.caller.username
    if existing is None:
        return Stored(session.insert(PACKAGES, package), is_new=True), []
    package.id = existing.id
    return Stored(session.update(PACKAGES, package), is_new=True), [existing.blob_key]


async def delete_packages(call: Call, identities: Sequence[str]) -> None:
    """Removes records and files. A release that uses a package keeps its choice and tells that the file is missing."""
    space_id = call.space
    with call.reading() as reading:
        named = [by_public_id(reading.session, space_id, identity).package_id for identity in identities]
    await require_packages(call, Permission.BUILT_IN_FEED_ADMINISTER, space_id, dict.fromkeys(named))

    def remove(session: Session) -> list[str]:
        found = [by_public_id(session, space_id, identity) for identity in identities]
        return [session.delete(PACKAGES, package.id).blob_key for package in found]

    await _discard(call.parts.get(BlobStore), await call.database.write(remove))


async def _discard(blobs: BlobStore, keys: Sequence[str]) -> None:
    """The records are gone already, so a file that cannot be removed only costs space; the log tells of it."""
    for key in keys:
        try:
            await blobs.delete(key)
        except Exception:
            log.exception("the file of a removed package could not be deleted", key=key)
