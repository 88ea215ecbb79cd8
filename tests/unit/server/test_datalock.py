"""Two servers must not share a data folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from polpo.kernel.errors import Invalid
from polpo.server.datalock import DataLock


def test_second_server_on_a_data_folder_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    first = DataLock(tmp_path)
    with pytest.raises(Invalid, match=rf"Another server \(process {os.getpid()}\) works with the data folder"):
        DataLock(tmp_path)
    first.release()
    first.release()
    DataLock(tmp_path).release()
