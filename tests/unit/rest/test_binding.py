"""What clients send becomes what routes expect."""

from __future__ import annotations

import pytest

from polpo.kernel.errors import Invalid
from polpo.rest.binding import bind
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
