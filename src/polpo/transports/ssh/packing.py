"""A script with its files as one stream that the far side unpacks into the script's folder."""

from __future__ import annotations

import io
import shlex
import tarfile
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

from polpo.halibut.contracts import ScriptFile, ScriptIsolationLevel, StartScriptCommandV2
from polpo.scripthost.arguments import split_arguments
from polpo.scripthost.sealing import seal
from polpo.scripthost.workspace import DEFAULT_MUTEX, inner_path, is_endless

_CONTROL = ".polpo"
_GRACE_SECONDS = 10
_ENDING = b"\0" * 1024


def packed(command: StartScriptCommandV2) -> bytes:
    """A tar archive; Invalid for a file that would not lie in the script's folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in _members(command):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o600
            archive.addfile(member, io.BytesIO(content))
        end = archive.offset
    return buffer.getvalue()[:end] + _ENDING


def _members(command: StartScriptCommandV2) -> Iterator[tuple[str, bytes]]:
    yield f"{_CONTROL}/command", _settings(command)
    yield f"{_CONTROL}/arguments", shlex.join(split_arguments(command.arguments)).encode()
    yield f"{_CONTROL}/log", b""
    for file in command.files:
        yield str(inner_path(file.name, _CONTROL)), _content(file)
    body = (command.scripts or {}).get("Bash") or command.script_body
    yield "Bootstrap.sh", body.replace("\r\n", "\n").encode()


def _settings(command: StartScriptCommandV2) -> bytes:
    """One a line, in the order in which the supervisor reads them."""
    mutex = command.isolation_mutex_name or DEFAULT_MUTEX
    timeout = command.script_isolation_mutex_timeout
    lines = (
        command.task_id,
        sha256(mutex.encode()).hexdigest()[:32],
        mutex,
        "-x" if command.isolation is ScriptIsolationLevel.FULL_ISOLATION else "-s",
        "" if is_endless(timeout) else str(max(int(timeout / timedelta(seconds=1)), 1)),
        str(_GRACE_SECONDS),
    )
    return "".join(f"{line}\n" for line in (" ".join(one.splitlines()) for one in lines)).encode()


def _content(file: ScriptFile) -> bytes:
    content = b"".join(file.contents.chunks())
    return content if file.encryption_password is None else seal(content, file.encryption_password)
