"""A package of the built-in repository: as stored, and as the contract shows it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from polpo.features.buildinformation.resource import BuildInformation
from polpo.rest.links import register
from polpo.store.documents import Document, Resource
from polpo.store.kinds import define


class Package(Document):
    """One stored file. `extension` begins with a dot. `hash` is SHA-1, the contract's; `sha256` is what Polpo checks.

    Ids such as `Packages-7` stay inside; clients know a package of a space by `packages-{package_id}.{version}`.
    """

    space_id: str = ""
    package_id: str = ""
    version: str = ""
    extension: str = ""
    size: int = 0
    hash: str = ""
    sha256: str = ""
    blob_key: str = ""
    published: datetime | None = None
    title: str = ""
    summary: str = ""
    description: str = ""
    release_notes: str | None = None
    sort_key: str = ""

    @property
    def public_id(self) -> str:
        return f"packages-{self.package_id}.{self.version}"

    @property
    def file_name(self) -> str:
        return f"{self.package_id}.{self.version}{self.extension}"


class PackageFromBuiltInFeed(Document, kw_only=True):
    """A package as clients see it. Lists never carry release notes: a common client reads that key as a time."""

    space_id: str
    feed_id: str
    package_id: str
    version: str
    title: str
    summary: str
    description: str
    release_notes: str | None
    published: datetime | None
    file_extension: str
    package_size_bytes: int
    hash: str
    nu_get_package_id: str
    nu_get_feed_id: str
    package_version_build_information: BuildInformation | None = None


class PackageDetails(Resource):
    """What may be said anew of a stored package. The file, and what it is called by, stay."""

    title: str = ""
    summary: str = ""
    description: str = ""


class PackageVersion(Document, kw_only=True):
    """One version of a package in a feed."""

    feed_id: str
    package_id: str
    version: str
    title: str
    published: datetime | None
    size_bytes: int
    release_notes: str | None


class PackageDescription(Document, kw_only=True):
    """A package that a search in a feed found. Its id is the package's id."""

    name: str
    description: str
    latest_version: str


class PackageNotesResult(Resource):
    succeeded: bool
    display_message: str | None
    failure_reason: str | None
    notes: str | None
    published: datetime | None


class PackageNote(Resource):
    feed_id: str
    package_id: str
    version: str
    notes: PackageNotesResult


class PackageNotesList(Resource):
    packages: list[PackageNote]


PACKAGES = define(
    "Packages",
    Package,
    sa.Column("package_id", sa.Text, nullable=False),
    sa.Column("package_key", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("version_key", sa.Text, nullable=False),
    sa.Column("sort_key", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    singular="package",
    computed={
        "package_key": lambda package: package.package_id.casefold(),
        "version_key": lambda package: package.version.casefold(),
    },
    unique=[("package_key", "version_key")],
    order=("package_key", "sort_key"),
)

register(
    PackageFromBuiltInFeed,
    {
        "Self": "/api/{SpaceId}/packages/{Id}",
        "Raw": "/api/{SpaceId}/packages/{Id}/raw",
        "Notes": "/api/{SpaceId}/packages/notes{?packageIds}",
    },
)
