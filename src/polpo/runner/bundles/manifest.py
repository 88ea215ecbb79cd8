"""The manifest of a bundle: what runs in which order, under which conditions, and which files belong to it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from typing import Any, Dict, List, NamedTuple, Optional

from polpo.runner.bundles.sealing import Keys, tag
from polpo.runner.errors import RunnerError

FORMAT = 1
_BLOCK = 1 << 20


class BundledAction(NamedTuple):
    """`arguments` are the runner's, and `file` what the last of them wants, below the bundle's folder.

    `variables` is a file of texts, `sealed` one of those that are not for everybody's eyes. An attempt may take
    `seconds`; None: as long as it wants. The second of several follows at once, others after `pause` seconds.
    """

    name: str
    number: str
    what: str
    condition: str
    expression: str
    arguments: List[str]
    file: str
    variables: str
    sealed: str
    attempts: int = 1
    pause: float = 0.0
    seconds: Optional[float] = None


class BundledStep(NamedTuple):
    """Steps of the same `group` start together and do not see each other's results."""

    name: str
    number: int
    group: int
    condition: str
    expression: str
    actions: List[BundledAction]


class Manifest(NamedTuple):
    """`title` is for people. `lock` says how the keys come from the password; None: nothing is sealed.

    `files` are the SHA-256 by path below the bundle's folder. Without `home` and `applications` both are below the home
    of whoever runs it.
    """

    id: str
    title: str
    target: str
    home: str
    applications: str
    lock: Optional[Dict[str, object]]
    steps: List[BundledStep]
    files: Dict[str, str]

    def encoded(self) -> bytes:
        document: Dict[str, Any] = {"format": FORMAT, **self._asdict()}
        document["steps"] = [
            {**step._asdict(), "actions": [action._asdict() for action in step.actions]} for step in self.steps
        ]
        return json.dumps(document, indent=2, ensure_ascii=False).encode("utf-8")


def decode(content: bytes) -> Manifest:
    """Refuses what another version of the format wrote, and what is none."""
    try:
        document = json.loads(content.decode("utf-8"))
        form = document.pop("format")
        if form != FORMAT:
            raise RunnerError(f"The bundle has the format {form}, and its runner reads {FORMAT} only. Make it anew.")
        steps = []
        for step in document.pop("steps"):
            actions = [BundledAction(**action) for action in step.pop("actions")]
            steps.append(BundledStep(actions=actions, **step))
        return Manifest(steps=steps, **document)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RunnerError("The bundle's manifest cannot be read. Copy the bundle again, or make it anew.") from None


def proof_of(content: bytes, keys: Keys) -> str:
    """Belongs to a manifest with secrets, so that nobody can let them go elsewhere by changing it."""
    return tag(keys, "manifest", content).hex()


def check_proof(content: bytes, proof: bytes, keys: Keys) -> None:
    if not hmac.compare_digest(proof_of(content, keys).encode("ascii"), proof.strip()):
        raise RunnerError(
            "The bundle's manifest was changed since it was made. Copy the bundle again, or make it anew."
        )


def check_files(manifest: Manifest, folder: str) -> None:
    """Everything is there as it was packed; else nothing is to be run."""
    for path, digest in manifest.files.items():
        try:
            found = _digest(inside(folder, path))
        except OSError as error:
            raise RunnerError(
                f"{path} of the bundle cannot be read: {error.strerror}. Copy all of the bundle."
            ) from error
        if found != digest:
            raise RunnerError(f"{path} is not as it was packed. Copy the bundle again, or make it anew.")


def inside(folder: str, path: str) -> str:
    """The path of a file of the bundle; none leads out of it."""
    parts = path.split("/")
    if not path or any(part in ("", ".", "..") or "\\" in part or ":" in part for part in parts):
        raise RunnerError(f'The bundle names the file "{path}", which is none of its own. Make the bundle anew.')
    return os.path.join(folder, *parts)


def _digest(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as source:
        for chunk in iter(lambda: source.read(_BLOCK), b""):
            digest.update(chunk)
    return digest.hexdigest()
