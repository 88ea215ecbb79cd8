"""Questions to a directory run beside everything else, and not without bound."""

from __future__ import annotations

import asyncio
import threading

import pytest

from polpo.features.ldap import directories as module
from polpo.features.ldap.directories import Directories
from polpo.features.ldap.directory import DirectoryFault


async def test_a_directory_that_hangs_holds_up_only_those_who_ask_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    directories, answers = Directories(), threading.Event()
    try:
        waiting = [asyncio.create_task(directories.ask(answers.wait)) for _ in range(44)]
        await asyncio.sleep(0)

        with pytest.raises(DirectoryFault, match="Too many questions"):
            await directories.ask(lambda: "an answer")
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert {str(outcome) for outcome in outcomes} == {"The directory did not answer within 0 seconds."}
    finally:
        answers.set()
        directories.close()
