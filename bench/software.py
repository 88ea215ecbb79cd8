"""The software that `bench/deploying.py` deploys: a zip of some 20 MB with 200 files, in two versions.

It is like real software in what it costs to unpack: three quarters are text of words that deflate to a third, the rest
is what does not deflate. Three files hold `#{tokens}` for the variables, and `PostDeploy.sh` ends well only if all of
them were filled in. Four files, 2 % of the content, differ between the versions. The same bytes every time.
"""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

PACKAGE_ID = "Bench.Software"
VERSIONS = ("1.0.0", "1.0.1")
CONFIGURATION = ("config/application.json", "config/database.json", "config/logging.json")
VARIABLES = {f"Setting{number}": f"the value of setting {number}" for number in range(10)}
FILES = 200

_MEASURE = 250_000  # bytes a file, so that the zip has 20 MB
_CHANGED = (10, 70, 130, 190)
_WORDS = 6_000
_LETTERS = "etaoinshrdlucmfwypvbgkjqxz"
_MOMENT, _LATER = (2026, 1, 1, 12, 0, 0), (2026, 2, 1, 12, 0, 0)

_SCRIPT = f"""\
set -eu
! grep -q '#{{' {" ".join(CONFIGURATION)}
[ "$(find . -type f | wc -l)" -ge {FILES} ]
echo "{PACKAGE_ID} is configured"
"""


def pack(version: str, folder: Path) -> Path:
    """The package file of one version, made when it is not there yet."""
    path = folder / f"{PACKAGE_ID}.{version}.zip"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, is_changed in _contents(version):
            entry = zipfile.ZipInfo(name, _LATER if is_changed else _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, content)
    return path


def template(name: str, opening: str, closing: str) -> str:
    """A configuration file with another language's marks around the names of variables."""
    return _configuration(name).replace("#{", opening).replace("}!", closing)


def _contents(version: str) -> Iterator[tuple[str, bytes, bool]]:
    """Name and content of each file, and whether it has changed since the first version."""
    draw = random.Random(7)  # noqa: S311 - no secret
    words = ["".join(draw.choices(_LETTERS, range(26, 0, -1), k=draw.randint(2, 11))) for _ in range(_WORDS)]
    shares = list(accumulate(1 / (rank + 5) for rank in range(_WORDS)))  # some words are common, as in any language
    for number in range(FILES - len(CONFIGURATION) - 1):
        is_changed = number in _CHANGED and version != VERSIONS[0]
        own = random.Random(f"{number} {version if is_changed else ''}")  # noqa: S311
        if number % 4 == 3:
            yield f"assets/part{number % 7}/asset{number:03}.bin", own.randbytes(_MEASURE // 4), is_changed
        else:
            text = " ".join(own.choices(words, cum_weights=shares, k=_MEASURE // 6))
            yield f"lib/module{number % 11}/source{number:03}.txt", text.encode(), is_changed
    for name in CONFIGURATION:
        yield name, _configuration(name).replace("}!", "}").encode(), False
    yield "PostDeploy.sh", _SCRIPT.encode(), False


def _configuration(name: str) -> str:
    settings = {variable: "#{" + variable + "}!" for variable in VARIABLES}
    return json.dumps({"file": name, **settings, "fixed": ["unchanged"] * 100}, indent=1)
