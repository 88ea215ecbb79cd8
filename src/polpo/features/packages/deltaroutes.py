"""Pushing packages as deltas, over HTTP."""

from __future__ import annotations

import base64

from polpo.features.packages.deltas import applied, base_for, signature
from polpo.features.packages.permitted import require_packages
from polpo.features.packages.presenting import shown
from polpo.features.packages.resource import PackageFromBuiltInFeed
from polpo.features.packages.service import exact_package
from polpo.features.packages.storing import overwrite_mode, store_upload
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.answers import Reply
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.rest.uploads import Uploads
from polpo.store.blobs import BlobStore
from polpo.store.documents import Resource

routes = Routes("packages")


class PackageSignature(Resource):
    """`signature` is in the Octodiff format, in base 64."""

    base_version: str
    signature: str


@routes.get(
    "/packages/{package_id}/{version}/delta-signature",
    Permission.BUILT_IN_FEED_PUSH,
    response=PackageSignature,
    asks_scope=True,
)
async def delta_signature(call: Call, package_id: str, version: str) -> PackageSignature:
    """The signature of another version, to make the delta of a version that is to be pushed from"""
    with call.database.read() as session:
        base = base_for(session, call.space, package_id, version)
    await require_packages(call, Permission.BUILT_IN_FEED_PUSH, base.space_id, [base.package_id])
    made = await signature(call.parts.get(BlobStore), call.parts.get(Uploads).folder, base)
    return PackageSignature(base_version=base.version, signature=base64.b64encode(made).decode())


@routes.post(
    "/packages/{package_id}/{base_version}/delta",
    Permission.BUILT_IN_FEED_PUSH,
    status=201,
    query=("replace", "overwriteMode"),
    response=PackageFromBuiltInFeed,
    asks_scope=True,
)
async def push_delta(call: Call, package_id: str, base_version: str) -> Reply:
    """Push a package as its difference from another version, in a multipart form with the new file's name"""
    mode, uploads, blobs = overwrite_mode(call), call.parts.get(Uploads), call.parts.get(BlobStore)
    with call.database.read() as session:
        base = exact_package(session, call.space, package_id, base_version)
    if base is None:
        raise NotFound(f"The built-in feed has no version {base_version} of the package '{package_id}'.")
    await require_packages(call, Permission.BUILT_IN_FEED_PUSH, base.space_id, [base.package_id])
    async with uploads.receive(call.request) as delta:
        if not delta.name.casefold().startswith(f"{base.package_id.casefold()}."):
            sentence = f"The file '{delta.name}' is no version of the package '{base.package_id}'."
            raise Invalid(sentence, [sentence])
        async with applied(blobs, uploads.folder, base, delta, uploads.limit) as upload:
            stored = await store_upload(call, upload, call.space, mode)
    return Reply(shown(stored.package), 201 if stored.is_new else 200, {"Connection": "close"})
