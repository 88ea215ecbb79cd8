"""The versions of the program that an agent's folder has, and what an update refuses to unpack."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from polpo.agent.launcher.programs import Programs
from polpo.agent.launcher.updating import Kept, update
from polpo.features.agentupgrades.bundle import agent_bundle
from polpo.kernel.machine import platform_tag
from polpo.version import __version__


def programs(home: Path, installed: str = "1.0.0") -> Programs:
    return Programs(str(home), "/opt/polpo", installed)


def add(home: Path, name: str) -> None:
    (home / "Programs" / name / "polpo").mkdir(parents=True)
    (home / "Programs" / name / "manifest.json").write_text(json.dumps({"version": name}))


def test_the_installed_version_runs_until_an_update_worked(tmp_path: Path) -> None:
    assert programs(tmp_path).current().folder == ""
    for name in ("1.1.0", "1.2.0", "1.3.0"):
        add(tmp_path, name)
    before, new = programs(tmp_path).program("1.2.0"), programs(tmp_path).program("1.3.0")
    assert before is not None
    assert new is not None
    programs(tmp_path).adopt(new, before)
    assert programs(tmp_path).current() == new
    assert sorted(path.name for path in (tmp_path / "Programs").iterdir()) == ["1.2.0", "1.3.0", "current.json"]
    programs(tmp_path).forsake()
    assert programs(tmp_path).current().version == "1.0.0"


def test_whoever_installs_another_version_on_the_machine_has_the_last_word(tmp_path: Path) -> None:
    add(tmp_path, "1.3.0")
    chosen = programs(tmp_path)
    program = chosen.program("1.3.0")
    assert program is not None
    chosen.adopt(program, chosen.installed)
    assert programs(tmp_path, "1.0.1").current().version == "1.0.1"


@pytest.mark.parametrize("name", ["", "..", "../elsewhere", "missing"])
def test_only_a_version_that_lies_in_the_folder_is_one(tmp_path: Path, name: str) -> None:
    (tmp_path / "elsewhere" / "polpo").mkdir(parents=True)
    assert programs(tmp_path).program(name) is None


def test_a_wish_is_taken_once_and_its_end_is_told(tmp_path: Path) -> None:
    add(tmp_path, "1.1.0")
    asking = programs(tmp_path)
    asking.ask("one", "1.1.0", 30)
    wish = programs(tmp_path).take_wish()
    assert wish is not None
    assert (wish.id, wish.program.version, wish.seconds) == ("one", "1.1.0", 30)
    assert programs(tmp_path).take_wish() is None
    assert asking.outcome("one") is None
    programs(tmp_path).tell("one", updated=False, reason="it slept")
    assert asking.outcome("one") == {"id": "one", "updated": False, "reason": "it slept"}
    asking.ask("two", "9.9.9", 30)
    assert programs(tmp_path).take_wish() is None
    assert asking.outcome("two") == {"id": "two", "updated": False, "reason": "the new version's files are not there"}


def test_a_damaged_choice_is_none(tmp_path: Path) -> None:
    (tmp_path / "Programs").mkdir()
    (tmp_path / "Programs" / "current.json").write_text("{")
    assert programs(tmp_path).current().version == "1.0.0"


def packed(path: Path, python: tuple[int, int] = (3, 11), **files: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", json.dumps({"version": "2.0.0", "python": python, "platform": ""}))
        for name, text in files.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    ("python", "files", "sentence"),
    [
        ((3, 99), {}, r"this machine has Python 3\.\d+ and version 2\.0\.0 needs 3\.99 or newer"),
        ((3, 11), {"../elsewhere.py": ""}, r"the bundle holds '\.\./elsewhere\.py', which would lie elsewhere"),
        ((3, 11), {"/tmp/elsewhere.py": ""}, r"which would lie elsewhere"),
        ((3, 11), {"readme.txt": ""}, "has no program"),
        ((3, 11), {"polpo/__init__.py": ""}, r"cannot be loaded on this machine: ModuleNotFoundError"),
        (
            (3, 11),
            {"polpo/__init__.py": "", "polpo/agent/__init__.py": "", "polpo/agent/program.py": ""},
            r"was not started by 'polpo agent run'",
        ),
    ],
)
def test_what_cannot_work_is_refused_before_the_agent_is_touched(
    tmp_path: Path, python: tuple[int, int], files: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Kept, match=sentence):
        update(tmp_path, packed(tmp_path / "bundle.zip", python, **files), "one", 5)
    assert not (tmp_path / "elsewhere.py").exists()
    assert not (tmp_path / "Programs" / "wanted.json").exists()


def test_a_damaged_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(b"no zip")
    with pytest.raises(Kept, match="cannot be used: File is not a zip file"):
        update(tmp_path, tmp_path / "bundle.zip", "one", 5)


def test_the_bundle_works_by_itself_and_holds_nothing_of_the_server(tmp_path: Path) -> None:
    bundle = agent_bundle()
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
        archive.extractall(tmp_path)
    assert (bundle.version, manifest["version"], manifest["platform"]) == (__version__, __version__, platform_tag())
    ours = {name.split("/")[1] for name in names if name.startswith("polpo/") and name.count("/") > 1}
    assert ours == {"agent", "halibut", "kernel", "languages", "runner", "scripthost"}
    assert not [name for name in names if "__pycache__" in name or ".." in name]
    code = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(tmp_path / 'libraries')!r}]; import polpo.agent.program"
    )
    alone = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert (alone.returncode, alone.stderr) == (0, "")
