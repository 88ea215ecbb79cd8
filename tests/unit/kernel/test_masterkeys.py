"""Files with a master key."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from polpo.kernel.errors import Invalid
from polpo.kernel.masterkeys import KeyFile
from polpo.kernel.secrets import MasterKey


def test_a_key_file_is_its_owners_and_is_not_written_over(tmp_path: Path) -> None:
    file, key = KeyFile(tmp_path / "new" / "master.key"), MasterKey.new()
    assert file.read() is None
    file.write(key)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert (found := file.read()) is not None
    assert found.id == key.id
    assert list(file.faults()) == []
    with pytest.raises(Invalid, match="not written over"):
        file.write(MasterKey.new())


def test_the_next_key_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    file, following = KeyFile(tmp_path / "master.key"), MasterKey.new()
    file.write(MasterKey.new())
    file.write_next(MasterKey.new())
    file.write_next(following)
    file.turn()
    assert (found := file.read()) is not None
    assert found.id == following.id
    assert [path.name for path in tmp_path.iterdir()] == ["master.key"]


@pytest.mark.parametrize(("mode", "told"), [(0o600, 0), (0o400, 0), (0o640, 1), (0o644, 1)])
def test_a_key_that_others_may_read_is_told(tmp_path: Path, mode: int, told: int) -> None:
    file = KeyFile(tmp_path / "master.key")
    file.write(MasterKey.new())
    file.path.chmod(mode)
    assert len(list(file.faults())) == told
    assert file.read() is not None


@pytest.mark.parametrize("mode", [0o660, 0o602])
def test_a_key_that_others_may_change_is_not_used(tmp_path: Path, mode: int) -> None:
    file = KeyFile(tmp_path / "master.key")
    file.write(MasterKey.new())
    file.path.chmod(mode)
    with pytest.raises(Invalid, match="Others can change the master key file"):
        file.read()


def test_a_key_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff\xfe")
    (tmp_path / "b").write_text("nothing")
    (tmp_path / "c").mkdir()
    for name, told in (("a", "is no base64 text"), ("b", "is no base64 text|holds 5 bytes"), ("c", "cannot be read")):
        with pytest.raises(Invalid, match=told):
            KeyFile(tmp_path / name).read()
