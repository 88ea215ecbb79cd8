"""What a package must be before it is stored."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from polpo.features.packages.archives import check_archive
from polpo.kernel.errors import Invalid


def zip_file(path: Path, *names: str, links: dict[str, str] | None = None) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "content")
        for name, target in (links or {}).items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, target)
    return path


def tar_file(
    path: Path, *names: str, links: dict[str, str] | None = None, mode: str = "w:gz", kind: bytes = tarfile.SYMTYPE
) -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, target in (links or {}).items():
            link = tarfile.TarInfo(name)
            link.type, link.linkname = kind, target
            archive.addfile(link)
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = 7
            archive.addfile(info, io.BytesIO(b"content"))
    return path


@pytest.mark.parametrize("extension", [".zip", ".nupkg", ".JAR", ".war"])
def test_a_zip_under_any_of_its_names_is_taken(tmp_path: Path, extension: str) -> None:
    check_archive(zip_file(tmp_path / "p", "web/index.html", "./a/../b"), "A.1.0", extension)


@pytest.mark.parametrize(
    ("extension", "mode"), [(".tar", "w"), (".tgz", "w:gz"), (".tar.bz2", "w:bz2"), (".tar.xz", "w:xz")]
)
def test_a_tar_with_any_compression_is_taken(tmp_path: Path, extension: str, mode: str) -> None:
    check_archive(tar_file(tmp_path / "p", "bin/run", mode=mode), "A.1.0", extension)


@pytest.mark.parametrize(
    ("extension", "word"), [(".zip", "no zip archive"), (".tar.gz", "no tar archive"), (".tar", "no tar")]
)
@pytest.mark.parametrize("content", [b"", b"This is a text.", b"PK\x03\x04 and nothing else"])
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, extension: str, word: str, content: bytes) -> None:
    (tmp_path / "p").write_bytes(content)

    with pytest.raises(Invalid, match=word):
        check_archive(tmp_path / "p", f"A.1.0{extension}", extension)


@pytest.mark.parametrize(("make", "extension"), [(zip_file, ".zip"), (tar_file, ".tar.gz")])
def test_a_damaged_archive_is_refused(tmp_path: Path, make: Callable[..., Path], extension: str) -> None:
    whole = make(tmp_path / "p", *(f"{number}.txt" for number in range(50))).read_bytes()
    (tmp_path / "p").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(Invalid, match="was not stored: it is no"):
        check_archive(tmp_path / "p", f"A.1.0{extension}", extension)


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/etc/passwd", "..\\evil", "C:\\evil", "C:evil"])
@pytest.mark.parametrize(("make", "extension"), [(zip_file, ".zip"), (tar_file, ".tar.gz")])
def test_an_entry_that_climbs_out_is_refused(
    tmp_path: Path, make: Callable[..., Path], extension: str, name: str
) -> None:
    with pytest.raises(Invalid, match="outside of its folder"):
        check_archive(make(tmp_path / "p", "good.txt", name), f"A.1.0{extension}", extension)


@pytest.mark.parametrize(("make", "extension"), [(zip_file, ".zip"), (tar_file, ".tar.gz")])
@pytest.mark.parametrize("target", ["/etc", "../../etc"])
def test_a_file_behind_a_link_that_leads_out_is_refused(
    tmp_path: Path, make: Callable[..., Path], extension: str, target: str
) -> None:
    with pytest.raises(Invalid, match="through a link that leads outside"):
        check_archive(make(tmp_path / "p", "conf/passwd", links={"conf": target}), "A.1.0", extension)


@pytest.mark.parametrize(("make", "extension"), [(zip_file, ".zip"), (tar_file, ".tar.gz")])
def test_a_link_that_nothing_is_written_through_is_taken(
    tmp_path: Path, make: Callable[..., Path], extension: str
) -> None:
    links = {"venv/bin/python": "/usr/bin/python3", "current": "versions/1", "up/here": "../current"}

    check_archive(make(tmp_path / "p", "versions/1/run", "current/x", links=links), "A.1.0", extension)


def test_a_hard_link_to_the_outside_and_a_device_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="hard link"):
        check_archive(tar_file(tmp_path / "a", links={"shadow": "../etc/shadow"}, kind=tarfile.LNKTYPE), "A", ".tgz")
    with pytest.raises(Invalid, match="device"):
        check_archive(tar_file(tmp_path / "b", links={"pipe": ""}, kind=tarfile.FIFOTYPE), "A", ".tgz")


def test_an_archive_that_would_fill_the_disk_is_refused(tmp_path: Path) -> None:
    path = zip_file(tmp_path / "p", "a")
    content = bytearray(path.read_bytes())
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (0xFFFFFFFE).to_bytes(4, "little")
    entry, end = (
        bytes(content[directory : content.rindex(b"PK\x05\x06")]),
        bytearray(content[content.rindex(b"PK\x05\x06") :]),
    )
    end[8:12] = (17).to_bytes(2, "little") * 2
    end[12:16] = (len(entry) * 17).to_bytes(4, "little")
    path.write_bytes(bytes(content[:directory]) + entry * 17 + bytes(end))

    with pytest.raises(Invalid, match="more than 200 times its size"):
        check_archive(path, "Bomb.1.0.zip", ".zip")


def test_a_tar_archive_that_unpacks_to_far_more_than_it_is_is_refused_before_it_is_read(tmp_path: Path) -> None:
    bomb = tarfile.TarInfo("zeros")
    bomb.size = 2 << 30
    path = tmp_path / "p"
    path.write_bytes(gzip.compress(bomb.tobuf()))

    with pytest.raises(Invalid, match="more than 200 times its size"):
        check_archive(path, "Bomb.1.0.tgz", ".tgz")


def test_a_type_that_cannot_be_unpacked_is_refused_naming_those_that_can(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"'\.lzh' cannot be unpacked; send one of .*\.nupkg"):
        check_archive(tmp_path / "p", "A.1.0.lzh", ".lzh")
