"""Private keys of SSH accounts."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

from polpo.kernel.errors import Invalid
from polpo.kernel.keyfiles import decoded, pem_blocks, refuse_costly_pem

_FIELD = "PrivateKeyFile"


def open_private_key(encoded: str, passphrase: str | None) -> PrivateKeyTypes:
    """The key, opened, which may take a second of work; raises Invalid, saying what is wrong with it.

    A passphrase for a key that has none is no fault: other tools ignore it too.
    """
    content = decoded(_FIELD, encoded)
    block = next((one for one in pem_blocks(_FIELD, content) if one.label.endswith("PRIVATE KEY")), None)
    if block is None:
        raise _refusal(
            f"{_FIELD}: this is no private key in the OpenSSH or PEM format. Keys of PuTTY must be exported as"
            " OpenSSH keys."
        )
    refuse_costly_pem(_FIELD, block.body)
    load: Callable[..., PrivateKeyTypes] = (
        load_ssh_private_key if block.label.startswith("OPENSSH") else load_pem_private_key
    )
    secret = passphrase.encode() if passphrase else None
    try:
        return _open(load, block.whole, secret)
    except UnsupportedAlgorithm as error:
        raise _refusal(f"{_FIELD}: this server cannot use keys of this kind.") from error
    except TypeError as error:
        raise _refusal("PrivateKeyPassphrase is missing; the private key is protected by one.") from error
    except ValueError as error:
        hint = ", or the passphrase is not the right one" if secret else ""
        raise _refusal(f"{_FIELD}: the private key is damaged{hint}.") from error


def _open(load: Callable[..., PrivateKeyTypes], content: bytes, secret: bytes | None) -> PrivateKeyTypes:
    try:
        return load(content, password=secret)
    except TypeError:
        if secret is None:
            raise
        return load(content, password=None)


def _refusal(sentence: str) -> Invalid:
    return Invalid(sentence, [sentence])
