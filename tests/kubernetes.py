"""A real Kubernetes API server for tests: kube-apiserver over etcd, on free ports of this machine.

Debian has no package of it; `make kubernetes` builds it once from its sources, into a cache outside of the repository.
Where it or one of the other programs is missing, the tests that want it are skipped and say so.
"""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import json
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VERSION = "1.32.4"
#: Whose tokens are taken, besides those of users.
AMAZON_KEY = "AKIDEXAMPLE"
_BUILT = Path.home() / ".cache" / "polpo" / f"kube-apiserver-{VERSION}" / "kube-apiserver"
_PATIENCE = 60.0


class NoCluster(Exception):
    """A program is not there; the text says which one, and what to do."""


@dataclass
class Pair:
    """A certificate and its key, in PEM."""

    certificate: str
    key: str


@dataclass
class Authority:
    """Signs the certificates of one cluster."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cluster")])
        basic = x509.BasicConstraints(ca=True, path_length=None)
        builder = _certificate(name, name, self.key.public_key()).add_extension(basic, critical=True)
        self.certificate = builder.sign(self.key, hashes.SHA256())

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def pair(self, name: str, group: str = "") -> Pair:
        """For a user of a group, or for the server itself when it has none."""
        key = ec.generate_private_key(ec.SECP256R1())
        parts = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group)] if group else []
        subject = x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, name)])
        usage = ExtendedKeyUsageOID.CLIENT_AUTH if group else ExtendedKeyUsageOID.SERVER_AUTH
        builder = _certificate(subject, self.certificate.subject, key.public_key())
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        if not group:
            names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        signed = builder.sign(self.key, hashes.SHA256())
        text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return Pair(signed.public_bytes(Encoding.PEM).decode(), text)


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    start = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(start).not_valid_after(start + dt.timedelta(days=2))


@dataclass
class Cluster:
    """`tokens` are by user: `admin` may do everything, `reader` look at the namespace `apps`, and `nobody` nothing."""

    folder: Path
    port: int
    authority: Authority
    tokens: dict[str, str]

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def kubectl(self, *arguments: str, content: str = "") -> Any:
        """What it prints, as an administrator; JSON is decoded."""
        trust = f"--certificate-authority={self.folder}/ca.pem"
        command = ["kubectl", f"--server={self.address}", trust, f"--token={self.tokens['admin']}", *arguments]
        done = subprocess.run(command, input=content, capture_output=True, text=True, timeout=_PATIENCE, check=False)
        if done.returncode:
            raise AssertionError(f"{arguments}: {done.stderr}")
        return json.loads(done.stdout) if "json" in arguments else done.stdout

    def kubeconfig(self, user: str) -> str:
        """As a cloud hands it out, in base64, with a program that gets tokens."""
        authority = base64.b64encode(self.authority.pem.encode()).decode()
        text = (
            f"clusters:\n- cluster:\n    certificate-authority-data: {authority}\n    server: {self.address}\n"
            f"users:\n- name: {user}\n  user:\n    exec:\n      command: kubelogin\n"
        )
        return base64.b64encode(text.encode()).decode()


_RULES = """\
apiVersion: v1
kind: Namespace
metadata: {name: apps}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: apps}
rules: [{apiGroups: [""], resources: [pods, configmaps], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: apps}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: reader}]
"""


@contextmanager
def kubernetes() -> Iterator[Cluster]:
    """Runs a cluster of which there is only the API: nothing is ever started in it."""
    etcd, apiserver, _ = _program("etcd", "etcd"), _apiserver(), _program("kubectl", "kubernetes-client")
    folder = Path(tempfile.mkdtemp(prefix="polpo-k8s-"))
    store, peers, port = _free_ports(3)
    cluster = Cluster(folder, port, Authority(), {user: f"{user}-t0ken" for user in ("admin", "reader", "nobody")})
    _prepare(cluster)
    places = [f"--listen-client-urls=http://127.0.0.1:{store}", f"--advertise-client-urls=http://127.0.0.1:{store}"]
    places += [f"--listen-peer-urls=http://127.0.0.1:{peers}", "--unsafe-no-fsync", f"--data-dir={folder}/etcd"]
    with (folder / "log").open("wb") as log, ExitStack() as stack:
        processes = [subprocess.Popen([etcd, *places], stdout=log, stderr=log)]
        stack.enter_context(_judge(folder))
        try:
            processes.append(subprocess.Popen([apiserver, *_options(cluster, store)], stdout=log, stderr=log))
            _wait(cluster, processes)
            cluster.kubectl("apply", "-f", "-", content=_RULES)
            yield cluster
        finally:
            for process in reversed(processes):
                process.kill()  # nothing of it is kept
                process.wait(30)
            shutil.rmtree(folder, ignore_errors=True)


def _prepare(cluster: Cluster) -> None:
    folder, server = cluster.folder, cluster.authority.pair("apiserver")
    signing = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    lines = [f'{token},{user},{user},"{_GROUPS.get(user, "")}"' for user, token in cluster.tokens.items()]
    files = {
        "ca.pem": cluster.authority.pem,
        "server.pem": server.certificate,
        "server.key": server.key,
        "accounts.key": signing.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "accounts.pub": signing.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        "tokens.csv": "\n".join([*lines, ""]),
    }
    for name, text in files.items():
        (folder / name).write_text(text)


_GROUPS = {"admin": "system:masters"}


class _Judge(BaseHTTPRequestHandler):
    """Says whose a token is that the server does not know: at Amazon, it is an address signed by a key."""

    def do_POST(self) -> None:
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = signer_of(review["spec"]["token"])
        status: dict[str, Any] = {"authenticated": name == AMAZON_KEY}
        if name == AMAZON_KEY:
            status["user"] = {"username": name, "groups": ["system:masters"]}
        body = json.dumps({"apiVersion": review["apiVersion"], "kind": "TokenReview", "status": status}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        pass


def signer_of(token: str) -> str:
    """The key by which the address in the token is signed, for the cluster `shop`; empty for another token."""
    head, _, coded = token.partition(".")
    if head != "k8s-aws-v1":
        return ""
    query = parse_qs(urlsplit(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()).query)
    is_whole = query["X-Amz-SignedHeaders"] == ["host;x-k8s-aws-id"] and query["Action"] == ["GetCallerIdentity"]
    return query["X-Amz-Credential"][0].partition("/")[0] if is_whole else ""


@contextmanager
def _judge(folder: Path) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Judge)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    cluster = {"name": "judge", "cluster": {"server": f"http://127.0.0.1:{server.server_port}/"}}
    context = {"name": "judge", "context": {"cluster": "judge", "user": ""}}
    config = {"apiVersion": "v1", "kind": "Config", "clusters": [cluster], "contexts": [context]}
    (folder / "judge.json").write_text(json.dumps({**config, "current-context": "judge"}))
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _options(cluster: Cluster, store: int) -> list[str]:
    """Basic authentication is not among them: Kubernetes has had none since 1.19."""
    folder = cluster.folder
    settings = {
        "etcd-servers": f"http://127.0.0.1:{store}",
        "bind-address": "127.0.0.1",
        "secure-port": str(cluster.port),
        "tls-cert-file": f"{folder}/server.pem",
        "tls-private-key-file": f"{folder}/server.key",
        "client-ca-file": f"{folder}/ca.pem",
        "token-auth-file": f"{folder}/tokens.csv",
        "authentication-token-webhook-config-file": f"{folder}/judge.json",
        "authorization-mode": "RBAC",
        "service-account-issuer": "https://cluster",
        "service-account-key-file": f"{folder}/accounts.pub",
        "service-account-signing-key-file": f"{folder}/accounts.key",
        "service-cluster-ip-range": "10.0.0.0/24",
        "cert-dir": f"{folder}/certificates",
        "disable-admission-plugins": "ServiceAccount",
    }
    return [f"--{name}={value}" for name, value in settings.items()]


def _wait(cluster: Cluster, processes: list[subprocess.Popen[bytes]]) -> None:
    trust = ssl.create_default_context(cadata=cluster.authority.pem)
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"{cluster.address}/readyz", context=trust, timeout=5):  # noqa: S310 - https
                return
        except (URLError, OSError) as error:
            ended = any(process.poll() is not None for process in processes)
            if ended or time.monotonic() > deadline:
                told = (cluster.folder / "log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"The API server did not start ({error}):\n{told}") from None
            time.sleep(0.05)


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NoCluster(f"{name} was not found; install it (Debian's package {package})")
    return found


def _apiserver() -> str:
    """What `make kubernetes` built, or what the environment names."""
    named = os.environ.get("POLPO_KUBE_APISERVER")
    found = Path(named) if named else _BUILT
    if not found.is_file():
        raise NoCluster(f"{found} was not found; build it with `make kubernetes` (Go, some minutes)")
    return str(found)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
