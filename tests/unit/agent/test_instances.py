"""Several agents on one machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from polpo.agent.configuration import AgentConfiguration, Instance
from polpo.agent.instances import forget, found, home_of, instances, record, refuse_clash
from polpo.kernel.errors import Conflict, Invalid, NotFound


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POLPO_AGENTS_FOLDER", str(tmp_path / "agents"))
    return tmp_path


def made(name: str, home: Path | None = None, listen: str = "") -> Instance:
    instance = record(name, home)
    instance.write(AgentConfiguration(name=name, listen=listen))
    return instance


def test_the_only_agent_needs_no_name(machine: Path) -> None:
    assert found(None, None).home == machine / "agents" / "agent"
    only = made("Web Site")
    assert only.home == machine / "agents" / "web-site"
    assert found(None, None).home == only.home
    made("Db")
    with pytest.raises(Invalid, match=r"several agents: Db, Web Site\. Say which with --instance"):
        found(None, None)
    made("Agent")
    assert found(None, None).home == machine / "agents" / "agent"


def test_an_agent_is_found_by_its_name_wherever_its_folder_is(machine: Path) -> None:
    made("Web", machine / "elsewhere")
    assert found(None, "WEB").home == home_of("web") == machine / "elsewhere"
    assert found(machine / "there", "Web").home == machine / "there"
    assert [(one.name, one.instance.home) for one in instances()] == [("Web", machine / "elsewhere")]
    forget("web")
    assert instances() == []
    with pytest.raises(NotFound, match="No agent named 'web'"):
        forget("web")


@pytest.mark.parametrize("content", ["{", '{"home": 1}', ""])
def test_a_damaged_record_is_told_with_its_file(machine: Path, content: str) -> None:
    made("Web")
    record_file = machine / "agents" / "web.json"
    record_file.write_text(content)
    for ask in (instances, lambda: found(None, None), lambda: home_of("Web")):
        with pytest.raises(Invalid, match=rf"The record {record_file} of an agent is damaged.*--home"):
            ask()
    assert found(machine / "agents" / "web", None).exists


def test_an_agent_that_was_only_registered_is_listed_too(machine: Path) -> None:
    Instance(home_of("Agent")).write(AgentConfiguration(name="web-1"))
    assert [one.name for one in instances()] == ["Agent"]


@pytest.mark.parametrize(
    ("name", "home", "sentence"),
    [
        ("WEB", "other", "named 'Web' on this machine already"),
        ("Db", "web-home", "is that of the agent 'Web'; choose another --home"),
        ("Db", "nameless", "There is an agent in .* already"),
        ("../Db", "other", "cannot name an agent"),
    ],
)
def test_names_and_folders_are_not_shared(machine: Path, name: str, home: str, sentence: str) -> None:
    made("Web", machine / "web-home")
    Instance(machine / "nameless").write(AgentConfiguration(name="x"))
    with pytest.raises((Conflict, Invalid), match=sentence):
        record(name, machine / home)


@pytest.mark.parametrize(
    ("theirs", "ours", "clashes"),
    [
        ("127.0.0.1:10933", "127.0.0.1:10933", True),
        ("0.0.0.0:10933", "127.0.0.1:10933", True),
        ("127.0.0.1:10933", "[::]:10933", True),
        ("127.0.0.1:10933", "127.0.0.2:10933", False),
        ("127.0.0.1:10933", "127.0.0.1:10934", False),
        ("127.0.0.1:10933", "", False),
        ("", "127.0.0.1:10933", False),
    ],
)
def test_two_agents_do_not_listen_at_one_address(theirs: str, ours: str, clashes: bool) -> None:
    web, db = made("Web", listen=theirs), made("Db")
    refuse_clash(web, theirs)
    if clashes:
        with pytest.raises(Conflict, match=f"The agent 'Web' of this machine listens on {theirs.replace('.', '[.]')}"):
            refuse_clash(db, ours)
    else:
        refuse_clash(db, ours)
