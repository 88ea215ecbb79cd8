"""A bare copy of a repository in the data folder: read at any commit, and committed to.

Every method may wait for the network or the disk, so none runs on the event loop; one thread at a time uses a mirror.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pygit2
from pygit2.enums import ConfigLevel, FetchPrune, FileMode, ObjectType

from polpo.features.git.passage import Passage
from polpo.features.git.remotes import Conversation, Remote, in_words, rejected
from polpo.kernel.destinations import Destinations
from polpo.kernel.errors import Invalid, NotFound
from polpo.languages.globbing import matches

BRANCHES, TAGS = "refs/heads/", "refs/tags/"

_ORIGIN = "origin"
_HASH = re.compile(r"[0-9a-fA-F]{7,40}")
_MAX_FILE = 4 << 20
_MODES = {FileMode.BLOB: 0o100644, FileMode.BLOB_EXECUTABLE: 0o100755, FileMode.LINK: 0o120777}
_CONNECT_MS, _SILENCE_MS = 10_000, 30_000


@dataclass(frozen=True)
class Author:
    name: str
    email: str


@dataclass(frozen=True)
class Reference:
    """A branch, a tag or, without a name, a commit alone."""

    canonical: str
    commit: str

    @property
    def name(self) -> str:
        return self.canonical.removeprefix(BRANCHES).removeprefix(TAGS) or self.commit

    @property
    def is_branch(self) -> bool:
        return self.canonical.startswith(BRANCHES)


@dataclass(frozen=True)
class CommitFacts:
    hash: str
    author: str
    committed: datetime
    message: str


def keep_to_ourselves() -> None:
    """No settings of the account that the server runs under, and no waiting without end."""
    for level in (ConfigLevel.PROGRAMDATA, ConfigLevel.SYSTEM, ConfigLevel.XDG, ConfigLevel.GLOBAL):
        pygit2.settings.search_path[level] = ""
    pygit2.settings.server_connect_timeout = _CONNECT_MS
    pygit2.settings.server_timeout = _SILENCE_MS


class Mirror:
    def __init__(self, folder: Path, remote: Remote, destinations: Destinations) -> None:
        self._remote = remote
        self._destinations = destinations
        is_new = not (folder / "HEAD").exists()
        self._repository = pygit2.init_repository(str(folder), bare=True) if is_new else pygit2.Repository(str(folder))
        if _ORIGIN not in self._repository.remotes.names():
            self._repository.remotes.create(_ORIGIN, remote.url, f"+{BRANCHES}*:{BRANCHES}*")
            self._repository.remotes.add_fetch(_ORIGIN, f"+{TAGS}*:{TAGS}*")

    # -- the network

    def fetch(self) -> None:
        self._converse(lambda one, proxy: self._origin.fetch(callbacks=one, prune=FetchPrune.PRUNE, proxy=proxy))

    def push(self, commit: str, branch: str) -> None:
        """Moves the branch of the repository forward to the commit. Conflict when it has moved itself."""
        said = self._converse(lambda one, proxy: self._origin.push([f"{commit}:{branch}"], callbacks=one, proxy=proxy))
        if said.rejection is not None:
            raise rejected(said.rejection)
        self._repository.references.create(branch, pygit2.Oid(hex=commit), force=True)

    def _converse(self, work: Callable[[Conversation, str | None], object]) -> Conversation:
        conversation = Conversation(self._remote)
        with Passage(self._remote.url, self._destinations) as passage:
            if self._origin.url != passage.url:
                self._repository.remotes.set_url(_ORIGIN, passage.url)
            try:
                work(conversation, passage.proxy)
            except Exception as error:
                raise in_words(self._remote, error, passage.fault) from error
        return conversation

    @property
    def _origin(self) -> pygit2.Remote:
        return self._repository.remotes[_ORIGIN]

    # -- references

    def names(self, prefix: str) -> list[str]:
        """The full names of branches or tags, in order."""
        return sorted(name for name in self._repository.references if name.startswith(prefix))

    def is_empty(self) -> bool:
        return not self.names(BRANCHES)

    def find(self, named: str) -> Reference | None:
        """A branch, tag or commit by full or short name; a branch goes before a tag, a tag before a commit."""
        full = [named] if named.startswith("refs/") else [BRANCHES + named, TAGS + named]
        for name in full:
            if name.startswith((BRANCHES, TAGS)) and (found := self._reference(name)) is not None:
                return found
        return self._commit_reference(named)

    def get(self, named: str) -> Reference:
        found = self.find(named)
        if found is None:
            raise NotFound(f"The Git repository has no branch, tag or commit '{named}'.")
        return found

    def _reference(self, name: str) -> Reference | None:
        if not pygit2.reference_is_valid_name(name) or name not in self._repository.references:
            return None
        try:
            target = self._repository.references[name].peel(pygit2.Commit)
        except (pygit2.GitError, ValueError):
            return None  # a tag of something that is no commit
        return Reference(name, str(target.id))

    def _commit_reference(self, text: str) -> Reference | None:
        commit = self._commit(text)
        return Reference("", str(commit.id)) if commit is not None else None

    def _commit(self, text: str) -> pygit2.Commit | None:
        if not _HASH.fullmatch(text):
            return None
        try:
            found: Any = self._repository.get(text)
        except (KeyError, ValueError):
            return None
        return found if isinstance(found, pygit2.Commit) else None

    def facts(self, commit: str) -> CommitFacts:
        found = self._existing(commit)
        when = datetime.fromtimestamp(found.commit_time, UTC)
        return CommitFacts(str(found.id), found.author.name, when, found.message)

    def history(self, commit: str, skip: int, take: int) -> tuple[list[CommitFacts], int]:
        """A part of the commits that led to this one, newest first, and how many there are."""
        hashes = [str(one.id) for one in self._repository.walk(pygit2.Oid(hex=commit))]
        return [self.facts(one) for one in hashes[skip : skip + take]], len(hashes)

    def contains(self, tip: str, commit: str) -> bool:
        return tip == commit or self._repository.descendant_of(tip, commit)

    def _existing(self, commit: str) -> pygit2.Commit:
        found = self._commit(commit)
        if found is None:
            raise NotFound(f"The Git repository has no commit '{commit}'.")
        return found

    # -- files

    def read(self, commit: str, path: str) -> tuple[str, bytes] | None:
        """The id and the content of a file; None where there is none."""
        blob = self._entry(commit, path)
        if not isinstance(blob, pygit2.Blob):
            return None
        if blob.size > _MAX_FILE:
            sentence = f"The file {path} in the Git repository is larger than {_MAX_FILE >> 20} MB."
            raise Invalid(sentence, [sentence])
        return str(blob.id), blob.data

    def names_in(self, commit: str, folder: str) -> list[str]:
        """The names of the files in a folder, not of those below it."""
        tree = self._entry(commit, folder)
        if not isinstance(tree, pygit2.Tree):
            return []
        return sorted(entry.name for entry in tree if entry.name and entry.type == ObjectType.BLOB)

    def pack(self, commit: str, target: Path, filters: Sequence[str] = ()) -> None:
        """The files of a commit as a zip archive, with their modes; links stay links, and submodules are left out."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, entry in _files(self._existing(commit).tree, ""):
                if filters and not any(matches(pattern, path) for pattern in filters):
                    continue
                packed = zipfile.ZipInfo(path)
                packed.compress_type = zipfile.ZIP_DEFLATED
                packed.create_system = 3
                packed.external_attr = _MODES[entry.filemode] << 16
                archive.writestr(packed, cast("pygit2.Blob", entry).data)

    def _entry(self, commit: str, path: str) -> pygit2.Object | None:
        tree = self._existing(commit).tree
        if not path:
            return tree
        try:
            return tree[path]
        except (KeyError, ValueError, pygit2.GitError):
            return None

    def commit(self, parent: str | None, changes: Mapping[str, bytes | None], message: str, author: Author) -> str:
        """A commit on `parent` that writes files, or removes those that are None; `parent` where nothing changes.

        It is in the mirror only, until it is pushed.
        """
        index = pygit2.Index()
        if parent is not None:
            index.read_tree(self._existing(parent).tree)
        for path, content in changes.items():
            if content is not None:
                index.add(pygit2.IndexEntry(path, self._repository.create_blob(content), FileMode.BLOB))
            elif path in index:
                index.remove(path)
        tree = index.write_tree(self._repository)
        if parent is not None and self._existing(parent).tree.id == tree:
            return parent
        parents = [] if parent is None else [pygit2.Oid(hex=parent)]
        writer = _signature(author)
        return str(self._repository.create_commit(None, writer, writer, message, tree, parents))


def _files(tree: pygit2.Tree, folder: str) -> Iterator[tuple[str, pygit2.Object]]:
    for entry in tree:
        path = f"{folder}{entry.name}"
        if isinstance(entry, pygit2.Tree):
            yield from _files(entry, f"{path}/")
        elif entry.filemode in _MODES:
            yield path, entry


def _signature(author: Author) -> pygit2.Signature:
    name = re.sub(r"[<>\x00-\x1f]", "", author.name).strip(" .,:;\"'") or "unknown"
    email = re.sub(r"[<>\x00-\x20]", "", author.email) or "unknown"
    return pygit2.Signature(name, email)
