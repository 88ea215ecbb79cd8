"""What it costs to decide who may do what: the same requests by callers with ever more narrowed rights.

`python bench/rights.py [--quick]`. One process, the real application without a network, a database on disk. Everybody
asks in turn, round by round, so that whatever else the machine does meets them alike; the least of each is told, beside
the administrator's. Lists are narrowed to half of the projects, and are asked with a part of a name that changes, so
that no answer is kept ready. The chain of events and one sign-in stand beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import structlog

from polpo.features.events.chain import Chain
from polpo.features.teams.resource import SCOPED_USER_ROLES, TEAMS, ScopedUserRole, Team
from polpo.features.userroles.builtin import BUILT_IN_ROLES, SPACE_MANAGER
from polpo.features.users.passwords import Passwords
from polpo.features.users.resource import USERS, User
from polpo.features.users.service import add_api_key
from polpo.server.application import Server, assemble
from polpo.server.settings import Settings
from polpo.store.session import Session

KEY = "API-BENCHRIGHTS0000000000000000001"
SPACE = "/api/Spaces-1"
ROLE = "userroles-projectinitiator"
GROUP = {"ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}


@dataclass(frozen=True)
class Effort:
    projects: int
    rounds: int
    requests: int


FULL = Effort(projects=400, rounds=15, requests=40)
QUICK = Effort(projects=20, rounds=2, requests=3)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="a few requests, to see that it runs")
    effort = QUICK if parser.parse_args(arguments).quick else FULL
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    with tempfile.TemporaryDirectory(prefix="polpo-rights-") as folder:
        print("\n".join(asyncio.run(_measured(Path(folder), effort))))


async def _measured(folder: Path, effort: Effort) -> list[str]:
    settings = Settings(data_dir=str(folder), agent_listen="127.0.0.1:0", admin_api_key=KEY)
    server = assemble(settings)
    await server.start()
    try:
        return await _told(server, effort)
    finally:
        await server.close()


async def _told(server: Server, effort: Effort) -> list[str]:
    transport = httpx.ASGITransport(app=server.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
        admin = {"X-Octopus-ApiKey": KEY}
        half = [await _project(client, admin, number) for number in range(effort.projects)][::2]
        people = {
            "administrator": admin,
            "one role, narrowed": await _person(server, "one", 1, 1, half),
            "50 teams of 20 roles, narrowed": await _person(server, "many", 50, 20, half),
        }
        lines = [f"{effort.projects} projects; ms of CPU a request, and beside the administrator's"]
        for name, ask in _questions(client, half[0]).items():
            lines += _row(name, await _least(people, ask, effort))
    return [*lines, *await _singly(server, effort)]


async def _project(client: httpx.AsyncClient, headers: dict[str, str], number: int) -> str:
    answer = await client.post(f"{SPACE}/projects", json={"Name": f"Project {number:04}", **GROUP}, headers=headers)
    answer.raise_for_status()
    return str(answer.json()["Id"])


async def _person(server: Server, name: str, teams: int, roles: int, projects: list[str]) -> dict[str, str]:
    """A member of so many teams, each of which holds so many roles in the space, narrowed to the projects."""
    others = (role.id for role in BUILT_IN_ROLES if role.space and role.id not in (ROLE, SPACE_MANAGER))
    held = [ROLE, *others]

    def store(session: Session) -> dict[str, str]:
        user = session.insert(USERS, User(username=name, display_name=name))
        for number in range(teams):
            label = f"{name}-{number}"
            team = session.insert(TEAMS, Team(name=label, slug=label, member_user_ids=[user.id]))
            for which in range(roles):
                grant = ScopedUserRole(team_id=team.id, user_role_id=held[which % len(held)], project_ids=projects)
                grant.space_id = "Spaces-1"
                session.insert(SCOPED_USER_ROLES, grant)
        return {"X-Octopus-ApiKey": add_api_key(session, user.id, "bench", None)[1]}

    return await server.database.write(store)


Ask = Callable[[dict[str, str], int], Awaitable[None]]


def _questions(client: httpx.AsyncClient, project: str) -> dict[str, Ask]:
    async def listed(headers: dict[str, str], number: int) -> None:
        answer = await client.get(f"{SPACE}/projects?partialName={number % 1000:03}&take=30", headers=headers)
        answer.raise_for_status()

    async def read(headers: dict[str, str], _number: int) -> None:
        (await client.get(f"{SPACE}/projects/{project}/channels", headers=headers)).raise_for_status()

    async def written(headers: dict[str, str], number: int) -> None:
        body = (await client.get(f"{SPACE}/projects/{project}", headers=headers)).json()
        body["Description"] = str(number)
        (await client.put(f"{SPACE}/projects/{project}", json=body, headers=headers)).raise_for_status()

    return {"list": listed, "list of one project": read, "read and write": written}


async def _least(people: dict[str, dict[str, str]], ask: Ask, effort: Effort) -> dict[str, float]:
    least = dict.fromkeys(people, float("inf"))
    number = 0
    for _ in range(effort.rounds):
        for name, headers in people.items():
            begun = time.process_time()
            for _ in range(effort.requests):
                number += 1
                await ask(headers, number)
            least[name] = min(least[name], (time.process_time() - begun) / effort.requests * 1000)
    return least


def _row(name: str, least: dict[str, float]) -> list[str]:
    base = least["administrator"]
    return [f"{name}: {who}  {cost:.2f}  ({cost / base:.2f})" for who, cost in least.items()]


async def _singly(server: Server, effort: Effort) -> list[str]:
    """What an event's place in the chain and a password cost; both are meant to cost something."""
    chain = Chain(server.installation.audit_key)
    count = effort.requests * 100
    begun = time.process_time()
    before = bytes(32)
    for number in range(count):
        before = chain.hash(before, number, b"x" * 32)
    linked = (time.process_time() - begun) / count * 1e6
    begun = time.perf_counter()
    await server.parts.get(Passwords).hash("a password of the bench")
    hashed = time.perf_counter() - begun
    return [f"a link of the chain  {linked:.1f} µs", f"a password hashed  {hashed:.2f} s"]


if __name__ == "__main__":
    main()
