"""`run-bundle`: from the command line on the far side to the end of the deployment there."""

from __future__ import annotations

import getpass
import os
import sys
import time
from typing import Dict, Optional

from polpo.kernel.errors import AppError
from polpo.runner.bundles.errands import Workplace, sweep
from polpo.runner.bundles.ledger import Ledger
from polpo.runner.bundles.manifest import Manifest, check_files, check_proof, decode, inside
from polpo.runner.bundles.running import BundleRun
from polpo.runner.bundles.sealing import Keys, unlock
from polpo.runner.errors import RunnerError
from polpo.runner.locking import exclusive
from polpo.runner.output import Output

PASSWORD = "POLPO_BUNDLE_PASSWORD"  # noqa: S105 - the variable's name
_INTERRUPTED = 130


def run_bundle(output: Output, options: Dict[str, str]) -> int:
    """0 when the deployment went well, 1 when it failed or could not begin; each failure is a sentence."""
    given = os.environ.pop(PASSWORD, None)  # nothing that is started here is to see it
    folder = os.path.abspath(options["folder"])
    try:
        content = _read(inside(folder, options["manifest"]))
        manifest = decode(content)
        keys = _keys(manifest, given, options.get("password-file"))
        if keys is not None:
            check_proof(content, _read(inside(folder, options["manifest"] + ".proof")), keys)
        check_files(manifest, folder)
        return _go(output, manifest, folder, keys)
    except KeyboardInterrupt:
        output.error("The deployment was interrupted.")
        return _INTERRUPTED
    except AppError as error:
        output.error(error.message)
        return 1


def _go(output: Output, manifest: Manifest, folder: str, keys: Optional[Keys]) -> int:
    home = os.path.abspath(os.path.expanduser(manifest.home or os.path.join("~", ".polpo-offline")))
    _make(home)
    lock = os.path.join(home, "bundle.lock")
    with exclusive(lock, "this machine for another bundle", output):
        sweep(home)
        ledger = Ledger(_log_path(home, manifest))
        try:
            place = Workplace(
                ledger=ledger,
                runner=os.path.abspath(sys.argv[0]),
                packages=folder,
                home=home,
                applications=os.path.expanduser(manifest.applications or os.path.join(home, "Applications")),
                shelf=os.path.splitext(ledger.path.replace(f"{os.sep}Logs{os.sep}", f"{os.sep}Artifacts{os.sep}"))[0],
            )
            return _told(ledger, manifest, BundleRun(manifest, folder, place, keys))
        finally:
            ledger.close()


def _told(ledger: Ledger, manifest: Manifest, run: BundleRun) -> int:
    ledger.info(manifest.title)
    failure = run.go()
    if failure is None:
        ledger.info(f"The deployment to {manifest.target} succeeded. Its log is {ledger.path}")
        return 0
    ledger.error(f"The deployment to {manifest.target} failed: {failure} Its log is {ledger.path}")
    return 1


def _log_path(home: str, manifest: Manifest) -> str:
    folder = os.path.join(home, "Logs")
    _make(folder)
    return os.path.join(folder, f"{manifest.id}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log")


def _make(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise RunnerError(
            f"The folder {folder} cannot be made: {error.strerror}. Run the bundle as a user who may write there, or "
            f"give the offline package drop another working directory."
        ) from error


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as source:
            return source.read()
    except OSError as error:
        raise RunnerError(f"{path} cannot be read: {error.strerror}. Copy all of the bundle.") from error


# -- the password


def _keys(manifest: Manifest, given: Optional[str], file: Optional[str]) -> Optional[Keys]:
    if manifest.lock is None:
        return None
    return unlock(_password(given, file), manifest.lock)


def _password(given: Optional[str], file: Optional[str]) -> str:
    if file:
        return _read(os.path.abspath(file)).decode("utf-8", "replace").rstrip("\r\n")
    if given:
        return given
    if not sys.stdin.isatty():
        raise RunnerError(
            "The bundle has sensitive variables, and nobody is here to be asked for their password: set "
            f"{PASSWORD}, or give --password-file FILE."
        )
    return getpass.getpass("Password of the sensitive variables: ")
