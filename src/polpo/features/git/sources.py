"""Repositories that steps take files from: their own, by address and credential, or that of the project."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from polpo.features.git.mirrors import Mirror
from polpo.features.git.remotes import Remote
from polpo.features.git.repositories import Repositories
from polpo.features.git.service import shared_credential, sign_in
from polpo.features.projects.resource import PROJECTS
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import AppError, Invalid, TaskError
from polpo.steps.work import GitSource
from polpo.store.database import Database
from polpo.store.session import Session

T = TypeVar("T")


class GitSources:
    """Packs files in `folder`, from mirrors that are shared by all that use a repository with the same credential."""

    def __init__(self, database: Database, repositories: Repositories, folder: Path) -> None:
        self._database = database
        self._repositories = repositories
        self._folder = folder

    async def commit_of(self, source: GitSource) -> str:
        """What its branch, tag or commit is at this moment."""
        return await self._use(source, lambda mirror: mirror.get(source.ref).commit, refresh=True)

    async def archive(self, source: GitSource, commit: str) -> DataStream:
        """The files of the commit as a zip archive; only those that the filters take in, where there are some."""
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        path = self._folder / f"git-{uuid.uuid4().hex}"
        try:
            await self._use(source, lambda mirror: mirror.pack(commit, path, source.filters))
        except BaseException:
            await asyncio.to_thread(path.unlink, missing_ok=True)
            raise
        return DataStream.of_file(path, temporary=True)

    async def _use(self, source: GitSource, work: Callable[[Mirror], T], *, refresh: bool = False) -> T:
        try:
            with self._database.read() as session:
                remote = self._remote(session, source)
            place = f"{source.space_id}\n{remote.url}\n{remote.username}"
            key = source.project_id or f"source-{hashlib.sha256(place.encode()).hexdigest()[:16]}"
            return await self._repositories.use(key, remote, work, refresh=refresh)
        except AppError as error:
            raise TaskError(error.message) from error

    def _remote(self, session: Session, source: GitSource) -> Remote:
        if source.project_id:
            project = session.get(PROJECTS, source.project_id)
            settings = project.persistence_settings
            if not settings.in_git:
                sentence = f"The script is to come from the repository of {project.name}, which is not in Git."
                raise Invalid(sentence, [sentence])
            url, name = settings.url or "", sign_in(session, source.space_id, settings)
        else:
            url, name = source.url, ("", "")
            if source.credential_id:
                name = shared_credential(session, source.space_id, source.credential_id, url)
        return Remote(self._repositories.checked_url(url), *name)
