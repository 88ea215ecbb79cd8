"""Where a repository is and who asks: addresses that are allowed, and failures in words for people."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

import pygit2

from polpo.kernel.destinations import WEB, Destinations
from polpo.kernel.errors import AppError, Conflict, Invalid

_MAX_BYTES = 1 << 30
_MAX_URL = 2000
#: Of one fetch or push; libgit2's own limits on silence are much shorter.
_MAX_SECONDS = 300.0


@dataclass(frozen=True)
class Remote:
    """A repository elsewhere. Without a user name it is asked anonymously."""

    url: str
    username: str = ""
    password: str = field(default="", repr=False)


def checked_url(url: str, destinations: Destinations, *, local: bool) -> str:
    """The address, if the server may go there. Files of the server's own machine only when it is set up so."""
    trimmed = url.strip()
    parts = _split(trimmed)
    if parts is not None and parts.scheme.lower() in WEB and parts.hostname:
        if parts.username or parts.password:
            raise _refused("must not hold a user name or a password; enter them as credentials")
        destinations.check(trimmed)
        return trimmed
    if local and (trimmed.startswith("/") or (parts is not None and parts.scheme == "file")):
        return trimmed
    raise _refused(f"must be an http:// or https:// address of a Git repository; it is '{trimmed[:200]}'")


def _split(url: str) -> SplitResult | None:
    if len(url) > _MAX_URL or re.search(r"[\x00-\x20\x7f]", url):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError:
        return None
    return parts


def _refused(why: str) -> Invalid:
    sentence = f"Url {why}."
    return Invalid(sentence, [sentence])


class Conversation(pygit2.RemoteCallbacks):
    """What one fetch or push asks and reports; ends it when it grows or lasts too long."""

    def __init__(self, remote: Remote) -> None:
        super().__init__()
        self._remote = remote
        self._asked = False
        self._ends = time.monotonic() + _MAX_SECONDS
        self.rejection: str | None = None

    def credentials(self, _url: str, _username: str | None, _types: pygit2.enums.CredentialType) -> pygit2.UserPass:
        """Asked a second time, the first answer was wrong. Nobody else can ask: no redirect is followed."""
        remote = self._remote
        if not remote.username and not remote.password:
            raise _unreachable(remote, "it asks for a user name and a password, and the project has none")
        if self._asked:
            raise _unreachable(remote, "the user name or the password was not accepted")
        self._asked = True
        return pygit2.UserPass(remote.username, remote.password)

    def transfer_progress(self, stats: pygit2.remotes.TransferProgress) -> None:
        if stats.received_bytes > _MAX_BYTES:
            raise _unreachable(self._remote, f"it is larger than {_MAX_BYTES >> 20} MB")
        self._hurry()

    def sideband_progress(self, _text: str) -> None:
        self._hurry()

    def push_update_reference(self, _refname: str, message: str | None) -> None:
        if message is not None:
            self.rejection = message

    def _hurry(self) -> None:
        if time.monotonic() > self._ends:
            raise _unreachable(self._remote, f"it took more than {_MAX_SECONDS:.0f} seconds")


def in_words(remote: Remote, error: Exception, fault: str | None = None) -> AppError:
    """What libgit2 or a callback raised, as an error for the user; `fault` is known to be its cause."""
    if isinstance(error, AppError):
        return error
    if fault is not None:
        return _unreachable(remote, fault.rstrip("."))
    text = str(error)
    if "fastforward" in text or "not present locally" in text:
        return moved_on()
    status = re.search(r"status code: (\d+)", text)
    if status is not None and status[1] in {"401", "403"}:
        return _unreachable(remote, "the user name or the password was not accepted, or may not do this")
    if status is not None and status[1] == "404":
        return _unreachable(remote, "there is no repository at this address")
    if "authentication" in text:
        return _unreachable(remote, "the user name or the password was not accepted")
    return _unreachable(remote, re.sub(r"\s+", " ", text)[:300] or "for no reason that is known")


def moved_on() -> Conflict:
    return Conflict("The branch was changed in the repository in the meantime. Read it again and repeat your change.")


def rejected(message: str) -> Conflict:
    return Conflict(f"The repository did not take the change: {re.sub(chr(10), ' ', message)[:300]}.")


def _unreachable(remote: Remote, why: str) -> Invalid:
    sentence = f"The Git repository {remote.url} cannot be used: {why}."
    return Invalid(sentence, [sentence])
