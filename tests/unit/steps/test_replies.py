"""What machines say of the packages that they are asked for."""

from __future__ import annotations

import pytest

from polpo.kernel.errors import TaskError
from polpo.steps.console import ConsoleState
from polpo.steps.replies import missing_of
from polpo.steps.work import PackageFile

WANTED = [PackageFile(reference="", package_id=name, version="1.0.0", feed_id="feeds-builtin") for name in ("A", "B")]


def said(**attributes: str) -> ConsoleState:
    return ConsoleState(found=[("polpo-package", {"state": "missing", **attributes})])


def test_what_is_missing_is_told_by_its_place() -> None:
    missing = missing_of(WANTED, said(index="1", base="/there", baseversion="0.9.0"), {"1": b"signature"})
    assert [(index, one.package.package_id, one.base, one.signature) for index, one in missing.items()] == [
        (1, "B", "/there", b"signature")
    ]
    assert missing_of(WANTED, said(state="found", index="0"), {}) == {}


@pytest.mark.parametrize("index", ["2", "-1", "x", ""])
def test_a_package_that_was_not_asked_for_is_told(index: str) -> None:
    with pytest.raises(TaskError, match=rf"package number '{index}' of 2 .* something else than Polpo's runner"):
        missing_of(WANTED, said(index=index), {})
