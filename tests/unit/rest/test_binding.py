"""What clients send becomes what routes expect."""

from __future__ import annotations

import pytest

from polpo.kernel.errors import Invalid
from polpo.rest.binding import bind, parse, refuse_sealed
from polpo.store.documents import Resource


class Wanted(Resource):
    variables: list[str] = []


class Named(Wanted):
    name: str = ""


def test_a_bare_list_is_what_a_command_has_one_list_of() -> None:
    assert bind(Wanted, b'["a"]').variables == bind(Wanted, b'{"variables": ["a"]}').variables == ["a"]


def test_a_bare_list_means_nothing_where_there_is_more_than_one_property() -> None:
    with pytest.raises(Invalid, match="must be a JSON object; it is a list"):
        bind(Named, b'["a"]')


def test_a_text_that_was_sealed_is_found_wherever_it_is() -> None:
    sealed = "v1:" + 40 * "A"
    for body in (f'["{sealed}"]', f'{{"a": [{{"b": " {sealed} "}}]}}', f'{900 * "["}"{sealed}"{900 * "]"}'):
        with pytest.raises(Invalid, match="has encrypted for itself"):
            refuse_sealed(body.encode(), parse(body.encode()), lambda text: text == sealed)
    refuse_sealed(b'["v1:latest"]', ["v1:latest"], lambda _text: True)


def test_texts_that_only_look_sealed_are_tried_a_few_times_and_no_more() -> None:
    """To try one costs as much as a hundred lines of code, and anybody can send a million of them."""
    tried: list[str] = []
    few, many = ([f"v1:{number:040}" for number in range(count)] for count in (50, 51))
    refuse_sealed(b"v1:", few, lambda text: bool(tried.append(text)))
    assert len(tried) == 50
    with pytest.raises(Invalid, match="has encrypted for itself"):
        refuse_sealed(b"v1:", many, lambda text: bool(tried.append(text)))
    assert len(tried) == 50
