"""Pack the sample application: ``python demo/package.py VERSION FOLDER`` writes ``Polpo.Sample.Web.VERSION.zip``.

The same sources and version give the same bytes, on any machine and at any time.
"""

from __future__ import annotations

import argparse
import zipfile
from pathlib import Path

PACKAGE_ID = "Polpo.Sample.Web"
_SOURCES = Path(__file__).parent / "sample-app"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def build(version: str, folder: Path) -> Path:
    """Write the package into ``folder``, which is made when missing; returns the file's path."""
    folder.mkdir(parents=True, exist_ok=True)
    package = folder / f"{PACKAGE_ID}.{version}.zip"
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(_SOURCES.iterdir()):
            if path.is_file():
                _add(archive, path.name, path.read_bytes())
        _add(archive, "version.txt", f"{version}\n".encode())
    return package


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = (0o755 if name.endswith(".sh") else 0o644) << 16
    archive.writestr(entry, content)


def main() -> None:
    parser = argparse.ArgumentParser(description="Pack the sample application.")
    parser.add_argument("version")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    print(build(options.version, options.folder))


if __name__ == "__main__":
    main()
