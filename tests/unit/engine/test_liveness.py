"""Who counts as alive, who takes over, and when a node must end itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from tests.postgres import Postgres

from polpo.engine import NewTask, TaskState, find_task, queue, server_task
from polpo.engine.cluster import all_nodes, lost, room_of_others
from polpo.engine.liveness import Beats, Liveness, Load
from polpo.kernel.errors import Invalid
from polpo.kernel.secrets import Vault
from polpo.store.database import Database

BEATS = Beats(every=0.2, dead=2.0, fence=1.0)
BOUND = 30


class Life:
    """One start of a node; `ended` are the reasons why it had to end."""

    def __init__(self, url: str, name: str, cap: int = 5, beats: Beats = BEATS) -> None:
        self.database = Database(url, Vault(b"k" * 32), name=name)
        self.ended: list[str] = []
        self.liveness = Liveness(self.database, name, beats, lambda: Load(cap, False), self.ended.append)

    @property
    def id(self) -> str:
        return self.database.identity

    def stop_beating(self) -> None:
        """As a process that is frozen: no beat, no fence, and its sessions stay open."""
        self.liveness._ended.set()
        self.liveness._kick.set()
        for thread in self.liveness._threads:
            thread.join(BOUND)


Start = Callable[..., Life]


@pytest.fixture
def start(postgresql: Postgres, declared: str) -> Iterator[Start]:
    postgresql.reset(declared)
    lives: list[Life] = []

    def make(name: str, former: str = "", **options: object) -> Life:
        life = Life(postgresql.url(declared), name, **options)  # type: ignore[arg-type]
        lives.append(life)
        life.liveness.join(former)
        return life

    yield make
    for life in lives:
        life.liveness.leave()
        life.database.close()


def wait_for(condition: Callable[[], object]) -> None:
    tick = threading.Event()
    for _ in range(BOUND * 100):
        if condition():
            return
        tick.wait(0.01)
    raise AssertionError("it did not come about")


def states(life: Life) -> dict[str, bool]:
    with life.database.read() as session:
        return {node.name: node.is_alive for node in all_nodes(session)}


def test_nodes_know_each_other_and_what_they_take_together(start: Start) -> None:
    one, _two, three = start("one"), start("two", cap=2), start("three", cap=1)
    assert states(one) == {"one": True, "two": True, "three": True}
    with one.database.read() as session:
        assert room_of_others(session, one.id) == 3
        assert [node.name for node in all_nodes(session) if node.is_leader] == ["one"]
    three.liveness.leave()
    assert states(one)["three"] is False


def test_a_silent_node_is_declared_dead_cut_off_and_its_tasks_go_on(start: Start) -> None:
    one, two = start("one"), start("two")
    two.database.write_now(lambda session: queue.enqueue(session, NewTask(kind="Work", description="work")))
    two.database.write_now(lambda session: queue.claim(session, two.id, 5))
    two.stop_beating()
    wait_for(lambda: states(one) == {"one": True, "two": False})
    recovered = one.database.write_now(lambda session: queue.recover(session, lost()))
    assert recovered == ["ServerTasks-1"]
    with one.database.read() as session:
        task = find_task(session, "ServerTasks-1")
    assert task is not None
    assert (task.state, task.fence, task.node) == (TaskState.QUEUED, 2, two.id)
    assert not one.ended


def test_a_dead_node_ends_instead_of_writing(start: Start, postgresql: Postgres, declared: str) -> None:
    one, two = start("one"), start("two")
    two.liveness._ended.set()  # its threads stand still, but the process is there
    wait_for(lambda: states(one)["two"] is False)
    two.liveness._ended.clear()
    two.database.write_now(lambda session: session.connection.execute(sa.select(server_task.c.id)).all())
    assert "declared it dead" in two.ended[0]


def test_a_node_whose_beat_does_not_get_through_ends_itself_before_it_is_dead(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = start("one"), start("two")
    monkeypatch.setattr(two.liveness, "_beat", lambda _connection: None)
    wait_for(lambda: two.ended)
    assert "has not reached the database for 1." in two.ended[0]
    assert not one.ended


def test_a_node_that_starts_again_on_its_data_does_not_wait_for_its_former_life(start: Start) -> None:
    long = Beats(every=5, dead=600, fence=300)
    former = start("one", beats=long)
    former.stop_beating()
    again = start("one", former=former.id, beats=long)
    assert states(again) == {"one": True}
    with again.database.read() as session:
        assert room_of_others(session, again.id) == 0


def test_a_second_node_of_the_same_name_is_refused(start: Start) -> None:
    start("one")
    with pytest.raises(Invalid, match="with the name 'one' is running on this database"):
        start("one")


@pytest.mark.parametrize("times", [(5.0, 30.0, 8.0), (5.0, 30.0, 30.0), (0.0, 30.0, 18.0)])
def test_times_that_do_not_fit_together_are_refused(times: tuple[float, float, float]) -> None:
    every, dead, fence = times
    with pytest.raises(Invalid, match="do not fit together"):
        Beats(every, dead, fence)
