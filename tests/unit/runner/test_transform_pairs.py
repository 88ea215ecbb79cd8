"""Which transform a line of a step means for which file."""

from __future__ import annotations

from pathlib import Path

import pytest

from polpo.runner.errors import RunnerError
from polpo.runner.transformpairs import extensions_of, read_line, transforms_for


def pairs(root: Path, line: str, *names: str) -> list[str]:
    """All files of the package against the line, as `transform > target`; names with a `/` first lie elsewhere."""
    package = root / "package"
    for name in names:
        path = root / name[1:] if name.startswith("/") else package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    read = read_line(line.replace("ELSEWHERE", str(root / "else")).replace("PACKAGE", str(package)))
    targets = sorted(path for path in package.rglob("*") if path.is_file())
    return [
        f"{Path(path).relative_to(root if names[-1].startswith('/') else package)} > {target.relative_to(package)}"
        for target in targets
        for path in transforms_for(str(target), read, str(package))
    ]


@pytest.mark.parametrize(
    ("line", "files", "expected"),
    [
        ("Release", "web.config web.Release.config", ["web.Release.config > web.config"]),
        ("Release.config", "web.config web.Release.config", ["web.Release.config > web.config"]),
        ("R", "a/app.exe.config a/app.exe.R.config b/app.exe.config", ["a/app.exe.R.config > a/app.exe.config"]),
        ("a/../R", "web.config web.a/x R.config", []),
        ("web.x.config => web.config", "web.config web.x.config sub/web.config", ["web.x.config > web.config"]),
        ("web.x => web.config", "web.config web.x.config", ["web.x.config > web.config"]),
        ("web.x.config => Web.config", "web.config web.x.config", ["web.x.config > web.config"]),
        ("c.x.config => *.config", "app.config web.config c.x.config",
         ["c.x.config > app.config", "c.x.config > web.config"]),
        ("*.x.config => *.config", "app.config web.config web.x.config", ["web.x.config > web.config"]),
        ("*.x.config => web.config", "a.x.config b.x.config web.config",
         ["a.x.config > web.config", "b.x.config > web.config"]),
        ("*.config => *.mine.config", "foo.config foo.mine.config", ["foo.config > foo.mine.config"]),
        ("*.x.xml => *.xml", "a.xml a.x.xml", ["a.x.xml > a.xml"]),
        ("t/web.x.config => web.config", "web.config t/web.x.config", ["t/web.x.config > web.config"]),
        (r"t\web.x.config => web.config", "web.config t/web.x.config", ["t/web.x.config > web.config"]),
        ("t/*.x.config => *.config", "web.config app.config t/web.x.config t/app.x.config",
         ["t/app.x.config > app.config", "t/web.x.config > web.config"]),
        ("t/*.x.config => c/web.config", "c/web.config t/a.x.config t/b.x.config web.config",
         ["t/a.x.config > c/web.config", "t/b.x.config > c/web.config"]),
        ("t/*.x.config => c/*.config", "c/web.config cc/web.config t/web.x.config", ["t/web.x.config > c/web.config"]),
        ("web.x.config => c/web.config", "c/web.config web.x.config web.config", ["web.x.config > c/web.config"]),
        ("t/web.x.config => c/web.config", "xc/web.config t/web.x.config xc/t/web.x.config", []),
        ("ELSEWHERE/x.config => web.config", "web.config sub/web.config /else/x.config",
         ["else/x.config > sub/web.config", "else/x.config > web.config"]),
        ("ELSEWHERE/*.x.config => *.config", "web.config app.config /else/web.x.config",
         ["else/web.x.config > web.config"]),
        ("ELSEWHERE/x.config => ./sub/web.config", "web.config sub/web.config /else/x.config",
         ["else/x.config > sub/web.config"]),
        ("x.config => ELSEWHERE/web.config", "x.config web.config /else/web.config", []),
        ("x.config => PACKAGE/web.config", "x.config web.config", ["x.config > web.config"]),
        ("web.config => web.config", "web.config", []),
        ("gone/x.config => web.config", "web.config", []),
        ("policy.Release.xml => crossdomain.xml", "crossdomain.xml policy.Release.xml",
         ["policy.Release.xml > crossdomain.xml"]),
        ("foo.bar.config => bar.config", "app/foo.bar.config app/bar.config", ["app/foo.bar.config > app/bar.config"]),
        (r"t\bar.config=>app\bar.config", "app/bar.config t/bar.config", ["t/bar.config > app/bar.config"]),
        ("t/*.config => app/*.config", "app/bar.config t/bar.config", ["t/bar.config > app/bar.config"]),
    ],
)  # fmt: skip
def test_a_line_finds_its_transforms(tmp_path: Path, line: str, files: str, expected: list[str]) -> None:
    assert sorted(pairs(tmp_path, line, *files.split())) == sorted(expected)


def test_a_name_of_an_environment_is_taken_as_it_is(tmp_path: Path) -> None:
    assert pairs(tmp_path, "Pre [1]", "web.config", "web.Pre [1].config", "web.Pre 1.config") == [
        "web.Pre [1].config > web.config"
    ]


def test_lines_tell_which_files_come_into_question() -> None:
    lines = [read_line(text) for text in ("Release", "a => b.config", "*.x.xml => *.xml", "a => c/d.config", "a => b")]
    assert extensions_of(lines) == [".config", ".xml", ""]


@pytest.mark.parametrize("line", ["a =>", "=> b", "=>"])
def test_half_a_line_is_refused(line: str) -> None:
    with pytest.raises(RunnerError, match="lacks a side"):
        read_line(line)
