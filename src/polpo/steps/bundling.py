"""Making the bundle for a machine that nobody reaches: a folder with all that a deployment needs there.

    <id>.sh, .ps1, .cmd                 one of them starts it
    Runner/<digest>/runner.pyz          what does the work
    Files/                              packages, by their content's hash
    Variables/<id>.<salt>/              the manifest, and what each action is given: what is secret sealed by a password

Several bundles may lie in one folder, and the same one may be made again: the starters are written last, and name the
variables that go with them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from polpo.halibut.streams import DataStream
from polpo.kernel.errors import TaskError
from polpo.runner.archive import RunnerArchive
from polpo.runner.bundles.manifest import BundledAction, BundledStep, Manifest, proof_of
from polpo.runner.bundles.sealing import ITERATIONS, NONCE_BYTES, SALT_BYTES, Keys, derive, seal
from polpo.steps.acquire import package_path
from polpo.steps.sealed import apply_counter_mode
from polpo.steps.starters import starters
from polpo.steps.work import Depot, PackageFile
from polpo.transports.offline import Errand

_NO_FILE_NAME = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


@dataclass(frozen=True)
class Drop:
    """How the machine wants its bundles. `folder`: where they are put; None: they become artifacts of their task.

    `home` and `applications` are folders on the machine; empty ones are below the home of whoever runs the bundle.
    """

    name: str
    password: str = field(default="", repr=False)
    home: str = ""
    applications: str = ""
    folder: str | None = None


class Drops(Protocol):
    """What the server knows of such machines, and where it makes their bundles."""

    spool: Path

    async def look_up(self, machine_id: str) -> Drop:
        """As it is set now; TaskError when there is no such machine any more."""
        ...


@dataclass(frozen=True)
class Parcel:
    """One action: what is told to the runner, and the names of values that must not be read without the password."""

    step: BundledStep
    action: BundledAction
    errand: Errand
    hidden: frozenset[str]
    packages: Sequence[PackageFile]
    files: Sequence[str]


@dataclass(frozen=True)
class Outline:
    """What a bundle is about. `places` are the names of folders in which a drop folder keeps it."""

    id: str
    title: str
    places: Sequence[str]
    artifact: str
    parcels: Sequence[Parcel]


def file_name(text: str) -> str:
    """The text as the name of a file, on any system."""
    return _NO_FILE_NAME.sub("-", text).strip(" .") or "-"


def refuse_without_password(name: str, secrets: Sequence[str]) -> str:
    """The sentence for secrets that nothing would keep."""
    named = ", ".join(sorted(secrets)[:3]) + (" and others" if len(secrets) > 3 else "")
    return (
        f"{name} is an offline package drop without a password for sensitive variables, and its bundle would hold some"
        f" ({named}). Set the password in the target's settings, or scope the variables so that they are not for it."
    )


async def write_bundle(folder: Path, outline: Outline, drop: Drop, depot: Depot, archive: RunnerArchive) -> list[str]:
    """Puts it into the folder, where files that were recorded lie already. Returns its files, starters last."""
    packages = {package_path(one): one for parcel in outline.parcels for one in parcel.packages if one.is_sent}
    for path, package in packages.items():
        stream = await depot.open(package)
        try:
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            await stream.save_to(target)
        finally:
            stream.discard()
    writer = _Writer(folder, outline, drop, archive)
    return await asyncio.to_thread(writer.write, list(packages))


class _Writer:
    def __init__(self, folder: Path, outline: Outline, drop: Drop, archive: RunnerArchive) -> None:
        self._folder = folder
        self._outline = outline
        self._drop = drop
        self._archive = archive
        self._salt = os.urandom(SALT_BYTES)
        self._keys: Keys | None = None
        self._variables = f"Variables/{outline.id}.{self._salt.hex()[:8]}"

    def write(self, packages: list[str]) -> list[str]:
        recorded = [path for parcel in self._outline.parcels for path in parcel.files]
        secrets = {name for parcel in self._outline.parcels for name in _sealed(parcel)}
        if secrets:
            if not self._drop.password:
                raise TaskError(refuse_without_password(self._drop.name, sorted(secrets)))
            self._keys = derive(self._drop.password, self._salt)
        runner = f"Runner/{self._archive.digest[:16]}/runner.pyz"
        self._put(runner, self._archive.content)
        steps, variables = self._steps()
        listed = list(dict.fromkeys([runner, *packages, *recorded, *variables]))
        manifest = self._manifest(steps, {path: _digest(self._folder / path) for path in listed})
        last = [*self._put_manifest(manifest), *self._put_starters(runner)]
        return [*listed, *last]

    def _steps(self) -> tuple[list[BundledStep], list[str]]:
        """In the order of their run, with the files that their actions are given."""
        steps: dict[int, BundledStep] = {}
        files: list[str] = []
        ordered = sorted(self._outline.parcels, key=lambda parcel: (parcel.step.number, _numbers(parcel.action)))
        for number, parcel in enumerate(ordered, start=1):
            step = steps.setdefault(parcel.step.number, parcel.step._replace(actions=[]))
            plain, sealed = f"{self._variables}/{number:02}.json", ""
            hidden = _sealed(parcel)
            open_ones = {name: text for name, text in parcel.errand.variables.items() if name not in hidden}
            self._put(plain, _json({"Variables": open_ones, "Sensitive": sorted(parcel.errand.secrets)}))
            if self._keys is not None and hidden:
                sealed = f"{self._variables}/{number:02}.sealed"
                self._put(sealed, seal(self._keys, sealed, os.urandom(NONCE_BYTES), _json(hidden), apply_counter_mode))
            step.actions.append(parcel.action._replace(variables=plain, sealed=sealed))
            files += [plain, sealed] if sealed else [plain]
        return list(steps.values()), files

    def _manifest(self, steps: list[BundledStep], files: dict[str, str]) -> Manifest:
        lock = {"Salt": self._salt.hex(), "Iterations": ITERATIONS, "Check": self._keys.check} if self._keys else None
        return Manifest(
            id=self._outline.id,
            title=self._outline.title,
            target=self._drop.name,
            home=self._drop.home,
            applications=self._drop.applications,
            lock=lock,
            steps=steps,
            files=files,
        )

    def _put_manifest(self, manifest: Manifest) -> Iterator[str]:
        content, path = manifest.encoded(), f"{self._variables}/manifest.json"
        self._put(path, content)
        yield path
        if self._keys is not None:
            self._put(f"{path}.proof", proof_of(content, self._keys).encode())
            yield f"{path}.proof"

    def _put_starters(self, runner: str) -> Iterator[str]:
        for extension, text in starters(runner, f"{self._variables}/manifest.json").items():
            path = f"{self._outline.id}{extension}"
            mark = "utf-8-sig" if extension == ".ps1" else "utf-8"  # without a mark Windows takes it for ANSI
            self._put(path, text.encode(mark))
            (self._folder / path).chmod(0o755)
            yield path

    def _put(self, path: str, content: bytes) -> None:
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def pack(folder: Path, files: Sequence[str], target: Path) -> DataStream:
    """A zip archive of the files in their order, to be discarded. Packages are compressed already."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(folder / path, path, zipfile.ZIP_STORED if path.startswith("Files/") else None)
    return DataStream.of_file(target, temporary=True)


def drop(folder: Path, files: Sequence[str], target: Path, identity: str) -> None:
    """Copies the files, each of them complete from the moment on at which it can be seen under its name.

    What an earlier making of the bundle of this id left and this one does not use any more is removed at the end.
    """
    try:
        for path in files:
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            temporary = place.with_name(f".{hashlib.sha256(f'{identity}/{path}'.encode()).hexdigest()[:16]}.partial")
            try:
                shutil.copyfile(folder / path, temporary)
                shutil.copymode(folder / path, temporary)
                temporary.replace(place)
            finally:
                temporary.unlink(missing_ok=True)
        _sweep(target, files)
    except OSError as error:
        raise TaskError(
            f"The bundle could not be put into {target}: {error.strerror or error}. Let the server's user write there,"
            " or choose another drop folder in the target's settings."
        ) from error


def _sweep(target: Path, files: Sequence[str]) -> None:
    variables = next(Path(path).parent for path in files if path.endswith("/manifest.json"))
    name = variables.name.rpartition(".")[0]
    for other in (target / variables).parent.iterdir():
        if other.name != variables.name and other.name.rpartition(".")[0] == name:
            shutil.rmtree(other)


def _sealed(parcel: Parcel) -> dict[str, str]:
    """Values that are not written as they are; what is empty is no secret."""
    names = parcel.hidden | parcel.errand.secrets
    return {name: text for name, text in parcel.errand.variables.items() if name in names and text}


def _numbers(action: BundledAction) -> list[int]:
    return [int(part) for part in action.number.split(".") if part.isdigit()]


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
