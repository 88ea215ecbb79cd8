"""Where the settings of a server come from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from polpo.kernel.errors import Invalid
from polpo.server.settings import Settings, forget_secrets, load_settings


def test_secrets_may_be_in_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("opensesame now\n")
    told = {"POLPO_ADMIN_PASSWORD_FILE": str(tmp_path / "password"), "POLPO_MASTER_KEY_FILE": "/run/secrets/key"}
    settings = load_settings({}, told)
    assert settings.admin_password == "opensesame now"
    assert settings.key_file == Path("/run/secrets/key")


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"POLPO_ADMIN_API_KEY": "a", "POLPO_ADMIN_API_KEY_FILE": "b"}, "Both POLPO_ADMIN_API_KEY and POLPO_ADMIN_API"),
        ({"POLPO_DATABASE_URL_FILE": "/nowhere"}, "The file /nowhere, which POLPO_DATABASE_URL_FILE names, cannot be"),
    ],
)
def test_a_file_that_cannot_count_is_told(told: dict[str, str], fault: str) -> None:
    with pytest.raises(Invalid, match=fault):
        load_settings({}, told)


def test_the_process_forgets_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("MASTER_KEY", "ADMIN_PASSWORD", "ADMIN_API_KEY", "DATABASE_URL", "BLOB_URL", "TLS_KEY_PASSWORD")
    for name in names:
        monkeypatch.setenv(f"POLPO_{name}", "opensesame")
    forget_secrets()
    assert [name for name in names if f"POLPO_{name}" in os.environ] == []


@pytest.mark.parametrize("entry", ["proxy.example.com", "10.0.0.1:80", "10.0.0.0/99"])
def test_a_proxy_that_is_no_address_is_told_in_a_sentence(entry: str) -> None:
    with pytest.raises(Invalid, match=f"The setting trusted_proxies is not valid: '{entry}' does not appear to be"):
        assert Settings(trusted_proxies=f"10.0.0.1, {entry}").proxies
