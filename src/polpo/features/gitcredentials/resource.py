"""A Git credential, as stored and sent, and who uses one."""

from __future__ import annotations

from typing import Literal

import msgspec

from polpo.rest.links import register
from polpo.store.documents import Document, Resource, SensitiveValue
from polpo.store.kinds import define


class GitCredentialDetails(Resource):
    type: Literal["UsernamePassword"] = "UsernamePassword"
    username: str = ""
    password: SensitiveValue | None = None


class GitCredentialRepositoryRestrictions(Resource):
    """With restrictions, only the repositories that are listed, by patterns of their addresses."""

    enabled: bool = False
    allowed_repositories: list[str] = []


class GitCredential(Document, kw_only=True):
    space_id: str = ""
    name: str = ""
    description: str = ""
    type: Literal["UsernamePassword"] = "UsernamePassword"
    details: GitCredentialDetails
    repository_restrictions: GitCredentialRepositoryRestrictions = msgspec.field(
        default_factory=GitCredentialRepositoryRestrictions
    )


class GitCredentialUsageProject(Resource):
    project_id: str
    name: str
    slug: str


class GitCredentialUsage(Resource):
    """`other_projects` counts those that the caller may not see."""

    projects: list[GitCredentialUsageProject]
    other_projects: int = 0


GIT_CREDENTIALS = define("GitCredentials", GitCredential, singular="Git credential", unique=[("name_key",)])

register(
    GitCredential,
    {
        "Self": "/api/{SpaceId}/git-credentials/{Id}",
        "Usage": "/api/{SpaceId}/git-credentials/{Id}/usage",
    },
)
