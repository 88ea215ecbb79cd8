"""Unpacking what Python cannot read by itself, what is too long, and whatever an enemy may think of."""

from __future__ import annotations

import gzip
import os
import shutil
import stat
import struct
import subprocess
import tarfile
import tempfile
import warnings
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from polpo.runner.errors import RunnerError
from polpo.runner.extraction import Limits
from unit.runner.packing import LINK, tar_of, unpack, zip_of

FILE = tarfile.REGTYPE


def needs(program: str) -> None:
    if shutil.which(program) is None:
        assert not os.environ.get("CI"), f"{program} must be installed where CI runs"
        pytest.skip(f"there is no {program} on this machine")


def compressed(path: Path, *members: tuple[str, bytes, bytes, str]) -> Path:
    """A .tar.Z, as `compress` made it."""
    needs("bsdtar")
    plain = tar_of(path.with_suffix(""), *members)
    with path.open("wb") as target:
        subprocess.run(["bsdtar", "-cZf", "-", f"@{plain}"], stdout=target, check=True)
    plain.unlink()
    return path


def rar_of(path: Path, *entries: tuple[str, bytes]) -> Path:
    """In the format of version 4, stored. There is no free program that makes one."""

    def block(kind: int, flags: int, rest: bytes) -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head

    content = b"Rar!\x1a\x07\x00" + block(0x73, 0, bytes(6))
    for name, data in entries:
        told = struct.pack(
            "<IIBIIBBHI", len(data), len(data), 3, zlib.crc32(data), 0x5A21_0000, 20, 0x30, len(name), 0o100644
        )
        content += block(0x74, 0x8000, told + name.encode()) + data
    path.write_bytes(content + block(0x7B, 0x4000, b""))
    return path


def test_tar_of_the_old_compressor_is_unpacked(tmp_path: Path) -> None:
    package = compressed(tmp_path / "A.1.0.tar.Z", ("bin/a", FILE, b"a" * 5000, ""), ("b", FILE, b"b", ""))
    assert unpack(package, tmp_path / "app") == 2
    assert (tmp_path / "app" / "bin" / "a").read_bytes() == b"a" * 5000


def test_rar_is_unpacked_where_there_is_a_program_for_it(tmp_path: Path) -> None:
    needs("bsdtar")
    package = rar_of(tmp_path / "A.1.0.rar", ("config/app.json", b"{}"), ("b", b"b" * 3000))
    assert unpack(package, tmp_path / "app") == 2
    assert (tmp_path / "app" / "b").read_bytes() == b"b" * 3000


@pytest.mark.parametrize(
    ("extension", "sentence"),
    [
        (".rar", "there is no bsdtar on this machine to read .rar with: install bsdtar"),
        (".tar.Z", "there is no gzip and no uncompress on this machine to read .tar.z with: install gzip"),
    ],
)
def test_machine_without_the_program_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extension: str, sentence: str
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    package = tmp_path / f"A.1.0{extension}"
    package.write_bytes(b"Rar!")
    with pytest.raises(RunnerError) as refused:
        unpack(package, tmp_path / "app")
    assert sentence in refused.value.message
    assert not (tmp_path / "app").exists()


@pytest.mark.parametrize("extension", [".rar", ".tar.Z"])
def test_what_the_program_cannot_read_is_refused(tmp_path: Path, extension: str) -> None:
    needs("bsdtar")
    package = tmp_path / f"A.1.0{extension}"
    package.write_bytes(b"this is no archive at all" * 100)
    with pytest.raises(RunnerError, match="it is damaged or incomplete, or no"):
        unpack(package, tmp_path / "app")
    assert not (tmp_path / "app").exists()


def test_long_content_that_is_no_tar_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    needs("gzip")
    package = tmp_path / "A.1.0.tar.Z"
    package.write_bytes(gzip.compress(os.urandom(1 << 20)))  # more than fits into a pipe; gzip reads its own, too
    with pytest.raises(RunnerError, match="it is damaged or incomplete, or no"):
        unpack(package, tmp_path / "app")
    assert not (tmp_path / "app").exists()


def test_an_archive_that_names_files_of_the_machine_is_no_rar(tmp_path: Path) -> None:
    needs("bsdtar")
    (tmp_path / "private").write_text("of the machine")
    package = tmp_path / "A.1.0.rar"
    package.write_text(f"#mtree\n./taken type=file contents={tmp_path}/private\n")
    with pytest.raises(RunnerError, match=r"no \.rar at all"):
        unpack(package, tmp_path / "app")
    assert not (tmp_path / "app").exists()


def test_hostile_tar_of_the_old_compressor_is_refused(tmp_path: Path) -> None:
    package = compressed(tmp_path / "A.1.0.tar.Z", ("../evil", FILE, b"x", ""))
    with pytest.raises(RunnerError, match="climbs out"):
        unpack(package, tmp_path / "app")
    assert [path.name for path in tmp_path.iterdir()] == ["A.1.0.tar.Z"]


@pytest.mark.parametrize("make", [zip_of, tar_of])
def test_name_that_is_too_long_is_refused_with_what_to_do(tmp_path: Path, make: object) -> None:
    name = f"lib/{'x' * 300}"
    if make is zip_of:
        package = zip_of(tmp_path / "A.1.0.zip", (name, b"x", 0o100644))
    else:
        package = tar_of(tmp_path / "A.1.0.tar", (name, FILE, b"x", ""))
    with pytest.raises(RunnerError, match=r"too long for this disk, .*xxx\. Shorten it"):
        unpack(package, tmp_path / "app")
    assert not (tmp_path / "app").exists()


# -- whatever an enemy may think of

PARTS = st.sampled_from(
    ["..", ".", "", "a", "A", "b", "c.txt", "C:", "~", "a" * 300, "..\\..", "\\", "%2e%2e", "\u202e"]
)
NAMES = st.lists(PARTS, min_size=1, max_size=4).map("/".join)
MODES = st.sampled_from([0o100644, 0o104755, 0o40777, LINK, stat.S_IFIFO | 0o666, 0o100000, 0])
ENTRIES = st.lists(st.tuples(NAMES, st.one_of(NAMES.map(str.encode), st.binary(max_size=20)), MODES), max_size=6)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(entries=ENTRIES, extension=st.sampled_from([".zip", ".nupkg", ".tar"]))
def test_nothing_is_ever_written_outside(entries: list[tuple[str, bytes, int]], extension: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        (top / "deep" / "apps").mkdir(parents=True)
        package, app = top / f"A.1.0{extension}", top / "deep" / "apps" / "app"
        _pack(package, entries)
        before = _everything(top)
        try:
            unpack(package, app, Limits(total=1_000_000))
        except RunnerError:
            assert _everything(top) == before
            return
        assert {path for path in _everything(top) if app not in (path, *path.parents)} == set(before)
        for path in app.rglob("*"):
            assert Path(os.path.realpath(path)).is_relative_to(os.path.realpath(app))
            assert path.is_symlink() or not stat.S_IMODE(path.stat().st_mode) & 0o7022


def _pack(package: Path, entries: list[tuple[str, bytes, int]]) -> None:
    if package.suffix != ".tar":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that names are there twice
            zip_of(package, *entries)
        return
    kinds = {
        stat.S_IFLNK: tarfile.SYMTYPE,
        stat.S_IFDIR: tarfile.DIRTYPE,
        stat.S_IFIFO: tarfile.FIFOTYPE,
        0: tarfile.LNKTYPE,
    }
    members = []
    for name, content, mode in entries:
        kind = kinds.get(stat.S_IFMT(mode), tarfile.REGTYPE)
        target = content.decode("latin-1").replace("\0", "") if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
        members.append((name, kind, content if kind == tarfile.REGTYPE else b"", target))
    tar_of(package, *members, mode=0o6777)


def _everything(top: Path) -> dict[Path, bytes | None]:
    return {path: path.read_bytes() if path.is_file() else None for path in sorted(top.rglob("*"))}
