"""Rules of Git credentials."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.features.gitcredentials.resource import GitCredential, GitCredentialUsage, GitCredentialUsageProject
from polpo.features.projects.resource import PROJECTS
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.store.documents import SensitiveValue
from polpo.store.kinds import reference


def settle_credential(_call: Call, credential: GitCredential, before: GitCredential | None) -> None:
    """A password that is left out of a change stays as it is."""
    details = credential.details
    details.username = details.username.strip()
    if details.password is None and before is not None:
        details.password = SensitiveValue(has_value=True)
    secret = details.password
    faults = []
    if not details.username:
        faults.append("Details.Username: it is missing; hosts that take a token alone accept any name.")
    if secret is None or not (secret.new_value or (before is not None and secret.has_value)):
        faults.append("Details.Password: it is missing; give the password or the token.")
    patterns = [pattern.strip() for pattern in credential.repository_restrictions.allowed_repositories]
    if "" in patterns:
        faults.append("RepositoryRestrictions.AllowedRepositories: an entry is empty; remove it or name a repository.")
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The Git credential cannot be saved.", faults)
    credential.repository_restrictions.allowed_repositories = patterns


def usage_of(call: Call, credential: GitCredential) -> GitCredentialUsage:
    users = sa.select(reference.c.from_id).where(
        reference.c.to_id == credential.id, reference.c.from_kind == PROJECTS.name
    )
    seen = call.narrowed(Permission.PROJECT_VIEW, protection_of(PROJECTS))
    projects = call.session.all(PROJECTS, PROJECTS.table.c.id.in_(users), *seen)
    return GitCredentialUsage(
        projects=[
            GitCredentialUsageProject(project_id=project.id, name=project.name, slug=project.slug)
            for project in projects
        ]
    )
