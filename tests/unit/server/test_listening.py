"""A server that would share its port with another program does not start."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from polpo.kernel.errors import Invalid
from polpo.server.main import serve
from polpo.server.settings import Settings


async def test_server_refuses_a_port_that_another_server_would_share(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(Invalid, match=f"cannot listen on {taken}: Address already in use"):
            await serve(Settings(listen=taken, data_dir=str(tmp_path / "data")))
    assert not (tmp_path / "data").exists()
