"""The least that an agent can be: what a deployment over a kept TLS connection costs when nothing else is done.

`python bench/prototype.py FOLDER PEM` is one such agent. It takes a package, checks its SHA-256, unpacks it in its own
process, fills in variables, runs the script and says how that ended. There is no journal, no log, no isolation, no
second try, and whoever is killed begins again: it is the lower bound that Polpo's agents are measured against.
"""

from __future__ import annotations

import hashlib
import json
import socket
import ssl
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, cast

from software import CONFIGURATION, PACKAGE_ID, VARIABLES, VERSIONS

from polpo.halibut.certificates import Identity

_BLOCK = 1 << 18


class Prototypes:
    """So many agents, each a process with a folder below `folder`, and the connections to them."""

    name = "agent prototype"

    def __init__(self, folder: Path, count: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._pem = folder / "identity.pem"
        self._pem.write_text(Identity.generate("prototype").to_pem())
        self.folders = [folder / f"target-{number:02}" for number in range(count)]
        self._processes = [self._start(one) for one in self.folders]
        self._wires = [self._connect(process) for process in self._processes]
        self._pool = ThreadPoolExecutor(count)

    def deploy(self, package: Path, count: int) -> None:
        content = package.read_bytes()
        told = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "version": VERSIONS[0]}
        order = json.dumps({**told, "variables": VARIABLES}).encode() + b"\n"
        answers = self._pool.map(lambda wire: _ask(wire, order, content), self._wires[:count])
        assert [answer["exit"] for answer in answers] == [0] * count

    def close(self) -> None:
        self._pool.shutdown()
        for wire in self._wires:
            wire.close()
        for process in self._processes:
            process.wait(30)

    def _start(self, folder: Path) -> subprocess.Popen[str]:
        command = [sys.executable, __file__, str(folder), str(self._pem)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def _connect(self, process: subprocess.Popen[str]) -> ssl.SSLSocket:
        assert process.stdout is not None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self._pem)
        context.check_hostname = False
        context.load_cert_chain(self._pem)
        return context.wrap_socket(socket.create_connection(("127.0.0.1", int(process.stdout.readline()))))


def _ask(wire: ssl.SSLSocket, order: bytes, content: bytes) -> Any:
    wire.sendall(order)
    view = memoryview(content)
    for at in range(0, len(view), _BLOCK):
        wire.sendall(view[at : at + _BLOCK])
    with wire.makefile("rb") as answers:
        return json.loads(answers.readline())


# -- the agent


def _serve(folder: Path, pem: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.load_verify_locations(pem)
    context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        wire = context.wrap_socket(listener.accept()[0], server_side=True)
    with wire, cast("BinaryIO", wire.makefile("rb")) as orders:
        while line := orders.readline():
            wire.sendall(json.dumps(_carry_out(folder, json.loads(line), orders)).encode() + b"\n")


def _carry_out(folder: Path, order: dict[str, Any], content: BinaryIO) -> dict[str, Any]:
    home = folder / order["version"]
    home.mkdir(parents=True)
    package = folder / f"{PACKAGE_ID}.{order['version']}.zip"
    digest, left = hashlib.sha256(), order["size"]
    with package.open("wb") as file:
        while left:
            block = content.read(min(left, _BLOCK))
            digest.update(block)
            left -= file.write(block)
    assert digest.hexdigest() == order["sha256"]
    with zipfile.ZipFile(package) as archive:
        archive.extractall(home)
    for name in CONFIGURATION:
        text = (home / name).read_text()
        for variable, value in order["variables"].items():
            text = text.replace("#{" + variable + "}", value)
        (home / name).write_text(text)
    done = subprocess.run(["/bin/bash", "PostDeploy.sh"], cwd=home, capture_output=True, text=True, check=False)
    return {"exit": done.returncode, "output": done.stdout}


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), sys.argv[2])
