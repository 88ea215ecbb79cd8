"""A feed, as it is stored and sent."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document, Resource, SensitiveValue
from polpo.store.kinds import define

FeedType = Literal[
    "BuiltIn",
    "NuGet",
    "Docker",
    "Maven",
    "OctopusProject",
    "GitHub",
    "Helm",
    "OciRegistry",
    "AwsElasticContainerRegistry",
    "S3",
    "AzureContainerRegistry",
    "GoogleContainerRegistry",
    "ArtifactoryGeneric",
    "Npm",
    "GcsStorage",
    "PyPi",
    "None",
]

#: The id of the default space's built-in feed, which exported processes name.
BUILT_IN_FEED = "feeds-builtin"
#: And of its feed of releases, whose packages are projects.
RELEASES_FEED = "feeds-builtin-releases"


class FeedOidcAuthentication(Resource, omit_defaults=True):
    """How a registry is told who asks, without a secret. Which properties mean something depends on the feed's type."""

    audience: str | None = None
    subject_keys: list[str] | None = None
    client_id: str | None = None
    tenant_id: str | None = None
    role_arn: str | None = None
    session_duration: str | int | None = None


class Feed(Document, kw_only=True):
    """`feed_type` says which of the other properties mean something; it cannot be changed later."""

    space_id: str = ""
    name: str = ""
    slug: str = ""
    feed_type: FeedType
    package_acquisition_location_options: list[Literal["Server", "ExecutionTarget", "NotAcquired"]] = []
    feed_uri: str | None = None
    username: str | None = None
    password: SensitiveValue | None = None
    download_attempts: int = 5
    download_retry_backoff_seconds: int = 10
    # Built-in
    is_built_in_repo_sync_enabled: bool | None = None
    delete_unreleased_packages_after_days: int | None = None
    delete_packages_associated_with_releases: bool | None = None
    # NuGet
    enhanced_mode: bool | None = None
    # Registries and stores
    api_version: str | None = None
    registry_path: str | None = None
    region: str | None = None
    access_key: str | None = None
    secret_key: SensitiveValue | None = None
    use_machine_credentials: bool | None = None
    oidc_authentication: FeedOidcAuthentication | None = None
    project: str | None = None
    use_service_account_key: bool | None = None
    service_account_json_key: SensitiveValue | None = None
    repository: str | None = None
    layout_regex: str | None = None


FEEDS = define(
    "Feeds",
    Feed,
    sa.Column("feed_type", sa.Text, nullable=False),
    singular="feed",
    unique=[("name_key",), ("slug",)],
)

register(
    Feed,
    {
        "Self": "/api/{SpaceId}/feeds/{Id}",
        "SearchTemplate": "/api/{SpaceId}/feeds/{Id}/packages{?packageId,partialMatch,includeMultipleVersions,"
        "includeNotes,includePreRelease,take}",
        "VersionsTemplate": "/api/{SpaceId}/feeds/{Id}/packages{?packageIds}",
        "SearchPackagesTemplate": "/api/{SpaceId}/feeds/{Id}/packages/search{?term,skip,take}",
        "SearchPackageVersionsTemplate": "/api/{SpaceId}/feeds/{Id}/packages/versions{?packageId,take,skip,"
        "includePreRelease,versionRange,preReleaseTag,filter,includeReleaseNotes}",
        "NotesTemplate": "/api/{SpaceId}/feeds/{Id}/packages/notes{?packageId,version}",
    },
)
