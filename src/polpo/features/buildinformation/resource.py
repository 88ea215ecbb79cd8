"""Build information, as stored and sent, and the command that pushes it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
import sqlalchemy as sa

from polpo.languages.versions import OctopusVersion
from polpo.rest.links import register
from polpo.store.documents import Document, Resource
from polpo.store.kinds import define

OverwriteMode = Literal["FailIfExists", "OverwriteExisting", "IgnoreIfExists"]


class CommitDetail(Resource):
    id: str = ""
    comment: str = ""
    link_url: str | None = None


class WorkItemLink(Resource):
    """What a commit says it resolves."""

    id: str = ""
    link_url: str | None = None
    source: str | None = None
    description: str | None = None


class BuildInformation(Document):
    """Links of commits and work items are worked out from `vcs_root` when it is a host whose addresses are known."""

    space_id: str = ""
    package_id: str = ""
    version: str = ""
    build_environment: str = ""
    build_number: str = ""
    build_url: str = ""
    branch: str = ""
    vcs_type: str = ""
    vcs_root: str = ""
    vcs_commit_number: str = ""
    vcs_commit_url: str | None = None
    issue_tracker_name: str | None = None
    issue_tracker_id: str | None = None
    work_items: list[WorkItemLink] = []
    commits: list[CommitDetail] = []
    incomplete_data_warning: str | None = None
    created: datetime | None = None


class ReleasePackageVersionBuildInformation(Resource):
    """The same, as a release that chose the version keeps it."""

    package_id: str = ""
    version: str = ""
    build_environment: str = ""
    build_number: str = ""
    build_url: str = ""
    branch: str = ""
    vcs_type: str = ""
    vcs_root: str = ""
    vcs_commit_number: str = ""
    vcs_commit_url: str | None = None
    issue_tracker_name: str | None = None
    issue_tracker_id: str | None = None
    work_items: list[WorkItemLink] = []
    commits: list[CommitDetail] = []


class OctopusBuildInformation(Resource):
    """What the build server says."""

    build_environment: str = ""
    build_number: str = ""
    build_url: str = ""
    branch: str = ""
    vcs_type: str = ""
    vcs_root: str = ""
    vcs_commit_number: str = ""
    commits: list[CommitDetail] = []


class CreateBuildInformationCommand(Resource):
    package_id: str = ""
    version: str = ""
    octopus_build_information: OctopusBuildInformation = msgspec.field(default_factory=OctopusBuildInformation)
    overwrite_mode: OverwriteMode | None = None


class CreatePackageMetadataCommand(Resource):
    """As older clients push it: the same under an older name."""

    package_id: str = ""
    version: str = ""
    octopus_package_metadata: OctopusBuildInformation = msgspec.field(default_factory=OctopusBuildInformation)


BUILD_INFORMATION = define(
    "BuildInformation",
    BuildInformation,
    sa.Column("package_id", sa.Text, nullable=False),
    sa.Column("package_key", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("version_key", sa.Text, nullable=False),
    sa.Column("sort_key", sa.Text, nullable=False),
    singular="build information",
    computed={
        "package_key": lambda information: information.package_id.casefold(),
        "version_key": lambda information: information.version.casefold(),
        "sort_key": lambda information: OctopusVersion.parse(information.version).sort_key,
    },
    unique=[("package_key", "version_key")],
    order=("package_key", "sort_key"),
)

register(BuildInformation, {"Self": "/api/{SpaceId}/build-information/{Id}"})
