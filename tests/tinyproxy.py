"""A real HTTP proxy (tinyproxy) on a free port of this machine; where it is missing, tests say so, in CI they fail."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def tinyproxy(*settings: str) -> Iterator[int]:
    """The port of a proxy with these further lines in its configuration."""
    program = shutil.which("tinyproxy") or shutil.which("tinyproxy", path="/usr/sbin:/usr/local/bin")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("tinyproxy is not installed, and CI has to test with it: apt-get install tinyproxy")
        pytest.skip("tinyproxy is not installed: apt-get install tinyproxy")
    with tempfile.TemporaryDirectory(prefix="polpo-proxy-") as folder:
        port = _free_port()
        lines = [f"Port {port}", "Listen 127.0.0.1", "Allow 127.0.0.1", "Timeout 60", "LogLevel Error", *settings]
        configuration = Path(folder) / "tinyproxy.conf"
        configuration.write_text("".join(f"{line}\n" for line in lines))
        process = subprocess.Popen(
            [program, "-d", "-c", str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _await_port(port, process)
            yield port
        finally:
            process.kill()
            process.wait(10)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail("tinyproxy did not start")
