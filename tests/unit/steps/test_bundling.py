"""Making bundles: what an interrupted making leaves behind, and that nothing half written can be seen."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from polpo.halibut.streams import DataStream
from polpo.kernel.errors import TaskError
from polpo.runner.archive import build
from polpo.runner.bundles.manifest import BundledAction, BundledStep
from polpo.steps.bundling import Drop, Outline, Parcel, drop, file_name, write_bundle
from polpo.transports.offline import Errand, Recorder


def outline(**variables: str) -> Outline:
    action = BundledAction("A", "1", "The script", "Success", "", ["run-script"], "", "", "")
    step = BundledStep("A", 1, 1, "Success", "", [])
    errand = Errand("The script", ("run-script",), "", variables, frozenset({"Password"} & variables.keys()))
    parcel = Parcel(step, action, errand, frozenset(), [], [])
    return Outline("m.Shop.Deployments-1", "Shop", ["Dev"], "Shop.zip", [parcel])


SCRIPT = {"Octopus.Action.Script.Syntax": "Bash", "Octopus.Action.Script.ScriptBody": 'cat "$TentacleHome/Files/x"'}


async def test_files_that_a_step_wants_there_and_names_of_every_kind_go_along(tmp_path: Path) -> None:
    """The starter of a project with every character that a shell could take amiss is really run."""
    folder, recorder = tmp_path / "bundle", Recorder("m", tmp_path / "bundle")
    await recorder.upload("Files/x", DataStream.of_bytes(b"went along"))
    arguments = ("run-script", "--variables", "variables.json")
    recorder.record(Errand("The script", arguments, "", SCRIPT, frozenset()))
    [parcel] = outline().parcels
    assert recorder.errand is not None
    action = parcel.action._replace(arguments=list(arguments))
    parcel = replace(parcel, errand=recorder.errand, action=action, files=recorder.files)
    named = replace(outline(), id=file_name('m.It\'s `odd` $HOME & "so".Deployments-1'), parcels=[parcel])
    depot: Any = None

    files = await write_bundle(folder, named, Drop("m"), depot, build())

    assert files[1] == "Files/x"
    starter = folder / next(path for path in files if path.endswith(".sh"))
    ran = started(starter, tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "went along" in ran.stdout
    (folder / "Files" / "x").write_text("changed")
    ran = started(starter, tmp_path)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "Files/x is not as it was packed. Copy the bundle again, or make it anew.\n"


def started(starter: Path, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    command = ["bash", str(starter)]
    return subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=False)


async def made(folder: Path, password: str = "", **variables: str) -> list[str]:
    depot: Any = None
    return await write_bundle(folder, outline(**variables), Drop("m", password), depot, build())


def visible(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


async def test_a_bundle_made_again_takes_the_place_of_the_first_one(tmp_path: Path) -> None:
    target = tmp_path / "drop"
    first = await made(tmp_path / "1", Colour="red")
    drop(tmp_path / "1", first, target, "m.Shop.Deployments-1")
    other = target / "Variables" / "other.Shop.Deployments-1.0011" / "manifest.json"
    other.parent.mkdir()
    other.write_text("of another target")

    second = await made(tmp_path / "2", Colour="red")
    drop(tmp_path / "2", second, target, "m.Shop.Deployments-1")

    assert visible(target) == {*second, "Variables/other.Shop.Deployments-1.0011/manifest.json"}


async def test_the_starters_come_last_and_a_bundle_that_was_cut_off_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, files = tmp_path / "drop", await made(tmp_path / "1")
    assert [Path(path).suffix for path in files[-3:]] == [".sh", ".ps1", ".cmd"]
    rename = Path.replace

    def full(path: Path, place: Path) -> Path:
        if place.suffix == ".sh":
            raise OSError(28, "No space left on device")
        return rename(path, place)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(TaskError, match=r"could not be put into .*: No space left on device"):
            drop(tmp_path / "1", files, target, "m.Shop.Deployments-1")
    assert visible(target) == set(files[:-3])

    drop(tmp_path / "1", files, target, "m.Shop.Deployments-1")
    assert visible(target) == set(files)


async def test_secrets_are_nowhere_in_the_clear_and_want_a_password(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match=r"would hold some \(Password\)"):
        await made(tmp_path / "1", Password="hunter2")
    files = await made(tmp_path / "2", "horse", Password="hunter2", Colour="red")
    contents = b"".join((tmp_path / "2" / path).read_bytes() for path in files)
    assert b"hunter2" not in contents
    assert b"horse" not in contents
    assert b"red" in contents


@pytest.mark.parametrize(("text", "name"), [("a/b:c", "a-b-c"), ("..", "-"), (" x. ", "x"), ("Web Shop", "Web Shop")])
def test_names_make_files_on_every_system(text: str, name: str) -> None:
    assert file_name(text) == name
