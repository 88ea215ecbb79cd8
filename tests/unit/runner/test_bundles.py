"""Bundles on the far side: how secrets are sealed, what is refused, and the rules by which steps run."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from polpo.runner.bundles.aes import apply_counter_mode
from polpo.runner.bundles.errands import Attempt
from polpo.runner.bundles.hearing import Hearing
from polpo.runner.bundles.ledger import Ledger
from polpo.runner.bundles.manifest import (
    BundledAction,
    BundledStep,
    Manifest,
    check_files,
    check_proof,
    decode,
    proof_of,
)
from polpo.runner.bundles.running import BundleRun
from polpo.runner.bundles.sealing import derive, seal, unlock, unseal
from polpo.runner.errors import RunnerError

KEYS = derive("secret", b"salt" * 4, 1)


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 1000])
def test_counter_mode_is_that_of_other_programs(size: int) -> None:
    key, counter, text = os.urandom(32), b"\xff" * 15 + b"\xfe", os.urandom(size)
    encryptor = Cipher(algorithms.AES(key), modes.CTR(counter)).encryptor()
    assert apply_counter_mode(key, counter, text) == encryptor.update(text) + encryptor.finalize()


def test_counter_mode_has_the_published_result() -> None:
    """NIST SP 800-38A, F.5.5."""
    key = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
    counter, text = bytes(range(0xF0, 0x100)), bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    assert apply_counter_mode(key, counter, text).hex() == "601ec313775789a5b7a7f504bbf3d228"


def test_what_is_sealed_opens_under_its_own_name_only() -> None:
    sealed = seal(KEYS, "a", b"n" * 16, b"text")
    assert unseal(KEYS, "a", sealed) == b"text"
    for name, content in (("b", sealed), ("a", sealed[:-1] + b"\0"), ("a", b"\0" + sealed[1:]), ("a", sealed[:40])):
        with pytest.raises(RunnerError, match="was changed since the bundle was made"):
            unseal(KEYS, name, content)


@pytest.mark.parametrize(
    ("lock", "sentence"),
    [
        ({"Salt": "zz", "Iterations": 1, "Check": ""}, "does not say how its secrets are sealed"),
        ({"Salt": "00", "Iterations": 10**9, "Check": ""}, "asks for 1,000,000,000 rounds"),
        ({"Salt": "00", "Iterations": 1, "Check": ""}, "The password is wrong"),
    ],
)
def test_a_lock_that_does_not_open_says_why(lock: dict[str, object], sentence: str) -> None:
    with pytest.raises(RunnerError, match=sentence):
        unlock("secret", lock)


def manifest(*steps: BundledStep, files: dict[str, str] | None = None) -> Manifest:
    return Manifest("m.Shop.Deployments-1", "Shop 1.0", "m", "", "", None, list(steps), files or {})


@pytest.mark.parametrize("path", ["../up", "/etc/passwd", "a/../b", "a//b", "a\\b", "C:b", ""])
def test_a_bundle_names_no_file_outside(path: str, tmp_path: Path) -> None:
    with pytest.raises(RunnerError, match="which is none of its own"):
        check_files(manifest(files={path: "0"}), str(tmp_path))


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"format": 1}', b'{"format": 1, "steps": [{}]}'])
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(RunnerError, match="cannot be read"):
        decode(content)


def test_a_manifest_comes_back_and_one_of_another_format_does_not() -> None:
    made = manifest(step(1, action("A")))
    assert decode(made.encoded()) == made
    with pytest.raises(RunnerError, match="has the format 2"):
        decode(made.encoded().replace(b'"format": 1', b'"format": 2'))


@pytest.mark.parametrize("proof", [b"", b"00", b"\xff\xfe", "gefälscht".encode()])
def test_a_manifest_that_nothing_proves_is_refused(proof: bytes) -> None:
    content = manifest(step(1, action("A"))).encoded()
    check_proof(content, f"{proof_of(content, KEYS)}\n".encode(), KEYS)
    with pytest.raises(RunnerError, match="was changed since it was made"):
        check_proof(content, proof, KEYS)


# -- the rules of steps


def action(name: str, condition: str = "Success", expression: str = "", **more: Any) -> BundledAction:
    return BundledAction(name, "1", "The script", condition, expression, [], "", f"{name}.json", "", **more)


def step(number: int, *actions: BundledAction, group: int = 0, condition: str = "Success") -> BundledStep:
    return BundledStep(actions[0].name, number, group or number, condition, "", list(actions))


class FarSide:
    """Runs bundles whose actions do what a test says; `ran` are their names in order, with what each one sees."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.ran: list[str] = []
        self.seen: list[dict[str, str]] = []
        self.codes: dict[str, list[int | None]] = {}
        self.ledger = Ledger(str(folder / "log"))
        monkeypatch.setattr("polpo.runner.bundles.running.run", self._attempt)

    def go(self, *steps: BundledStep) -> str | None:
        for one in steps:
            for each in one.actions:
                text = json.dumps(
                    {"Variables": {"Name": each.name, "Later": "#{Octopus.Action[B].Output.V}"}, "Sensitive": []}
                )
                (self.folder / each.variables).write_text(text)
        place: Any = type("Place", (), {"ledger": self.ledger})
        return BundleRun(manifest(*steps), str(self.folder), place, None).go()

    def _attempt(self, _place: Any, _arguments: Any, variables: dict[str, str], *_more: Any) -> Attempt:
        name = variables["Name"]
        self.ran.append(name)
        self.seen.append(variables)
        hearing = Hearing(self.ledger, str(self.folder), str(self.folder / "shelf"))
        hearing.take("stdout", b"##octopus[setVariable name='Vg==' value='" + b"dg==" + b"']")
        codes = self.codes.get(name, [])
        return Attempt(codes.pop(0) if codes else 0, hearing)


@pytest.fixture
def far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FarSide]:
    far = FarSide(tmp_path, monkeypatch)
    yield far
    far.ledger.close()


@pytest.mark.parametrize(
    ("steps", "failing", "ran"),
    [
        ([step(1, action("A")), step(2, action("B"))], "", "AB"),
        ([step(1, action("A")), step(2, action("B"), condition="Failure")], "", "A"),
        ([step(1, action("A")), step(2, action("B")), step(3, action("C"), condition="Failure")], "A", "AC"),
        ([step(1, action("A")), step(2, action("B"), condition="Always")], "A", "AB"),
        # those of one group do not see each other's failures; what comes after them does
        ([step(1, action("A"), group=1), step(2, action("B"), group=1), step(3, action("C"))], "A", "AB"),
        # in a step, what comes after a failure runs only where an expression says so
        ([step(1, action("A"), action("B"), action("C", "Variable", "True"))], "A", "AC"),
        ([step(1, action("A"), action("B", "Variable", "#{Nothing}"), action("C"))], "", "AC"),
        (
            [
                step(
                    1, action("A"), action("B", "Variable", '#{if Octopus.Action[A].Status.Code == "Failed"}True#{/if}')
                )
            ],
            "",
            "A",
        ),
    ],
)
def test_steps_run_as_in_a_deployment(far: FarSide, steps: list[BundledStep], failing: str, ran: str) -> None:
    far.codes[failing] = [7]
    told = far.go(*steps)
    assert "".join(far.ran) == ran
    assert told == ("The script failed with exit code 7." if failing else None)


def test_attempts_and_times_are_those_of_the_action(far: FarSide) -> None:
    far.codes["A"] = [1, None]
    assert far.go(step(1, action("A", attempts=2, seconds=90.0))) == (
        "A was ended because it took longer than 90 seconds."
    )
    assert far.ran == ["A", "A"]


def test_outputs_are_read_under_all_their_names(far: FarSide) -> None:
    far.go(step(1, action("A")), step(2, action("B"), group=2), step(3, action("C"), group=2), step(4, action("D")))
    third, fourth = far.seen[2], far.seen[3]
    assert third["Octopus.Action[A].Output.V"] == third["Octopus.Action[A].Output[m].V"] == "v"
    assert "Octopus.Action[B].Output.V" not in third  # of its own group
    assert fourth["Octopus.Action[B].Output.V"] == "v"
    assert fourth["Octopus.Step[C].Status.Code"] == "Succeeded"


def test_the_log_has_levels_and_hides_what_it_is_told_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = Ledger(str(tmp_path / "log"))
    hearing = Hearing(ledger, str(tmp_path), str(tmp_path / "shelf"))
    for line in (
        b"plain ##octopus[mask value='aHVudGVyMg=='] and hunter2",
        b"##octopus[stdout-verbose]",
        b"for the log alone",
        b"##octopus[stdout-warning]careful##octopus[stdout-default]",
        b"##octopus[create-awsaccount name='YQ==']",
        b"##octopus[createArtifact path='bm93aGVyZQ==']",
        b"##octopus[createArtifact path='YQBi']",
        b"##octopus[not a message",
    ):
        hearing.take("stdout", line)
    ledger.close()
    shown = capsys.readouterr().out
    assert "and *****" in shown
    assert "hunter2" not in (tmp_path / "log").read_text()
    assert "alone" not in shown
    assert "Verbose    for the log alone" in (tmp_path / "log").read_text()
    assert "Warning: careful" in shown
    assert "'create-awsaccount' was asked for, which only a server can do" in shown
    assert "The artifact 'nowhere' was not kept: No such file or directory" in shown
    assert "was not kept: embedded null byte" in shown
    assert "##octopus[not a message" in shown


def test_thousands_of_secrets_are_hidden_without_work_for_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, made = Ledger(str(tmp_path / "log")), []
    compiled = re.compile
    monkeypatch.setattr("polpo.runner.bundles.ledger.re.compile", lambda text: (made.append(text), compiled(text))[1])
    for number in range(1000):
        ledger.hide(f"secret-{number:04}")
    ledger.info("secret-0007 and secret-0999")
    ledger.close()
    assert (tmp_path / "log").read_text().endswith("***** and *****\n")
    assert len(made) == 1
