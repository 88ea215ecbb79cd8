"""What a good password is, and how many are hashed at once."""

from __future__ import annotations

import asyncio

import pytest
from tests.conftest import QUICK

from polpo.features.users.passwords import Passwords, argon2id, fault_of
from polpo.features.users.resource import User
from polpo.kernel.errors import Unavailable

EVA = User(username="eva.maria", display_name="Eva Maria Example", email_address="eva_example@example.com")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "a good password",
        "tr0ub4dor&3",
        "lowercaseonlybutlong",
        "öäü ßeñor ok",
        "my dragon eats seven red bananas",
        "eva.maria and a horse",
        "x" * 20 + "yz wv",
    ],
)
def test_a_good_password_is_taken_whatever_characters_it_has(password: str) -> None:
    assert fault_of(password, EVA) is None


@pytest.mark.parametrize(
    "password",
    [
        *("password", "Password1!", "P@ssw0rd", "!!welcome2024", "octopus123", "iloveyou", "0dragon0"),
        *("12345678", "98765432", "1234567890123", "qwertyuiop", "poiuytrewq", "abcdefgh"),
        *("aaaaaaaaaaaa", "abababababab", "        ", "01011990", "+49 170 1234"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password: str) -> None:
    assert "guessed first" in (fault_of(password, EVA) or "")


@pytest.mark.parametrize(
    ("password", "what"),
    [
        ("EVA.Maria", "user name"),
        ("eva-maria!", "user name"),
        ("evamaria77", "user name"),
        ("evamariaexample", "display name"),
        ("eva_example@example.com", "e-mail address"),
        ("eva_example1", "e-mail address"),
    ],
)
def test_a_password_that_says_who_its_user_is_is_refused(password: str, what: str) -> None:
    assert fault_of(password, EVA) == f"Password: it is the {what} with little around it; choose another one."


@pytest.mark.parametrize(
    ("password", "shortest", "fault"),
    [
        ("zk4 q1w", 8, "7 characters are too few; use at least 8."),
        ("zk4 q1wx", 8, None),
        ("zk4 q1wx and", 16, "12 characters are too few; use at least 16."),
        ("a few words " * 100, 8, "1200 characters are too many; 1000 is the most."),
    ],
)
def test_length_is_what_counts(password: str, shortest: int, fault: str | None) -> None:
    found = fault_of(password, EVA, shortest)

    assert found == (f"Password: {fault}" if fault else None)


def test_hashes_are_made_as_the_standard_recommends() -> None:
    made = argon2id()

    assert (made.type.name, made.memory_cost, made.time_cost, made.parallelism) == ("ID", 65536, 3, 4)


async def test_a_hash_is_renewed_when_it_was_made_in_another_way() -> None:
    old, new = Passwords(QUICK), Passwords()
    stored = await old.hash("a good password")

    assert await new.matches(stored, "a good password")
    renewed = await new.renewed(stored, "a good password")
    assert renewed is not None
    assert renewed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await new.renewed(renewed, "a good password") is None


@pytest.mark.parametrize("stored", ["", "no hash", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"])
async def test_nothing_matches_what_is_no_hash(stored: str) -> None:
    passwords = Passwords(QUICK)

    for password in ("", "nobody has this password", stored):
        assert not await passwords.matches(stored, password)


async def test_few_are_checked_at_once_and_a_long_line_is_turned_away() -> None:
    passwords, inside, most, leave = Passwords(QUICK), 0, 0, asyncio.Event()

    async def one() -> bool:
        nonlocal inside, most
        try:
            async with passwords.turn():
                inside += 1
                most = max(most, inside)
                await leave.wait()
                inside -= 1
        except Unavailable:
            return False
        return True

    waiting = [asyncio.create_task(one()) for _ in range(110)]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    leave.set()
    served = await asyncio.gather(*waiting)

    assert most == 2
    assert served.count(True) == 102
