"""Questions about packages, answered without a script; what the answers say is tested with the runner."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from polpo.halibut.streams import DataStream
from polpo.kernel.errors import AppError
from polpo.languages.octodiff import encode_delta
from polpo.languages.pieces import difference, signature_of
from polpo.scripthost.answers import Answers


def spooled(folder: Path, content: bytes) -> DataStream:
    path = folder / "spooled"
    path.write_bytes(content)
    return DataStream.of_file(path, temporary=True)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_package_is_made_of_another_one_and_a_difference(tmp_path: Path) -> None:
    old, new = b"a" * 100_000, b"a" * 90_000 + b"b" * 10
    (tmp_path / "old").write_bytes(old)
    sha1, signature = hashlib.sha1(new, usedforsecurity=False).hexdigest(), b"".join(signature_of(old))
    delta = encode_delta(sha1, difference(signature, new))
    order = {"base": "old", "target": "new", "hash": hashlib.sha256(new).hexdigest(), "size": len(new)}
    told = await Answers(tmp_path).apply_delta(json.dumps(order), spooled(tmp_path, b"".join(delta)))
    assert told.startswith("##octopus[deltaVerification remotePath=")
    assert (tmp_path / "new").read_bytes() == new
    assert names(tmp_path) == ["new", "old"]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("no json", "What was asked is no JSON: "),
        ("[]", "What was asked is no JSON object."),
        ("{}", "The question for packages cannot be read: KeyError('Packages')."),
        ('{"Packages": [1]}', "The question for packages cannot be read: TypeError("),
    ],
)
async def test_question_that_makes_no_sense_is_refused(tmp_path: Path, question: str, sentence: str) -> None:
    with pytest.raises(AppError) as caught:
        await Answers(tmp_path).find_packages(question)
    assert caught.value.message.startswith(sentence)


async def test_difference_for_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    order = {"base": "old", "target": "nowhere/new", "hash": "", "size": 1}
    with pytest.raises(AppError) as caught:
        await Answers(tmp_path).apply_delta(json.dumps(order), spooled(tmp_path, b"x"))
    assert caught.value.message.startswith("The difference cannot be kept: No such file or directory")
