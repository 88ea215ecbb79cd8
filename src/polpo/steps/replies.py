"""What a machine says about the packages that it is asked for, and of a difference that it has applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from polpo.halibut.streams import DataStream
from polpo.kernel.errors import TaskError
from polpo.steps.console import ConsoleState
from polpo.steps.work import PackageFile

_LARGEST_SIGNATURE = 16 << 20


@dataclass(frozen=True)
class Missing:
    """`base` is the nearest version that the machine has, by its path there; `base_digest` begins its SHA-256."""

    package: PackageFile
    base: str = ""
    base_version: str = ""
    base_digest: str = ""
    signature: bytes = b""


def missing_of(wanted: Sequence[PackageFile], said: ConsoleState, signatures: dict[str, bytes]) -> dict[int, Missing]:
    """By their places among what is wanted; `signatures` by the index as the machine wrote it.

    TaskError when the machine tells of a package that it was not asked for.
    """
    missing: dict[int, Missing] = {}
    for name, attributes in said.found:
        if name == "polpo-package" and attributes.get("state") == "missing":
            index = attributes.get("index", "")
            if not index.isdecimal() or int(index) >= len(wanted):
                raise TaskError(
                    f"The machine says that it lacks package number '{index}' of {len(wanted)} that it was asked for;"
                    " something else than Polpo's runner answers there."
                )
            signature = signatures.get(index, b"")
            base, version, digest = (attributes.get(name, "") for name in ("base", "baseversion", "basedigest"))
            missing[int(index)] = Missing(wanted[int(index)], base, version, digest, signature)
    return missing


def judge(said: ConsoleState, where: str) -> None:
    """TaskError when the difference did not make the package."""
    for name, attributes in said.found:
        if name == "deltaverification":
            if error := attributes.get("error"):
                raise TaskError(f"On {where}: {error}")
            return
    raise TaskError(f"The runner on {where} did not say what became of it.")


async def read_signature(stream: DataStream) -> bytes:
    """The content; the stream is used up. TaskError for one that is too large to be a signature."""
    try:
        if stream.length > _LARGEST_SIGNATURE:
            raise TaskError(f"It has {stream.length:,} bytes, which is more than a signature has.")
        return await stream.read()
    finally:
        stream.discard()
