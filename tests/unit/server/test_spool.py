"""What a server that died left on its way."""

from __future__ import annotations

from pathlib import Path

from polpo.server.spool import sweep


def test_what_was_on_its_way_is_removed_and_differences_stay(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    for folder in ("bundles/ServerTasks-1-Machines-1", "deltas"):
        (spool / folder).mkdir(parents=True)
        (spool / folder / "file").write_text("x")
    (spool / "half a package").write_text("x")
    outside = tmp_path / "outside"
    outside.mkdir()
    (spool / "link").symlink_to(outside)
    assert sweep(spool) == ["bundles", "half a package", "link"]
    assert sorted(str(path.relative_to(spool)) for path in spool.rglob("*")) == ["deltas", "deltas/file"]
    assert outside.is_dir()


def test_a_first_start_has_nothing_to_remove(tmp_path: Path) -> None:
    assert sweep(tmp_path / "spool") == []
