"""A real directory (OpenLDAP's slapd) in a temporary folder, on free ports of this machine, with people and groups.

Where it is not installed, the tests that want it are skipped and say so; in CI they fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.openssh import free_ports

BASE = "dc=acme,dc=example"
PEOPLE = f"ou=people,{BASE}"
GROUPS = f"ou=groups,{BASE}"
READER = f"cn=reader,{BASE}"
READER_PASSWORD = "reader's password"
PASSWORD = "difference engine"

_ROOT = f"cn=root,{BASE}"
_MODULES = Path("/usr/lib/ldap")
_SCHEMAS = Path("/etc/ldap/schema")

_CONFIG = """\
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
modulepath {modules}
moduleload back_mdb
moduleload memberof
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
maxsize 16777216
suffix {base}
directory {folder}/data
rootdn {root}
rootpw root
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact={reader} read by * none
"""

_PEOPLE = f"""\
dn: {BASE}
objectClass: dcObject
objectClass: organization
o: Acme

dn: {PEOPLE}
objectClass: organizationalUnit

dn: {GROUPS}
objectClass: organizationalUnit

dn: {READER}
objectClass: organizationalRole
objectClass: simpleSecurityObject
userPassword: {READER_PASSWORD}

dn: uid=ada,{PEOPLE}
objectClass: inetOrgPerson
cn: Ada Lovelace
sn: Lovelace
displayName: Ada Lovelace
mail: ada@acme.example
userPassword: {PASSWORD}

dn: uid=bob,{PEOPLE}
objectClass: inetOrgPerson
cn: Bob
sn: Bob
userPassword: {PASSWORD}

dn: cn=deployers,{GROUPS}
objectClass: groupOfNames
member: uid=ada,{PEOPLE}

dn: cn=engineering,{GROUPS}
objectClass: groupOfNames
member: cn=deployers,{GROUPS}
member: cn=company,{GROUPS}

dn: cn=company,{GROUPS}
objectClass: groupOfNames
member: cn=engineering,{GROUPS}
"""


class NoSlapd(Exception):
    """The program is not installed."""


@dataclass
class Slapd:
    """`port` speaks in the clear and StartTLS, `tls_port` TLS at once. `authority` signed its certificate."""

    folder: Path
    port: int
    tls_port: int
    authority: str

    def change(self, ldif: str) -> None:
        """Changes the directory, by lines as ldapmodify takes them."""
        command = ["ldapmodify", "-x", "-H", f"ldap://127.0.0.1:{self.port}", "-D", _ROOT, "-w", "root"]
        subprocess.run(command, input=ldif, check=True, capture_output=True, text=True, timeout=20)


@contextmanager
def slapd(folder: Path) -> Iterator[Slapd]:
    program = shutil.which("slapd", path="/usr/sbin:/usr/local/sbin:/usr/libexec")
    if program is None or shutil.which("ldapmodify") is None:
        raise NoSlapd("slapd is not installed: apt-get install slapd ldap-utils")
    (folder / "data").mkdir(parents=True)
    authority = _certificates(folder)
    config = folder / "slapd.conf"
    config.write_text(
        _CONFIG.format(schemas=_SCHEMAS, modules=_MODULES, folder=folder, base=BASE, root=_ROOT, reader=READER)
    )
    server = Slapd(folder, *free_ports(2), authority)
    places = f"ldap://127.0.0.1:{server.port}/ ldaps://127.0.0.1:{server.tls_port}/"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-d", "0", "-f", str(config), "-h", places], stdout=log, stderr=log)
    try:
        _fill(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def _fill(server: Slapd, process: subprocess.Popen[bytes]) -> None:
    """As soon as it answers."""
    changes = "\n\n".join(block.replace("\n", "\nchangetype: add\n", 1) for block in _PEOPLE.strip().split("\n\n"))
    deadline = time.monotonic() + 20
    while True:
        try:
            server.change(changes + "\n")
        except subprocess.CalledProcessError as error:
            if process.poll() is not None or time.monotonic() > deadline or "Can't contact" not in error.stderr:
                raise AssertionError(f"slapd: {error.stderr}\n{(server.folder / 'log').read_text()}") from error
            time.sleep(0.02)
        else:
            return


@contextmanager
def slapd_for_tests(folder: Path) -> Iterator[Slapd]:
    """Without the program tests are skipped, in CI they fail."""
    try:
        with slapd(folder) as server:
            yield server
    except NoSlapd as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI has to test with it: {error}")
        pytest.skip(str(error))


def _certificates(folder: Path) -> str:
    """An authority, whose certificate is returned, and the server's for `localhost`."""
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("Acme authority", "localhost")]

    def signed(place: int, *extensions: tuple[x509.ExtensionType, bool]) -> x509.Certificate:
        builder = x509.CertificateBuilder(names[0], names[place], keys[place].public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(hours=1))
        builder = builder.not_valid_after(now + timedelta(days=1))
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(keys[0], hashes.SHA256())

    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    identifier = x509.SubjectKeyIdentifier.from_public_key(keys[0].public_key())
    authority = signed(0, (x509.BasicConstraints(True, None), True), (usage, True), (identifier, False))
    issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    server = signed(1, (x509.SubjectAlternativeName([x509.DNSName("localhost")]), False), (issuer, False))
    key = keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(server.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(key)
    return authority.public_bytes(serialization.Encoding.PEM).decode()
