"""The variables of a step on their way to the runner: secrets are sealed with a key that goes beside them.

The file lies on the machine until the runner has read it; the key stands in the script that starts the runner, which
only its user can read, and reaches the runner by its standard input. Neither is ever an argument of a process or in the
environment of one.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Mapping
from typing import NamedTuple

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from polpo.runner.bundles.sealing import NONCE_BYTES, keys_of, seal
from polpo.runner.variables import SEALED_NAME

_KEY_BYTES = 32


class SealedVariables(NamedTuple):
    """The content of the file, and the key in hex; empty where there is no secret."""

    content: bytes
    key: str


def seal_variables(variables: Mapping[str, str], hidden: Collection[str]) -> SealedVariables:
    """`hidden` are the names of the secrets. With each call comes another key."""
    own = {name: variables[name] for name in sorted(hidden) if variables.get(name)}
    document: dict[str, object] = {
        "Variables": {name: "" if name in own else value for name, value in variables.items()},
        "Sensitive": sorted(hidden),
    }
    if not own:
        return SealedVariables(msgspec.json.encode(document), "")
    key = secrets.token_bytes(_KEY_BYTES)
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = seal(keys_of(key), SEALED_NAME, nonce, msgspec.json.encode(own), apply_counter_mode)
    document["Sealed"] = base64.b64encode(sealed).decode()
    return SealedVariables(msgspec.json.encode(document), key.hex())


def apply_counter_mode(key: bytes, nonce: bytes, text: bytes) -> bytes:
    """As the runner does it by itself, only faster."""
    encryptor = Cipher(algorithms.AES(key), modes.CTR(nonce)).encryptor()
    return encryptor.update(text) + encryptor.finalize()
