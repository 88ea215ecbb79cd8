"""Opening a project's repository: where it is, how to sign in, and whether the project is in Git at all."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from polpo.features.git.documents import Snapshot
from polpo.features.git.mirrors import Author, Mirror
from polpo.features.git.remotes import Remote
from polpo.features.git.repositories import Repositories
from polpo.features.gitcredentials.resource import GIT_CREDENTIALS
from polpo.features.gitcredentials.restrictions import is_allowed
from polpo.features.projects.resource import PersistenceSettings, Project, ProjectGitCredential
from polpo.features.projects.service import project_for
from polpo.features.users.resource import USERS
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.store.session import Session

T = TypeVar("T")

_NOREPLY = "noreply.invalid"


@dataclass(frozen=True)
class GitProject:
    """A project in Git with all that is needed to use its repository."""

    call: Call
    project: Project
    remote: Remote
    author: Author

    @property
    def settings(self) -> PersistenceSettings:
        return self.project.persistence_settings

    async def use(self, work: Callable[[Mirror], T], *, refresh: bool = False) -> T:
        repositories = self.call.parts.get(Repositories)
        return await repositories.use(self.project.id, self.remote, work, refresh=refresh)

    async def read(self, git_ref: str, work: Callable[[Snapshot], T], *, refresh: bool = False) -> T:
        """`work` on the project as it is at a branch, tag or commit; NotFound when there is no such thing."""

        def reading(mirror: Mirror) -> T:
            reference = mirror.get(git_ref)
            with self.call.reading() as call:
                return work(Snapshot(mirror, reference, call.session, self.project))

        return await self.use(reading, refresh=refresh)


def open_project(call: Call, named: str) -> GitProject:
    """A project that the route's permission reaches. Invalid when it is not in Git."""
    with call.reading() as reading:
        project = project_for(reading, named)
        if not project.persistence_settings.in_git:
            sentence = (
                f"The project '{project.name}' is not in Git: it has no branches, tags and commits."
                " Leave out the Git reference."
            )
            raise Invalid(sentence, [sentence])
        return opened(reading, project)


def opened(call: Call, project: Project) -> GitProject:
    settings = project.persistence_settings
    url = call.parts.get(Repositories).checked_url(settings.url or "")
    username, password = sign_in(call.session, project.space_id, settings)
    return GitProject(call, project, Remote(url, username, password), author_of(call))


def sign_in(session: Session, space_id: str, settings: PersistenceSettings) -> tuple[str, str]:
    """User name and password for the project's repository; both are empty where it is asked anonymously."""
    credentials = settings.credentials or ProjectGitCredential()
    if credentials.type == "Anonymous":
        return "", ""
    if credentials.type == "UsernamePassword":
        return credentials.username or "", session.reveal(credentials.password) or ""
    if credentials.type == "Reference":
        return shared_credential(session, space_id, credentials.id or "", settings.url or "")
    sentence = "Credentials of the type GitHub need a GitHub App, which this server does not have; use another type."
    raise Invalid(sentence, [sentence])


def shared_credential(session: Session, space_id: str, identity: str, url: str) -> tuple[str, str]:
    """User name and password of a credential of the space, if it may be used for the repository."""
    found = session.find(GIT_CREDENTIALS, identity)
    if found is None or found.space_id != space_id:
        sentence = f"Credentials names the Git credential '{identity}', which does not exist."
        raise Invalid(sentence, [sentence])
    bounds = found.repository_restrictions
    if bounds.enabled and not is_allowed(url, bounds.allowed_repositories):
        sentence = f"The Git credential '{found.name}' may not be used for the repository {url}."
        raise Invalid(sentence, [sentence])
    return found.details.username or "", session.reveal(found.details.password) or ""


def author_of(call: Call) -> Author:
    """Who writes a commit: the signed-in user."""
    caller = call.caller
    user = call.session.find(USERS, caller.user_id)
    address = (user.email_address if user else "") or f"{caller.username}@{_NOREPLY}"
    return Author(caller.display_name or caller.username, address)


def is_protected(settings: PersistenceSettings, branch: str) -> bool:
    """Whether people are asked not to commit to the branch."""
    if settings.protected_default_branch and branch == settings.default_branch:
        return True
    return any(fnmatch.fnmatchcase(branch, pattern) for pattern in settings.protected_branch_name_patterns or [])
