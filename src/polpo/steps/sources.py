"""The files of a Git repository for a script that stands in one: packed by the server, brought to where it runs."""

from __future__ import annotations

import hashlib

from polpo.kernel.errors import TaskError
from polpo.steps.work import GitSource, Sources, Work


async def bring_source(work: Work) -> str:
    """Where the packed files of the step's repository lie, below the home of whoever runs the step."""
    source = next((one for one in work.sources if not one.name), None)
    if source is None:
        raise TaskError(f"Step '{work.action_name}' takes its script from Git but names no repository.")
    if work.repositories is None or work.transport is None:
        raise TaskError(f"Step '{work.action_name}' takes its script from Git, which cannot be done here.")
    commit = await _pinned(work, source, work.repositories)
    work.run.log.once(
        f"source/{work.key}/{work.attempt}", work.node, "Info", f"The script comes from {source.told(commit)}."
    )
    archive = await work.repositories.archive(source, commit)
    try:
        path = f"Files/{_file_name(source, commit)}"
        await work.transport.upload(path, archive)
    finally:
        archive.discard()
    return path


async def _pinned(work: Work, source: GitSource, repositories: Sources) -> str:
    """The commit, which is the same for the whole task, whatever happens to the branch meanwhile."""
    if source.commit:
        return source.commit
    key = f"commit/{source.url}{source.project_id}@{source.ref}"
    known = work.run.recall(key)
    if known is None:
        found = await repositories.commit_of(source)
        known = work.run.recall(key)  # another target may have been faster, and the first one counts
        if known is None:
            known = found
            await work.run.remember(key, known)
    return str(known)


def _file_name(source: GitSource, commit: str) -> str:
    about = "\n".join([source.url, source.project_id, commit, *source.filters])
    return f"git-{hashlib.sha256(about.encode()).hexdigest()[:32]}.zip"
