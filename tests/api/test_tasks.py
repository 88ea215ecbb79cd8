"""Tasks and interruptions as clients see them, on tasks that do nothing but what the test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from polpo.engine import NewTask, TaskRun
from polpo.engine.stopping import set_queue_stopped
from polpo.features.interruptions.service import ABORT, intervention_form, put_question
from polpo.kernel.errors import TaskError
from polpo.server.application import Server
from polpo.store.session import Session


class Work:
    """A kind of task whose runs do what they are told."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.release = asyncio.Event()
        server.engine.register("Test", self.run)

    async def run(self, run: TaskRun) -> None:
        what = run.task.arguments["what"]
        step = run.log.node("step-1", "Step 1: Test")
        step.status("Running")
        if what == "wait":
            await self.release.wait()
        elif what == "fail":
            step.status("Failed")
            raise TaskError("The disk of web-1 is full.")
        elif what == "ask":
            answer = await run.ask("question", self._put, run)
            if answer["Result"] == ABORT:
                raise TaskError(f"Aborted by {answer['ResponsibleUserDisplayName']}.")
        elif what == "talk":
            for number in range(run.task.arguments["lines"]):
                step.write("Verbose" if number % 2 else "Info", f"line {number}")
        step.status("Success")

    async def _put(self, run: TaskRun) -> str:
        def work(session: Session) -> str:
            return put_question(
                session, task_id=run.task.id, space_id="Spaces-1", key="question", title="Is it well?",
                form=intervention_form("Look at the site."), related=["Deployments-7"],
            )  # fmt: skip

        return await self.server.database.write(work)

    async def enqueue(self, what: str, **more: Any) -> str:
        tag = more.pop("tag", None)
        arguments = {"what": what, **more}
        wish = NewTask(
            kind="Test", description=f"To {what}", space_id="Spaces-1", arguments=arguments, concurrency_tag=tag
        )
        return await self.server.database.write(lambda session: self.server.engine.enqueue(session, wish))

    async def until(self, task_id: str, *states: str) -> None:
        async with asyncio.timeout(20):
            async for change in self.server.engine.watch(task_id):
                if change.state.value in states:
                    return


@pytest.fixture
async def work(server: Server) -> AsyncIterator[Work]:
    work = Work(server)
    yield work
    work.release.set()


async def test_client_reads_a_finished_task_in_every_form(client: httpx.AsyncClient, work: Work) -> None:
    task_id = await work.enqueue("talk", lines=6)
    await work.until(task_id, "Success")
    task = (await client.get(f"/api/tasks/{task_id}")).json()
    assert (task["State"], task["IsCompleted"], task["FinishedSuccessfully"]) == ("Success", True, True)
    assert task["Links"]["Raw"] == f"/api/tasks/{task_id}/raw"
    details = (await client.get(f"/api/Spaces-1/tasks/{task_id}/details?verbose=false")).json()
    root = details["ActivityLogs"][0]
    assert [child["Name"] for child in root["Children"]] == ["Step 1: Test"]
    assert [line["MessageText"] for line in root["Children"][0]["LogElements"]] == ["line 0", "line 2", "line 4"]
    raw = await client.get(f"/api/tasks/{task_id}/raw")
    assert raw.headers["content-type"].startswith("text/plain")
    assert "Success: Step 1: Test" in raw.text
    assert [f"line {number}" in raw.text for number in range(6)] == [True] * 6


async def test_client_reads_the_log_in_parts(client: httpx.AsyncClient, work: Work) -> None:
    task_id = await work.enqueue("talk", lines=10)
    await work.until(task_id, "Success")
    first = (await client.get(f"/api/tasks/{task_id}/log?take=4")).json()
    assert [line["Text"] for line in first["Lines"]] == ["line 0", "line 1", "line 2", "line 3"]
    assert (first["LastNumber"], first["IsComplete"]) == (4, False)
    rest = (await client.get(f"/api/tasks/{task_id}/log?after=4&verbose=false")).json()
    assert [line["Text"] for line in rest["Lines"]] == ["line 4", "line 6", "line 8"]
    assert (rest["LastNumber"], rest["TotalLines"], rest["IsComplete"]) == (10, 10, True)
    for query, found in {"words=LINE+7": [8], "levels=Verbose": [2, 4, 6, 8, 10], "levels=Error": []}.items():
        part = (await client.get(f"/api/tasks/{task_id}/log?{query}")).json()
        assert ([line["Number"] for line in part["Lines"]], part["LastNumber"]) == (found, 10)
    cut = (await client.get(f"/api/tasks/{task_id}/log?words=line&take=3&after=1")).json()
    assert ([line["Number"] for line in cut["Lines"]], cut["LastNumber"]) == ([2, 3, 4], 4)


async def test_client_lists_tasks_by_state_and_counts_them(client: httpx.AsyncClient, work: Work) -> None:
    failed, done = await work.enqueue("fail"), await work.enqueue("talk", lines=1)
    await work.until(failed, "Failed")
    await work.until(done, "Success")
    page = (await client.get("/api/tasks?states=Failed")).json()
    assert [task["Id"] for task in page["Items"]] == [failed]
    assert page["Items"][0]["ErrorMessage"] == "The disk of web-1 is full."
    assert (page["TotalCounts"]["Failed"], page["TotalCounts"]["Success"]) == (1, 1)
    by_id = (await client.get(f"/api/Spaces-1/tasks?ids={done},ServerTasks-999")).json()
    assert [task["Id"] for task in by_id["Items"]] == [done]
    wrong = await client.get("/api/tasks?states=Sleeping")
    assert wrong.status_code == 400
    assert "'Sleeping' is no state" in wrong.json()["ErrorMessage"]


async def test_person_answers_and_the_task_goes_on(client: httpx.AsyncClient, work: Work) -> None:
    task_id = await work.enqueue("ask")
    await work.until(task_id, "Paused")
    task = (await client.get(f"/api/tasks/{task_id}")).json()
    assert (task["State"], task["HasPendingInterruptions"]) == ("Executing", True)
    assert task["PendingInterruptionTypes"] == ["ManualIntervention"]
    waiting = (await client.get(f"/api/tasks/{task_id}/waiting")).json()
    [reason] = waiting["Reasons"]
    assert (reason["Kind"], reason["InterruptionIds"], reason["TeamIds"]) == ("person", ["Interruptions-1"], [])
    assert reason["Text"] == "Waits for an answer to 'Is it well?': anybody who may answer is to take it."
    pending = (await client.get(f"/api/Spaces-1/interruptions?regarding={task_id}&pendingOnly=true")).json()["Items"]
    assert [(one["Title"], one["HasResponsibility"]) for one in pending] == [("Is it well?", False)]
    where = f"/api/Spaces-1/interruptions/{pending[0]['Id']}"
    early = await client.post(f"{where}/submit", json={"Result": "Proceed"})
    assert early.status_code == 409
    assert "Take responsibility" in early.json()["ErrorMessage"]
    assert (await client.put(f"{where}/responsible")).json()["Username"] == "admin"
    wrong = await client.post(f"{where}/submit", json={"Result": "Maybe"})
    assert wrong.json()["ErrorMessage"] == "Result must be one of Proceed, Abort; it is 'Maybe'."
    done = await client.post(f"{where}/submit", json={"Result": "Proceed", "Notes": "fine", "Instructions": None})
    assert (done.json()["IsPending"], done.json()["Form"]["Values"]["Notes"]) == (False, "fine")
    await work.until(task_id, "Success")
    again = await client.post(f"{where}/submit", json={"Result": "Abort"})
    assert again.status_code == 409


async def test_person_aborts_and_the_task_fails_naming_them(client: httpx.AsyncClient, work: Work) -> None:
    task_id = await work.enqueue("ask")
    await work.until(task_id, "Paused")
    asked = (await client.get("/api/Spaces-1/interruptions?regarding=Deployments-7")).json()["Items"][0]
    await client.put(asked["Links"]["Responsible"])
    await client.post(asked["Links"]["Submit"], json={"Result": "abort"})
    await work.until(task_id, "Failed")
    assert (await client.get(f"/api/tasks/{task_id}")).json()["ErrorMessage"].startswith("Aborted by ")


async def test_cancelled_task_takes_its_question_along(client: httpx.AsyncClient, work: Work) -> None:
    task_id = await work.enqueue("ask")
    await work.until(task_id, "Paused")
    cancelled = await client.post(f"/api/tasks/{task_id}/cancel", json={})
    assert cancelled.json()["State"] == "Canceled"
    pending = await client.get("/api/Spaces-1/interruptions?pendingOnly=true")
    assert pending.json()["TotalResults"] == 0
    assert (await client.post(f"/api/tasks/{task_id}/cancel")).status_code == 409


async def test_question_of_an_ended_task_is_closed(client: httpx.AsyncClient, work: Work) -> None:
    task_id = await work.enqueue("ask")
    await work.until(task_id, "Paused")
    await work.server.database.write(lambda session: work.server.engine.cancel(session, task_id, "Ada"))
    asked = (await client.get("/api/Spaces-1/interruptions?regarding=Deployments-7")).json()["Items"][0]
    assert (asked["IsPending"], asked["CanTakeResponsibility"]) == (False, False)
    late = await client.put(asked["Links"]["Responsible"])
    assert late.status_code == 409
    assert f"its task {task_id} has ended (Canceled)" in late.json()["ErrorMessage"]


async def test_queued_task_says_whom_it_waits_for(client: httpx.AsyncClient, work: Work) -> None:
    holder = await work.enqueue("wait", tag="place")
    await work.until(holder, "Executing")
    waiter = await work.enqueue("talk", lines=1, tag="place")
    reasons = (await client.get(f"/api/tasks/{waiter}/waiting")).json()["Reasons"]
    assert [(reason["Kind"], reason["TaskIds"]) for reason in reasons] == [("lock", [holder])]
    behind = (await client.get(f"/api/tasks/{waiter}/queued-behind")).json()["Items"]
    assert [task["Id"] for task in behind] == [holder]
    work.release.set()
    await work.until(waiter, "Success")
    assert (await client.get(f"/api/tasks/{waiter}/waiting")).json() == {
        "TaskId": waiter,
        "IsWaiting": False,
        "Reasons": [],
    }


async def test_task_of_a_stopped_space_says_so(client: httpx.AsyncClient, work: Work) -> None:
    await work.server.database.write(lambda session: set_queue_stopped(session, "Spaces-1", stopped=True))
    task_id = await work.enqueue("talk", lines=1)
    [reason] = (await client.get(f"/api/tasks/{task_id}/waiting")).json()["Reasons"]
    assert (reason["Kind"], "is stopped" in reason["Text"]) == ("stopped", True)
    await work.server.database.write(lambda session: set_queue_stopped(session, "Spaces-1", stopped=False))
    await work.until(task_id, "Success")


async def test_follower_hears_the_changes_and_the_end(client: httpx.AsyncClient, work: Work) -> None:
    task_id = await work.enqueue("talk", lines=3)
    async with asyncio.timeout(20):
        text = (await client.get(f"/api/tasks/{task_id}/events")).text
    assert text.startswith("event: changed\ndata: {")
    assert text.endswith("event: end\ndata: {}\n\n")
    assert '"State":"Success","TotalLines":3' in text


@pytest.mark.parametrize("path", ["", "/details", "/log", "/raw", "/events", "/waiting"])
async def test_unknown_task_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"/api/tasks/ServerTasks-404{path}")
    assert answer.status_code == 404
    assert "ServerTasks-404" in answer.json()["ErrorMessage"]
