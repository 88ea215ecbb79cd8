"""The private file by which a script gets its variables, and the functions that come with them."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import List, NamedTuple


class Command(NamedTuple):
    """How a script is started. The private files remove themselves, if it comes so far."""

    arguments: List[str]
    private: List[str]


def write_payload(workspace: str, text: str) -> str:
    """Write the text where only this user may read it. The script's first act is to remove it; see `discard`."""
    path = os.path.join(workspace, f".payload-{os.urandom(8).hex()}")
    write_private(path, text)
    return path


def write_private(path: str, text: str, mark: bytes = b"") -> None:
    """Write a new file, as UTF-8 after the mark: a script with its variables filled in holds what they hold."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as target:
        target.write(mark + text.encode("utf-8", "surrogateescape"))


def discard(path: str) -> None:
    """Remove the file if the script did not come so far."""
    with suppress(FileNotFoundError):
        os.remove(path)


def resource(name: str) -> str:
    """A file that lies beside this module, on disk or in the archive."""
    loader = __spec__.loader
    content: bytes = loader.get_data(os.path.join(os.path.dirname(__file__), name))  # type: ignore[union-attr]
    return content.decode("utf-8")
