"""Bringing the runner and packages to a machine: what is there already is found first, what is missing is sent.

Files on the machine are named by their content. A package that is missing is sent as the difference from the nearest
version that the machine has, where that is worth it; whatever goes wrong with that, the whole package is sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from polpo.engine import LogNode, TaskRun
from polpo.halibut.contracts import ProcessOutput, ProcessOutputSource
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import AppError, TaskError
from polpo.runner.archive import RunnerArchive
from polpo.runner.packages import file_name
from polpo.steps.console import Console, ConsoleState
from polpo.steps.remote import Script, explain, run_script
from polpo.steps.replies import Missing, judge, missing_of, read_signature
from polpo.steps.starting import start_runner
from polpo.steps.work import Depot, PackageFile
from polpo.transports.answering import Answering
from polpo.transports.transport import Transport, verified

#: A delta of this share of the package is not worth the work on both sides.
_TOO_LARGE = 0.8


@dataclass(frozen=True)
class Cache:
    """How many packages stay on the machine, and how many versions of each; None: all of them."""

    packages: int | None = None
    versions: int | None = None


@dataclass(frozen=True)
class Terms:
    """How packages are brought. `anew`: they are sent even if they are there; `deltas`: differences may be sent.

    `free_megabytes` have to be left on the disk when something is sent; None: that is not looked at.
    """

    anew: bool = False
    deltas: bool = True
    free_megabytes: int | None = 500
    cache: Cache = Cache()


def runner_path(archive: RunnerArchive) -> str:
    return f"Tools/PolpoRunner/{archive.digest}/runner.pyz"


def package_path(package: PackageFile) -> str:
    """Where a package lies on a machine, below the agent's home."""
    name = file_name(package.package_id, package.version, package.extension, package.sha256[:32].upper())
    return f"Files/{name}"


class Delivery:
    """The runner and packages on their way to one machine. `key` names what is done there in the journal."""

    def __init__(
        self, run: TaskRun, transport: Transport, node: LogNode, key: str, archive: RunnerArchive, depot: Depot
    ) -> None:
        self._run = run
        self._transport = transport
        self._node = node
        self._key = key
        self._archive = archive
        self._depot = depot
        name = transport.name
        self._where = f"the {name[4:]}" if name.startswith("The ") else name

    async def bring(self, packages: Sequence[PackageFile], terms: Terms) -> None:
        """Afterwards the runner and every package are on the machine."""
        wanted = list({package_path(package): package for package in packages}.values())
        missing = await self._ask(wanted, terms)
        if missing is None:
            missing = await self._look("look", wanted, terms)
        if missing is None:
            await self._send_runner()
            missing = await self._look("look", wanted, terms, attempt=2)
        if missing is None:
            raise TaskError(f"The runner was sent to {self._where} and is not there; look at the machine's disk.")
        for index, one in sorted(missing.items()):
            await self._send(index, one, terms)
        for index, package in enumerate(wanted):
            if index not in missing:
                self._node.info(f"{self._transport.name} has {_label(package)} already; nothing is sent.")

    # -- what is there

    async def _ask(self, wanted: list[PackageFile], terms: Terms) -> dict[int, Missing] | None:
        """What is missing, from a machine that can be asked for it; the runner is there afterwards. None: it cannot."""
        if not isinstance(self._transport, Answering):
            return None
        runner = {"Path": runner_path(self._archive), "Size": len(self._archive.content)}
        question = _question(wanted, terms, {"Signatures": False, "Bases": terms.deltas, "Runner": runner})
        answer = await self._transport.find_packages(question.decode(), sum(package.size for package in wanted))
        if answer is None:
            return None
        state = self._heard(answer)
        if any(name == "polpo-runner" for name, _ in state.found):
            await self._send_runner()
        return missing_of(wanted, state, {})

    def _heard(self, answer: str) -> ConsoleState:
        """What was answered, with its lines in the log."""
        console = Console(self._node, self._run.masker)
        now = self._run.log.clock.now()
        outputs = [ProcessOutput(ProcessOutputSource.STDOUT, now, line) for line in answer.splitlines()]
        self._run.log.add(console.read(outputs, len(outputs)))
        return console.state

    async def _look(
        self, key: str, wanted: list[PackageFile], terms: Terms, attempt: int = 1
    ) -> dict[int, Missing] | None:
        """What is missing, by its place among what is wanted; None when the runner is."""
        arguments = ["find-packages", "--question", "question.json"]
        body = start_runner(runner_path(self._archive), arguments, size=len(self._archive.content))
        files = {"question.json": _question(wanted, terms, {"Signatures": terms.deltas})}
        signatures: dict[str, bytes] = {}

        async def collect(said: ConsoleState) -> None:
            signatures.update(await self._signatures(said))

        script = Script(body.bash, body.powershell, files=files, alone=False, mutex="PolpoAcquire")
        console = Console(self._node, self._run.masker)
        outcome = await run_script(
            self._run, self._transport, console, f"{self._key}/{key}", script, attempt=attempt, collect=collect
        )
        if (sentence := explain(outcome, "Looking for packages", self._transport.name)) is not None:
            raise TaskError(sentence)
        if any(name == "polpo-runner" for name, _ in outcome.console.found):
            return None
        return missing_of(wanted, outcome.console, signatures)

    async def _signatures(self, said: ConsoleState) -> dict[str, bytes]:
        """By index. One that cannot be had only means that a whole package is sent."""
        found: dict[str, bytes] = {}
        for name, attributes in said.found:
            path = attributes.get("signature") if name == "polpo-package" else None
            if not path:
                continue
            try:
                stream = await self._transport.download(path)
                if stream is not None:
                    found[attributes["index"]] = await read_signature(stream)
            except AppError as error:
                self._node.verbose(f"The signature {path} was not fetched: {error.message}")
        return found

    # -- what is sent

    async def _send_runner(self) -> None:
        content = self._archive.content
        self._node.verbose(f"Sending the runner to {self._where} ({_size(len(content))}).")
        sha1 = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        await self._upload(runner_path(self._archive), DataStream.of_bytes(content), sha1)

    async def _send(self, index: int, missing: Missing, terms: Terms) -> None:
        package = missing.package
        if missing.base and await self._send_delta(index, missing, terms):
            return
        self._node.info(f"Sending {_label(package)} to {self._where} ({_size(package.size)}).")
        await self._upload(package_path(package), await self._depot.open(package), package.sha1)

    async def _send_delta(self, index: int, missing: Missing, terms: Terms) -> bool:
        """Whether the package is there now; if it is not, the log says why."""
        package = missing.package
        try:
            delta = await self._difference(index, missing, terms)
            if delta is None:
                return False
            try:
                if delta.length >= _TOO_LARGE * package.size:
                    self._node.info(
                        f"{_label(package)} is sent as a whole: its difference from {missing.base_version}, which"
                        f" {self._where} has, is {_size(delta.length)} of {_size(package.size)}."
                    )
                    return False
                await self._apply(index, missing, delta)
            finally:
                delta.discard()
        except AppError as error:
            self._node.info(f"{_label(package)} is sent as a whole: its difference could not be used. {error.message}")
            return False
        return True

    async def _difference(self, index: int, missing: Missing, terms: Terms) -> DataStream | None:
        """By the server's own copy of the machine's version, where it has one, or else by what the machine says."""
        package, signature = missing.package, missing.signature
        if not signature:
            own = await self._depot.difference_from(package, missing.base_version, missing.base_digest)
            if own is not None:
                return own
            signed = await self._look(f"sign-{index}", [package], terms) or {}
            signature = signed[0].signature if 0 in signed else b""
        return await self._depot.difference(package, signature) if signature else None

    async def _apply(self, index: int, missing: Missing, delta: DataStream) -> None:
        package = missing.package
        remote = f"{package_path(package)}.delta"
        self._node.info(
            f"Sending {_label(package)} to {self._where} as its difference from {missing.base_version}:"
            f" {delta.length:,} instead of {package.size:,} bytes."
        )
        order = {"base": missing.base, "target": package_path(package)}
        order |= {"hash": package.sha256, "size": str(package.size)}
        if isinstance(self._transport, Answering):
            told = msgspec.json.encode(order).decode()
            answer = await self._transport.apply_delta(told, delta, 2 * package.size)
            if answer is not None:
                judge(self._heard(answer), self._where)
                return
        await self._upload(remote, delta)
        arguments = ["apply-delta", *(f"--{name}={value}" for name, value in (order | {"delta": remote}).items())]
        body = start_runner(runner_path(self._archive), arguments)
        console = Console(self._node, self._run.masker)
        script = Script(body.bash, body.powershell, alone=False, mutex="PolpoAcquire")
        key = f"{self._key}/apply-{index}"
        outcome = await run_script(self._run, self._transport, console, key, script)
        if (sentence := explain(outcome, "Applying the difference", self._where)) is not None:
            raise TaskError(sentence)
        judge(outcome.console, self._where)

    async def _upload(self, path: str, stream: DataStream, sha1: str | None = None) -> None:
        """Without a hash, what arrives is checked by whoever reads it."""
        try:
            result = await self._transport.upload(path, stream)
            if sha1 is not None:
                verified(result, sha1.lower(), stream.length, self._transport.name)
        finally:
            stream.discard()


def _question(wanted: Sequence[PackageFile], terms: Terms, more: Mapping[str, object]) -> bytes:
    packages = [
        {
            "Id": package.package_id,
            "Version": package.version,
            "Extension": package.extension,
            "Hash": package.sha256,
            "Size": package.size,
            "Path": package_path(package),
        }
        for package in wanted
    ]
    cache = {"Packages": terms.cache.packages, "Versions": terms.cache.versions}
    question = {
        "RequiredMegabytes": terms.free_megabytes,
        "Anew": terms.anew,
        "Cache": {name: amount for name, amount in cache.items() if amount is not None},
        "Packages": packages,
        **more,
    }
    return msgspec.json.encode(question)


def _label(package: PackageFile) -> str:
    return f"{package.package_id} {package.version}"


def _size(size: int) -> str:
    if size < 1024:
        return f"{size} bytes"
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1024
        if value < 1024 or unit == "GB":
            return f"{value:.1f} {unit}"
    raise AssertionError
