"""The commands' words: ours, and those of the original, mean the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from polpo.agent.configuration import AgentConfiguration, Instance, TrustedServer
from polpo.agent.instances import home_of
from polpo.agent.systemd import unit_of
from polpo.cli.agent import agent
from polpo.halibut.connecting import Proxy
from polpo.kernel.errors import Conflict, Invalid

ONE, TWO = "AB" * 20, "CD" * 20


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POLPO_AGENTS_FOLDER", str(tmp_path / "agents"))
    return tmp_path


def call(line: str) -> None:
    agent(line.split(), exit_on_error=False, result_action="return_value")


def settings() -> AgentConfiguration:
    return Instance(home_of("Agent")).read()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            "register --server http:// --api-key K --environment T --role web --public-host h:1",
            "register-with --server=http:// --apiKey K --env T --role=web --publicHostName h --tentacle-comms-port 1",
        ),
        (
            "register --server http:// --api-key K --worker-pool A --mode polling --server-comms h:2",
            "register-worker --server=http:// --apiKey K --workerpool A --style TentacleActive --host h:2",
        ),
    ],
)
def test_both_ways_of_registering_wish_for_the_same(monkeypatch: pytest.MonkeyPatch, ours: str, theirs: str) -> None:
    from polpo.agent import registration

    wished = []

    class Told(Exception):
        """Ends the command before anything is sent."""

    async def tell(_instance: object, wanted: object, _api: object) -> None:
        wished.append(wanted)
        raise Told

    monkeypatch.setattr(registration, "register", tell)
    for line in (ours, theirs):
        with pytest.raises(Told):
            call(line)
    assert wished[0] == wished[1]


@pytest.mark.parametrize(
    ("line", "listen"),
    [
        ("configure --listen 127.0.0.1:20933", "127.0.0.1:20933"),
        ("configure --port 20933", "0.0.0.0:20933"),
        ("configure --port 20933 --listenIpAddress 10.0.0.1", "10.0.0.1:20933"),
        ("configure --listenIpAddress ::1", "[::1]:10933"),
        ("configure --noListen False", "0.0.0.0:10933"),
        ("configure --noListen True", ""),
    ],
)
def test_where_the_agent_listens_can_be_said_in_parts(line: str, listen: str) -> None:
    call(line)
    assert settings().listen == listen


def test_trust_is_added_replaced_and_taken_away() -> None:
    call(f"configure --trust {ONE.lower()} --trust {TWO}")
    assert [one.thumbprint for one in settings().servers] == [ONE, TWO]
    call(f"configure --remove-trust {ONE}")
    call(f"update-trust --oldThumbprint {TWO} --newThumbprint {ONE}")
    assert [one.thumbprint for one in settings().servers] == [ONE]
    with pytest.raises(Invalid, match=f"does not trust {TWO}. It trusts: {ONE}"):
        call(f"update-trust --old-thumbprint {TWO} --new-thumbprint {ONE}")
    call(f"configure --reset-trust --trust {TWO}")
    assert [one.thumbprint for one in settings().servers] == [TWO]


def test_a_server_that_connects_is_polled_from_now_on_and_back(capsys: pytest.CaptureFixture[str]) -> None:
    call(f"configure --trust {ONE}")
    call(f"server-comms --thumbprint {ONE} --style TentacleActive --host deploy --port 10943")
    (server,) = settings().servers
    assert (server.mode, server.address) == ("polling", "deploy:10943")
    assert server.subscription in capsys.readouterr().out
    call(f"server-comms --thumbprint {ONE} --mode listening")
    assert settings().servers == (TrustedServer(thumbprint=ONE, mode="listening"),)


def test_the_proxy_of_a_polling_agent_is_kept_and_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    call("configure --proxy proxy:3128 --proxy-username me --proxy-password secret")
    assert settings().proxy == Proxy("proxy", 3128, "me", "secret")
    call("show-configuration")
    assert "secret" not in capsys.readouterr().out
    call("polling-proxy --proxyEnable True --proxyHost other --proxyPort 8888")
    assert settings().proxy == Proxy("other", 8888)
    call("polling-proxy --proxyEnable False")
    assert settings().proxy is None


def test_a_certificate_is_made_exported_and_imported(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call("new-certificate --if-blank")
    first = Instance(home_of("Agent")).identity().thumbprint
    call("new-certificate --if-blank")
    assert Instance(home_of("Agent")).identity().thumbprint == first
    call(f"new-certificate --export-pfx {machine}/next.pfx --pfx-password secret")
    call(f"configure --trust {ONE}")
    call(f"import-certificate --from-file {machine}/next.pfx --pfx-password secret")
    assert Instance(home_of("Agent")).identity().thumbprint == first
    capsys.readouterr()
    call("new-certificate --switch")
    call("show-thumbprint --format json")
    said = capsys.readouterr().out
    assert first not in said
    assert '{"Thumbprint":"' in said


def test_agents_with_names_are_listed(capsys: pytest.CaptureFixture[str], machine: Path) -> None:
    call(f"create-instance --instance Web --listen 127.0.0.1:20933 --home {machine}/web")
    with pytest.raises(Conflict, match=r"The agent 'Web' of this machine listens on 127\.0\.0\.1:20933 already"):
        call("create-instance --instance Db --listen 127.0.0.1:20933")
    capsys.readouterr()
    call("list-instances --format json")
    assert capsys.readouterr().out == f'[{{"InstanceName":"Web","Home":"{machine}/web"}}]\n'
    call("delete-instance --instance web")
    capsys.readouterr()
    call("list-instances")
    assert "No agent of this machine has a name yet" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "unit"), [("Agent", "polpo-agent"), ("Web Site", "polpo-agent-web-site")])
def test_each_instance_has_a_unit_of_its_own(machine: Path, name: str, unit: str) -> None:
    made = unit_of(Instance(machine / "home with blank"), name, "root")
    assert made.name == unit
    assert f'agent run --home "{machine}/home with blank"\n' in made.text()
    for line in ("User=root", "KillMode=process", "Restart=always", "WantedBy=multi-user.target"):
        assert f"{line}\n" in made.text()
    with pytest.raises(Invalid, match="has no user 'nobody-here'"):
        unit_of(Instance(machine), name, "nobody-here")


@pytest.mark.parametrize(
    ("folder", "told"), [("100%", "100%%"), ('a "b" c', '"{}/a \\"b\\" c"'), ("$HOME", "$$HOME"), ("a\\b", "a\\\\b")]
)
def test_what_means_something_in_a_unit_is_escaped(machine: Path, folder: str, told: str) -> None:
    text = unit_of(Instance(machine / folder), "Agent", "root").text()
    shown = told.format(machine) if "{" in told else f"{machine}/{told}"
    assert f"agent run --home {shown}\n" in text


def test_a_service_is_written_and_removed(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stands in for systemctl notes how it was called; the real one needs systemd as the first process."""
    programs = machine / "bin"
    programs.mkdir()
    (programs / "systemctl").write_text(f'#!/bin/sh\necho "$@" >> {machine}/called\n')
    (programs / "systemctl").chmod(0o755)
    call("configure --listen 127.0.0.1:20933")
    monkeypatch.setenv("PATH", "/nowhere")
    call(f"service --install --start --unit-folder {machine}")
    assert "There is no systemctl here" in capsys.readouterr().out
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    call(f"service --install --start --unit-folder {machine}")
    unit = machine / "polpo-agent.service"
    assert f"--home {home_of('Agent')}\n" in unit.read_text()
    assert oct(unit.stat().st_mode)[-3:] == "644"
    call(f"service --uninstall --unit-folder {machine}")
    assert not unit.exists()
    assert (machine / "called").read_text().splitlines() == [
        "daemon-reload",
        "enable polpo-agent",
        "start polpo-agent",
        "disable --now polpo-agent",
        "daemon-reload",
    ]
    with pytest.raises(Invalid, match="Say what to do"):
        call(f"service --unit-folder {machine}")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_the_folder_is_given_to_the_user_that_the_agent_runs_as(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    call("configure --listen 127.0.0.1:20933")
    call(f"service --install --username nobody --unit-folder {machine}")
    assert "User=nobody\n" in (machine / "polpo-agent.service").read_text()
    assert {path.owner() for path in [home_of("Agent"), *home_of("Agent").iterdir()]} == {"nobody"}
