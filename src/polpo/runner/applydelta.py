"""`apply-delta`: make a package of one that lies here and what the server sent of the difference.

Whether it is the right one is told by its hash, before it gets its name; what is wrong with it is an answer and no
failure: the server sends the whole package then.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress

from polpo.kernel.errors import AppError
from polpo.languages.octodiff import InvalidDelta, put_together, read_delta
from polpo.runner.output import Output


def apply_delta(output: Output, base: str, delta: str, target: str, digest: str, size: int) -> None:
    """`digest` is the SHA-256 that the package has, in hex. The delta is removed, whatever comes of it."""
    partial = f"{target}.{os.urandom(4).hex()}.partial"
    told = {"remotePath": target, "hash": digest, "size": str(size)}
    try:
        _make(base, delta, partial, digest, size)
        os.replace(partial, target)
    except AppError as error:
        told = {"error": error.message}
    except OSError as error:
        told = {"error": f"{error.strerror or error} ({error.filename})."}
    finally:
        for path in (partial, delta):
            with suppress(OSError):
                os.remove(path)
    output.message("deltaVerification", told)


def _make(base: str, delta: str, partial: str, digest: str, size: int) -> None:
    hashed, written = hashlib.sha256(), 0
    with open(base, "rb") as old, open(delta, "rb") as source, open(partial, "wb") as new:
        for piece in put_together(read_delta(source.read), old):
            written += len(piece)
            if written > size:
                raise InvalidDelta(f"It makes more than the {size:,} bytes that the package has.")
            hashed.update(piece)
            new.write(piece)
        new.flush()
        os.fsync(new.fileno())
    if hashed.hexdigest() != digest.lower():
        raise InvalidDelta(f"It makes a file with the SHA-256 {hashed.hexdigest()} instead of {digest.lower()}.")
