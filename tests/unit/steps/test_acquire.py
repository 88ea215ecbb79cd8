"""Packages on their way to a machine: the real runner over the transport of this machine, with what the log says."""

from __future__ import annotations

import hashlib
import os
import random
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from polpo.engine import TaskRun, TaskState
from polpo.halibut.streams import DataStream
from polpo.runner.archive import build
from polpo.scripthost.host import ScriptHost
from polpo.server.depot import BlobDepot
from polpo.steps.acquire import Delivery, Terms, package_path, runner_path
from polpo.steps.work import PackageFile
from polpo.transports.local import LocalTransport
from unit.engine.bench import Bench
from unit.engine.conftest import bench, engine_log

__all__ = ["bench", "engine_log"]

OLD = random.Random(5).randbytes(400_000)  # noqa: S311 - the same bytes in every run
NEW = OLD[:100_000] + b"changed" + OLD[100_010:]
FREELY = Terms(free_megabytes=None)


class Machine:
    """A machine with a home, as an agent would have it, and a server that brings packages there."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        self.bench = bench
        self.home = folder / "home"
        self.stored: list[PackageFile] = []
        self.depot = BlobDepot(bench.blobs, folder / "spool", self.older)
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TentacleHome": str(self.home)}
        self.host = ScriptHost(self.home, environment=environment)
        self.transport = LocalTransport(self.host, "m1")
        self.work: tuple[list[PackageFile], Terms] = ([], FREELY)

    async def package(self, content: bytes, version: str) -> PackageFile:
        sha256 = hashlib.sha256(content).hexdigest()
        await self.bench.blobs.put(f"packages/{version}", content)
        return PackageFile(
            reference="",
            package_id="Acme.Web",
            version=version,
            feed_id="",
            extension=".zip",
            sha1=hashlib.sha1(content, usedforsecurity=False).hexdigest(),
            sha256=sha256,
            size=len(content),
            blob_key=f"packages/{version}",
        )

    def older(self, _package: PackageFile, version: str, digest: str) -> PackageFile | None:
        """What the server's repository has, where a test has put something there."""
        found = (one for one in self.stored if one.version == version and one.sha256.startswith(digest))
        return next(found, None)

    async def bring(self, *packages: PackageFile, terms: Terms = FREELY) -> list[str]:
        """The lines that tell of what was sent."""
        self.work = (list(packages), terms)
        task = await self.bench.enqueue()
        ended = await self.bench.end(task)
        lines = self.bench.lines(task)
        assert ended.state is TaskState.SUCCESS, lines
        return [line.text for line in lines if line.category != "Verbose"]

    async def run(self, run: TaskRun) -> None:
        packages, terms = self.work
        await Delivery(run, self.transport, run.log.root, "equip/m1", build(), self.depot).bring(packages, terms)

    def content(self, package: PackageFile) -> bytes:
        return (self.home / package_path(package)).read_bytes()


@pytest.fixture
async def machine(bench: Bench, tmp_path: Path) -> AsyncIterator[Machine]:
    machine = Machine(bench, tmp_path)
    await machine.host.open()
    await bench.start(Work=machine.run)
    yield machine
    await bench.engine.stop()
    await machine.host.close()


async def test_package_is_sent_once_and_its_next_version_as_the_difference(machine: Machine) -> None:
    old, new = await machine.package(OLD, "1.0.0"), await machine.package(NEW, "1.0.1")
    assert await machine.bring(old) == ["Sending Acme.Web 1.0.0 to m1 (390.6 kB)."]
    assert await machine.bring(old) == ["m1 has Acme.Web 1.0.0 already; nothing is sent."]

    [line] = await machine.bring(new)

    told = re.fullmatch(
        r"Sending Acme\.Web 1\.0\.1 to m1 as its difference from 1\.0\.0: ([\d,]+) instead of 399,997 bytes\.", line
    )
    assert told is not None, line
    assert int(told[1].replace(",", "")) < 80_000
    assert machine.content(new) == NEW
    assert sorted(path.suffix for path in (machine.home / "Files").iterdir()) == [".zip", ".zip"]


async def test_difference_from_what_the_server_has_too_needs_no_script(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = await machine.package(OLD, "1.0.0"), await machine.package(NEW, "1.0.1")
    machine.stored = [old]
    monkeypatch.setattr(machine.host, "start", None)
    await machine.bring(old)
    [line] = await machine.bring(new)
    assert line.startswith("Sending Acme.Web 1.0.1 to m1 as its difference from 1.0.0: ")
    assert machine.content(new) == NEW
    assert sorted(path.suffix for path in (machine.home / "Files").iterdir()) == [".zip", ".zip"]


async def test_runner_is_sent_anew_when_the_one_that_is_there_is_damaged(machine: Machine) -> None:
    old = await machine.package(OLD, "1.0.0")
    await machine.bring(old)
    runner = machine.home / runner_path(build())
    runner.write_bytes(b"half")
    await machine.bring(old)
    assert runner.read_bytes() == build().content


async def test_other_file_of_the_same_version_is_no_base(machine: Machine) -> None:
    """The server's own copy has another content by now, so the machine has to say what its file holds."""
    await machine.bring(await machine.package(OLD, "1.0.0"))
    machine.stored = [await machine.package(OLD[::-1], "1.0.0")]
    new = await machine.package(NEW, "1.0.1")
    [line] = await machine.bring(new)
    assert "as its difference from 1.0.0" in line
    assert machine.content(new) == NEW


async def test_package_with_nothing_in_common_is_sent_as_a_whole(machine: Machine) -> None:
    await machine.bring(await machine.package(OLD, "1.0.0"))
    other = await machine.package(OLD[::-1], "2.0.0")
    lines = await machine.bring(other)
    assert lines[0].startswith("Acme.Web 2.0.0 is sent as a whole: its difference from 1.0.0, which m1 has, is 390.")
    assert lines[1] == "Sending Acme.Web 2.0.0 to m1 (390.6 kB)."
    assert machine.content(other) == OLD[::-1]


@pytest.mark.parametrize("terms", [Terms(anew=True, free_megabytes=None), Terms(deltas=False, free_megabytes=None)])
async def test_whole_package_is_sent_when_that_is_wanted(machine: Machine, terms: Terms) -> None:
    await machine.bring(await machine.package(OLD, "1.0.0"))
    new = await machine.package(NEW, "1.0.1")
    assert await machine.bring(new, terms=terms) == ["Sending Acme.Web 1.0.1 to m1 (390.6 kB)."]
    again = await machine.bring(new, terms=terms)
    assert ("nothing is sent" in again[0]) is not terms.anew


async def test_whole_package_is_sent_when_the_difference_fails(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await machine.bring(await machine.package(OLD, "1.0.0"))

    async def wrong(_package: PackageFile, _signature: bytes) -> DataStream:
        return DataStream.of_bytes(b"no delta, but long enough for the head of one")

    monkeypatch.setattr(machine.depot, "difference", wrong)
    new = await machine.package(NEW, "1.0.1")
    lines = await machine.bring(new)
    assert "is sent as a whole: its difference could not be used. On m1: The delta does not begin" in lines[1]
    assert machine.content(new) == NEW


async def test_full_disk_fails_with_what_to_do(machine: Machine) -> None:
    package = await machine.package(OLD, "1.0.0")
    machine.work = ([package], Terms(free_megabytes=10**9))
    ended = await machine.bench.end(await machine.bench.enqueue())
    assert ended.state is TaskState.FAILED
    assert "OctopusSkipFreeDiskSpaceCheck" in (ended.error_message or "")
    assert not (machine.home / package_path(package)).exists()


async def test_package_that_is_gone_from_the_store_fails_by_name(machine: Machine) -> None:
    package = await machine.package(OLD, "1.0.0")
    await machine.bench.blobs.delete(package.blob_key)
    machine.work = ([package], FREELY)
    ended = await machine.bench.end(await machine.bench.enqueue())
    assert "Acme.Web 1.0.0 is gone from the server's package store; push the package again" in str(ended.error_message)
