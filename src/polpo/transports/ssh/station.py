"""The script that serves us on the far side, and how it is asked."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from polpo.halibut.errors import ConnectionLost
from polpo.kernel.errors import Invalid
from polpo.transports.ssh.channel import Channel
from polpo.transports.ssh.errors import SshRefused, StationRefused
from polpo.transports.ssh.pool import Kept
from polpo.version import __version__

T = TypeVar("T")

_GREETING = b"polpo 1"
_ANSWER_SECONDS = 60.0
_MOST_SAID = 300
_PIECE = 1 << 20

_SCRIPT = Path(__file__).with_name("station.sh").read_bytes().replace(b"@VERSION@", __version__.encode())
_FOLDER = "$HOME/.octopus/OctopusServer/Tools/PolpoStation"
_FILE = f"{_FOLDER}/{hashlib.sha256(_SCRIPT).hexdigest()[:16]}.sh"
# A login shell may be any: what it is given must be plain, so all else is for the shell that it starts.
_ASK = f"sh -c 'exec sh \"{_FILE}\"'"
_INSTALL = (
    f'sh -c \'mkdir -p "{_FOLDER}" && cd "{_FOLDER}" && cat > new-$$ && [ $(wc -c < new-$$) -eq {len(_SCRIPT)} ]'
    f' && mv -f new-$$ "{_FILE}" && echo installed\''
)


class Station:
    """The far side of one connection. `seconds` bound the making of the connection where there is none."""

    def __init__(self, kept: Kept, seconds: float) -> None:
        self.kept = kept
        self._seconds = seconds

    async def ask(self, *request: str, payload: bytes = b"") -> Channel:
        """Asks for a verb with its arguments, one a line; returns at the answer, to be read by `accepted`.

        The script is brought there when the machine has not got it.
        """
        if any("\n" in one for one in request):
            raise Invalid("What is asked of a machine over SSH must not hold line ends.")
        head = "".join(f"{one}\n" for one in request).encode() + payload
        channel = await self._greeted(head)
        if channel is None:
            await self._install()
            channel = await self._greeted(head)
        if channel is None:
            raise SshRefused(f"{self.kept.address} lets us in but does not run our script.", "shell")
        return channel

    async def _greeted(self, head: bytes) -> Channel | None:
        channel = await self.kept.run(_ASK, self._seconds)
        try:
            await _written(channel, head)
            line = await within(channel.line)
        except BaseException:
            channel.close()
            raise
        if line == _GREETING:
            return channel
        channel.close()
        return None

    async def _install(self) -> None:
        channel = await self.kept.run(_INSTALL, self._seconds)
        try:
            await _written(channel, _SCRIPT)
            channel.end_input()
            line = await within(channel.line)
            if line == b"installed":
                return
            await within(channel.ended)
        finally:
            channel.close()
        said = (line or bytes(channel.errors)).decode("utf-8", "replace").strip()[:_MOST_SAID]
        reason = f"it says: {said}" if said else "it says nothing"
        raise SshRefused(f"{self.kept.address} lets us in but its shell cannot be used; {reason}", "shell")


async def _written(channel: Channel, data: bytes) -> None:
    """Piece by piece, each within the usual time; ends early when the far side takes no more."""
    for at in range(0, len(data), _PIECE):
        piece = data[at : at + _PIECE]
        if not await within(lambda piece=piece: channel.write(piece)):  # type: ignore[misc]
            return


async def accepted(channel: Channel, seconds: float = _ANSWER_SECONDS) -> bool:
    """Whether it can be done: False where the thing is not known. StationRefused says why it cannot."""
    line = await within(channel.line, seconds)
    if line is None:
        raise ConnectionLost("What serves us on the machine ended without an answer.")
    if line.startswith(b"!"):
        raise StationRefused(line[1:].decode("utf-8", "replace"))
    return line == b"+"


async def within(call: Callable[[], Awaitable[T]], seconds: float = _ANSWER_SECONDS) -> T:
    """What should come at once; when it does not, the connection is taken for lost."""
    try:
        async with asyncio.timeout(seconds):
            return await call()
    except TimeoutError as error:
        raise ConnectionLost(f"There was no answer within {seconds:.0f} s.") from error
