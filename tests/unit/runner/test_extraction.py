"""Unpacking: what is right arrives as it was packed; what is wrong is refused with a sentence and leaves nothing."""

from __future__ import annotations

import stat
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from polpo.runner.errors import RunnerError
from polpo.runner.extraction import Limits
from unit.runner.packing import LINK, tar_of, unpack, zip_of

FILE, FOLDER, DEVICE = tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE


def files_below(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("extension", [".zip", ".jar", ".war", ".ear"])
def test_a_zip_arrives_with_folders_modes_and_times(tmp_path: Path, extension: str) -> None:
    package = zip_of(
        tmp_path / f"Acme.1.0.0{extension}",
        ("bin/", b"", 0o40755),
        ("bin/start.sh", b"echo hi", 0o100755),
        ("config/app.json", b"{}", 0o100664),
        ("plain.txt", b"plain", 0),
    )
    assert unpack(package, tmp_path / "app") == 3
    app = tmp_path / "app"
    assert files_below(app) == {"bin/start.sh": "echo hi", "config/app.json": "{}", "plain.txt": "plain"}
    modes = {name: stat.S_IMODE((app / name).stat().st_mode) for name in files_below(app)}
    assert modes == {"bin/start.sh": 0o755, "config/app.json": 0o644, "plain.txt": 0o644}
    assert (app / "plain.txt").stat().st_mtime == pytest.approx(zipped_at(package))


def zipped_at(package: Path) -> float:
    """What unzip, the reference, gives the file as its time."""
    folder = package.parent / "reference"
    subprocess.run(["unzip", "-q", "-o", str(package), "-d", str(folder)], check=True)
    return (folder / "plain.txt").stat().st_mtime


@pytest.mark.parametrize("extension", [".tar", ".tar.gz", ".tgz", ".tar.bz2"])
def test_a_tar_arrives_with_modes_links_and_times(tmp_path: Path, extension: str) -> None:
    package = tar_of(
        tmp_path / f"Acme.1.0.0{extension}",
        ("./lib", FOLDER, b"", ""),
        ("./lib/libx.so.1", FILE, b"code", ""),
        ("./lib/libx.so", tarfile.SYMTYPE, b"", "libx.so.1"),
        ("./again", tarfile.LNKTYPE, b"", "./lib/libx.so.1"),
        ("./up/down", tarfile.SYMTYPE, b"", "../lib/libx.so"),
        mode=0o750,
    )
    assert unpack(package, tmp_path / "app") == 4
    assert files_below(tmp_path / "app") == dict.fromkeys(("lib/libx.so.1", "lib/libx.so", "again", "up/down"), "code")
    assert (tmp_path / "app/lib/libx.so").readlink() == Path("libx.so.1")
    found = (tmp_path / "app/lib/libx.so.1").stat()
    assert (stat.S_IMODE(found.st_mode), found.st_mtime, found.st_nlink) == (0o750, 1_700_000_000, 2)


def test_a_folder_that_may_not_be_written_still_gets_its_files(tmp_path: Path) -> None:
    package = zip_of(tmp_path / "A.1.0.zip", ("ro/", b"", 0o40555), ("ro/file", b"x", 0o100444))
    unpack(package, tmp_path / "app")
    assert files_below(tmp_path / "app") == {"ro/file": "x"}
    assert stat.S_IMODE((tmp_path / "app/ro").stat().st_mode) == 0o755


def test_a_nupkg_arrives_without_its_wrapping_and_with_decoded_names(tmp_path: Path) -> None:
    package = zip_of(
        tmp_path / "Acme.1.0.0.nupkg",
        ("_rels/.rels", b"", 0),
        ("package/services/metadata/core.psmdcp", b"", 0),
        ("Acme.nuspec", b"<package/>", 0),
        ("content/caf%C3%A9%20menu.txt", b"tea", 0),
        ("100%.txt", b"all", 0),
    )
    unpack(package, tmp_path / "app")
    assert set(files_below(tmp_path / "app")) == {"Acme.nuspec", "content/café menu.txt", "100%.txt"}


def test_a_zip_made_on_windows_gets_folders_from_backslashes(tmp_path: Path) -> None:
    package = tmp_path / "A.1.0.zip"
    with zipfile.ZipFile(package, "w") as archive:
        info = zipfile.ZipInfo("x")
        info.filename, info.create_system = "config\\app.json", 0
        archive.writestr(info, "{}")
    unpack(package, tmp_path / "app")
    assert files_below(tmp_path / "app") == {"config/app.json": "{}"}


def test_the_later_of_two_entries_with_one_name_counts(tmp_path: Path) -> None:
    package = tar_of(tmp_path / "A.1.0.tar", ("a", FILE, b"old", ""), ("a", FILE, b"new", ""))
    unpack(package, tmp_path / "app")
    assert files_below(tmp_path / "app") == {"a": "new"}


HOSTILE_ZIPS = {
    "climbs": ([("../evil", b"x", 0o100644)], 'climbs out of the package with ".."'),
    "climbs-deep": ([("a/../../evil", b"x", 0o100644)], "climbs out"),
    "absolute": ([("/tmp/evil", b"x", 0o100644)], "absolute path"),
    "drive": ([("C:/evil", b"x", 0o100644)], "absolute path"),
    "link-out": ([("l", b"../..", LINK)], 'its link "l" leads out of the package, to "../.."'),
    "link-absolute": ([("l", b"/etc/passwd", LINK)], "leads out"),
    "link-chain": ([("d1/d2/l", b"../..", LINK), ("m", b"d1/d2/l/../x", LINK)], 'its link "m" leads out'),
    "through-link": ([("l", b"..", LINK), ("l/evil", b"x", 0o100644)], 'its entry "l" is a folder and something else'),
    "link-circle": ([("a/l", b"../b", LINK), ("b", b"a/l", LINK)], "leads round in a circle"),
    "through-file": ([("f", b"x", 0o100644), ("f/evil", b"x", 0o100644)], "lies in what is no folder but a file"),
    "file-over-folder": ([("f/x", b"x", 0o100644), ("f", b"x", 0o100644)], "is a folder and something else"),
    "device": ([("null", b"", stat.S_IFCHR | 0o666)], "device, pipe or socket"),
    "pipe": ([("pipe", b"", stat.S_IFIFO | 0o666)], "device, pipe or socket"),
}


@pytest.mark.parametrize("case", HOSTILE_ZIPS)
def test_a_hostile_zip_is_refused_and_leaves_nothing(tmp_path: Path, case: str) -> None:
    entries, sentence = HOSTILE_ZIPS[case]
    package = zip_of(tmp_path / "A.1.0.zip", ("good.txt", b"good", 0o100644), *entries)
    with pytest.raises(RunnerError) as refused:
        unpack(package, tmp_path / "apps" / "app")
    assert refused.value.message.startswith("The package A.1.0.zip cannot be unpacked: ")
    assert sentence in refused.value.message
    assert {path.name for path in tmp_path.rglob("*")} == {"A.1.0.zip", "apps"}


HOSTILE_TARS = {
    "climbs": ([("../evil", FILE, b"x", "")], "climbs out"),
    "absolute": ([("/tmp/evil", FILE, b"x", "")], "absolute path"),
    "device": ([("null", DEVICE, b"", "")], "device, pipe or socket"),
    "link-out": ([("l", tarfile.SYMTYPE, b"", "../../etc")], "leads out"),
    "through-link": ([("l", tarfile.SYMTYPE, b"", ".."), ("l/evil", FILE, b"x", "")], "folder and something else"),
    "hardlink-out": ([("h", tarfile.LNKTYPE, b"", "../../etc/passwd")], "climbs out"),
    "hardlink-to-link": (
        [("l", tarfile.SYMTYPE, b"", "/etc/passwd"), ("h", tarfile.LNKTYPE, b"", "l")],
        'is the same file as "l", which does not come before',
    ),
    "hardlink-to-itself": ([("h", tarfile.LNKTYPE, b"", "h")], "which does not come before"),
}


@pytest.mark.parametrize("case", HOSTILE_TARS)
def test_a_hostile_tar_is_refused_and_leaves_nothing(tmp_path: Path, case: str) -> None:
    members, sentence = HOSTILE_TARS[case]
    package = tar_of(tmp_path / "A.1.0.tar", ("good.txt", FILE, b"good", ""), *members)
    with pytest.raises(RunnerError, match=sentence):
        unpack(package, tmp_path / "app")
    assert [path.name for path in tmp_path.rglob("*")] == ["A.1.0.tar"]


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (Limits(total=1_000_000), "unpacks to more than 1,000,000 bytes"),
        (Limits(ratio=100, ratio_from=1_000_000), "which looks like an archive made to fill the disk"),
    ],
)
@pytest.mark.parametrize("extension", [".zip", ".tar.gz"])
def test_an_archive_made_to_fill_the_disk_is_refused(
    tmp_path: Path, limits: Limits, sentence: str, extension: str
) -> None:
    zeros = bytes(10_000_000)
    package = tmp_path / f"Bomb.1.0.0{extension}"
    if extension == ".zip":
        zip_of(package, ("zeros", zeros, 0o100644))
    else:
        tar_of(package, ("zeros", FILE, zeros, ""))
    with pytest.raises(RunnerError, match=sentence):
        unpack(package, tmp_path / "app", limits)
    assert not (tmp_path / "app").exists()


@pytest.mark.parametrize("extension", [".zip", ".tar", ".tar.gz", ".tar.bz2"])
def test_a_file_that_is_no_archive_is_refused_with_a_sentence(tmp_path: Path, extension: str) -> None:
    package = tmp_path / f"A.1.0{extension}"
    package.write_bytes(b"this is no archive at all" * 100)
    with pytest.raises(RunnerError, match="it is no readable archive of its kind"):
        unpack(package, tmp_path / "app")
    assert not (tmp_path / "app").exists()


@pytest.mark.parametrize("extension", [".zip", ".tar.gz"])
def test_an_archive_cut_short_is_refused_and_leaves_nothing(tmp_path: Path, extension: str) -> None:
    package = tmp_path / f"A.1.0{extension}"
    content = bytes(range(256)) * 1000
    if extension == ".zip":
        zip_of(package, ("a", content, 0o100644))
    else:
        tar_of(package, ("a", FILE, content, ""), ("b", FILE, content, ""))
    package.write_bytes(package.read_bytes()[:-600])
    with pytest.raises(RunnerError, match="cannot be unpacked: it is"):
        unpack(package, tmp_path / "app")
    assert not (tmp_path / "app").exists()


def test_a_zip_with_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    package = tmp_path / "A.1.0.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("a", b"the very content")
    package.write_bytes(package.read_bytes().replace(b"the very content", b"the evil content"))
    with pytest.raises(RunnerError, match="Bad CRC-32"):
        unpack(package, tmp_path / "app")
    assert not (tmp_path / "app").exists()


def test_a_package_of_an_unknown_kind_is_refused_naming_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "A.1.0.lzh").write_bytes(b"lzh")
    with pytest.raises(RunnerError, match=r'"\.lzh" are not supported; use one of \.zip, \.nupkg'):
        unpack(tmp_path / "A.1.0.lzh", tmp_path / "app")
