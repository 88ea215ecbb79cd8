"""Every resource with every field that a client may write: it comes back as it was written, until it is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from compat import facts
from compat.document_rows import ROWS, Row
from compat.documents import REFERENCES, TAGGED, changed, full_document, losses
from compat.expectations import faults
from compat.stage import Stage
from compat.world import NotServed, World


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_full_document_comes_back_as_it_was_written(stage: Stage, row: Row) -> None:
    world, without, fixed = stage.new_world(), frozenset(row.without.split()), frozenset(row.fixed.split())
    try:
        document = full_document(world, row.resource, row.given(world), without)
        made = _answered(world, "POST", row.home(world), document, 201)
    except NotServed as missing:
        pytest.skip(f"not served yet: {missing}")
    place = f"{row.home(world)}/{made['Id']}"
    secret = frozenset({"Password"}) if row.resource == "User" else frozenset()
    _assert_kept(document, made, row, secret)
    _assert_kept(document, _answered(world, "GET", place), row, secret)
    changes = changed(row.resource, document, fixed)
    for written in (changes, *_with_each_value(row, changes, fixed)):
        before = _answered(world, "GET", place)
        sent = {**before, **written}
        _assert_kept(written, _answered(world, "PUT", place, sent), row, secret)
        _assert_kept(written, _answered(world, "GET", place), row, secret)
    _assert_listed(world, row, made["Id"])
    _answered(world, "DELETE", place)
    gone = world.client.get(place)
    assert gone.status_code == 404
    assert gone.json()["ErrorMessage"]
    assert not gone.json().get("Errors")


def _with_each_value(row: Row, document: dict[str, Any], fixed: frozenset[str]) -> list[dict[str, Any]]:
    """The document once with each value of each enumeration in it."""
    fields = facts.resources()[row.resource].fields
    free = [name for name in document if name in fields and fields[name].legal and name not in fixed]
    free = [name for name in free if "+" not in fields[name].marks and isinstance(document[name], str)]
    return [{**document, name: value} for name in free for value in fields[name].legal[1:]]


def _answered(world: World, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = world.client.request(method, path, json=body) if body is not None else world.client.request(method, path)
    if answer.status_code == 501:
        raise NotServed(answer.json()["ErrorMessage"])
    assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}\n{body}"
    said = answer.json()
    nested = [value for name, value in said.items() if name not in ("Links", "Id")] if isinstance(said, dict) else []
    return nested[0] if len(nested) == 1 and isinstance(nested[0], dict) and "Id" in nested[0] else said


def _assert_kept(written: dict[str, Any], read: Any, row: Row, secret: frozenset[str]) -> None:
    told = {name: value for name, value in written.items() if name not in secret}
    assert not list(losses(told, read, str(row)))
    assert not list(faults(read, row.resource, str(row)))


def _assert_listed(world: World, row: Row, identity: str) -> None:
    answer = _answered(world, "GET", f"{row.home(world)}?take=1000")
    listed = answer.get("Items", answer.get("DeploymentFreezes", []))
    assert identity in [one["Id"] for one in listed]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_faulty_document_is_refused_with_a_sentence_for_each_fault(stage: Stage, row: Row) -> None:
    world, without = stage.new_world(), frozenset(row.without.split())
    try:
        document = full_document(world, row.resource, row.given(world), without)
        made = _answered(world, "POST", row.home(world), document, 201)
    except NotServed as missing:
        pytest.skip(f"not served yet: {missing}")
    place = f"{row.home(world)}/{made['Id']}"
    for field, what, faulty in _faulty(row, document):
        _assert_refused(world, "POST", row.home(world), _renamed(faulty, field), what)
        if not _is_kept(row, field):
            _assert_refused(world, "PUT", place, faulty, what)
    if "Name" in document and row.is_unique:
        _assert_refused(world, "POST", row.home(world), document, "a name that is taken", {400, 409})
    for query in ("skip=-1", "take=x"):
        _assert_refused(world, "GET", f"{row.home(world)}?{query}", None, query)
    for method in ("GET", "PUT", "DELETE"):
        answer = world.client.request(
            method, f"{row.home(world)}/Nothing-99", json=document if method == "PUT" else None
        )
        assert answer.status_code == 404, f"{method} of an unknown id: {answer.text}"
        assert not answer.json().get("Errors")


def _renamed(faulty: Any, field: str) -> Any:
    """Under a name of its own, so that it is refused for its fault alone."""
    if not isinstance(faulty, dict) or field in ("Name", "Username"):
        return faulty
    return {**faulty, **{name: "Another" for name in ("Name", "Username", "Slug") if name in faulty}}


def _is_kept(row: Row, field: str) -> bool:
    """Whether a change does not touch the field, so that its value may be anything."""
    told = facts.resources()[row.resource].fields.get(field)
    return field in row.fixed.split() or (told is not None and "+" in told.marks)


def _faulty(row: Row, document: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """The field, what is wrong, and the document that has it."""
    yield "", "a list for a document", []
    yield "", "a text for a document", "text"
    for name, value in document.items():
        for what, faulty in _faults_of(row, name, value):
            yield name, f"{what} {name}", {**document, name: faulty}


def _faults_of(row: Row, name: str, value: Any) -> Iterator[tuple[str, Any]]:
    told = facts.resources()[row.resource].fields.get(name)
    if name == "Name":
        yield from (("no", ""), ("a too long", "x" * 500), ("a number for", 7))
    if isinstance(value, bool):
        yield "a text for the flag", "perhaps"
    if isinstance(value, list):
        yield "a text for the list", "text"
    if told and told.legal and isinstance(value, str):
        yield "an unknown", "Nonsense"
    if name in REFERENCES and isinstance(value, str):
        yield "an unknown document in", "Nothing-99"
    if name in REFERENCES and isinstance(value, list):
        yield "an unknown document in", ["Nothing-99"]
    if name in TAGGED:
        yield "an unknown tag in", ["No/Such"]


def _assert_refused(
    world: World, method: str, path: str, body: Any, what: str, statuses: frozenset[int] | set[int] = frozenset({400})
) -> None:
    answer = world.client.request(method, path, json=body) if body is not None else world.client.request(method, path)
    assert answer.status_code in statuses, f"{what}: {method} {path} answered {answer.status_code} {answer.text}"
    assert answer.json()["Errors"], f"{what}: {answer.text}"
