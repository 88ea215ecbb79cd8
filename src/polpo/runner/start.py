"""The first lines of the packed runner, its `__main__.py`; here they stand only to be read and checked like all else.

They must be understood by every Python 3, so that an old one can say that it is too old, or find a newer one. An
archive that stays on the target is unpacked beside itself once: Python then keeps the compiled modules, and a start
takes half the time. One in the working folder is used once and removed with it, and runs as it is.
"""

import os
import sys

#: Put in when the runner is packed: what the packed modules are, so that another version gets another folder.
SOURCES = "{sources}"
_OLDEST = (3, 8)
_NEWEST = 20


def start() -> None:
    if sys.version_info < _OLDEST:
        _start_newer()
    folder = _unpacked(sys.path[0])
    if folder:
        sys.path.insert(0, folder)
    from polpo.runner.main import main

    sys.exit(main(sys.argv[1:]))


def _start_newer() -> None:
    import shutil

    for minor in range(_NEWEST, _OLDEST[1] - 1, -1):
        found = shutil.which("python3.{}".format(minor))  # noqa: UP032 - for Pythons that know no f-strings
        if found:
            os.execv(found, [found, "-I"] + sys.argv)  # noqa: RUF005, S606 - the same; and no shell is wanted
    sys.stderr.write(
        "Python {}.{} on this machine is too old for deployments: install Python 3.8 or newer.\n".format(
            *sys.version_info[:2]
        )
    )
    sys.exit(1)


def _unpacked(archive: str) -> str:
    """The folder with the unpacked modules; empty when they are better, or only, to be read from the archive."""
    parent = os.path.dirname(os.path.abspath(archive))
    folder = os.path.join(parent, ".modules-" + SOURCES)
    try:
        if parent == os.getcwd() or not (os.path.isdir(folder) or _unpack(archive, folder)):
            return ""
        found = os.lstat(folder)
    except OSError:
        return ""  # the folder cannot be written: the archive runs as well, only more slowly
    # What another user could have put there is not run.
    own = os.name == "nt" or (found.st_uid == os.getuid() and not found.st_mode & 0o022)
    return folder if own else ""


def _unpack(archive: str, folder: str) -> bool:
    import shutil
    import zipfile

    temporary = "{}.{}".format(folder, os.getpid())  # noqa: UP032
    try:
        os.mkdir(temporary, 0o700)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(temporary)
        os.rename(temporary, folder)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
    return os.path.isdir(folder)


if __name__ == "__main__":
    start()
