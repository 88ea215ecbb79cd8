"""The agent's certificate: a new one, one from a file, and the change from one to the next without a gap.

A server knows an agent by its certificate, so the old one stays in use until the servers know the next: that waits
beside it (`agent.pem.next`) until they were told.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509 import load_pem_x509_certificate

from polpo.agent.configuration import Instance
from polpo.agent.server_api import ServerApi
from polpo.agent.spaces import Space, every_space
from polpo.halibut.certificates import Identity
from polpo.kernel.errors import Invalid, NotFound

_LEAST_KEY_BITS = 2048


def renew(instance: Instance, identity: Identity) -> bool:
    """Takes up a new certificate; False when it waits because there are servers that do not know it yet."""
    if not instance.has_certificate or not instance.exists or not instance.read().servers:
        instance.adopt(identity)
        return True
    instance.let_wait(identity)
    return False


async def announce(instance: Instance, api: ServerApi) -> tuple[list[str], str]:
    """Tells a server the certificate that waits, in every space: the names of the machines, the server's thumbprint.

    NotFound when the server has no machine of this agent. Use the certificate as soon as all servers were told.
    """
    coming = instance.waiting_identity
    if coming is None:
        raise NotFound("No new certificate is waiting; make one with 'polpo agent new-certificate'.")
    await api.open()
    spaces = await every_space(api)
    present = instance.identity().thumbprint
    changed = [name for space in spaces for name in await _change(space, present, coming.thumbprint)]
    if not changed:
        raise NotFound(f"The server {api.where} has no machine with this agent's thumbprint {present}.")
    return changed, await spaces[0].server_thumbprint()


def others(instance: Instance, told: str) -> list[str]:
    """Addresses or thumbprints of trusted servers other than the one with the thumbprint `told`."""
    rest = [one for one in instance.read().servers if one.thumbprint != told]
    return sorted({one.web or one.address or one.thumbprint for one in rest})


async def _change(space: Space, present: str, coming: str) -> list[str]:
    names = []
    for collection in ("machines", "workers"):
        known = await space.machines_of(collection, coming)
        for machine in await space.machines_of(collection, present):
            machine["Thumbprint"] = machine["Endpoint"]["Thumbprint"] = coming
            await space.api.put(f"{space.base}/{collection}/{machine['Id']}", machine)
            known.append(machine)
        names += [str(machine["Name"]) for machine in known]
    return names


def read_pfx(path: Path, password: str) -> Identity:
    """The certificate of a PFX file (PKCS #12) with its key; Invalid when it cannot be read or does not fit."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
    return of_pfx(content, password, str(path))


def of_pfx(content: bytes, password: str, where: str) -> Identity:
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(content, password.encode() or None)
    except ValueError as error:
        raise Invalid(f"{where} is no PFX file, or its password is another one (--pfx-password).") from error
    if key is None or certificate is None:
        raise Invalid(f"{where} must hold a certificate and its private key.")
    if not isinstance(key, RSAPrivateKey) or key.key_size < _LEAST_KEY_BITS:
        raise Invalid(f"{where}: agents and servers need an RSA key of at least {_LEAST_KEY_BITS} bits.")
    return Identity(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        certificate.public_bytes(Encoding.PEM),
    )


def write_pfx(identity: Identity, path: Path, password: str) -> None:
    """As a file that only its user may read."""
    key: Any = load_pem_private_key(identity.key_pem, None)
    certificate = load_pem_x509_certificate(identity.certificate_pem)
    lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    content = pkcs12.serialize_key_and_certificates(b"Polpo Agent", key, certificate, None, lock)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
