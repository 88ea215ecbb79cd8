"""What a document concerns is told twice, by the document and in queries: both must say the same."""

from __future__ import annotations

import random
from typing import Any

import pytest
from tests.api.authorization.conftest import World
from tests.api.authorization.table import declared
from tests.api.authorization.world import AWAY, HOME

from polpo.rest.authorization import SCOPE_NOUNS, Grant, Rights
from polpo.rest.permissions import RESTRICTABLE_BY, Permission, is_reading
from polpo.rest.protection import is_protected, protection_of
from polpo.store.kinds import kinds

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: These concern what the task or the release does that they belong to.
_BY_ANOTHER = {"Artifacts", "Defects", "Interruptions"}
_PROTECTED = [kind for kind in kinds.values() if is_protected(kind)]


async def test_kinds_whose_permissions_can_be_narrowed_are_protected() -> None:
    listed = {
        route.response
        for route in declared().values()
        if route.paged and isinstance(route.access, Permission) and RESTRICTABLE_BY.get(route.access)
    }
    lacking = [kind.name for kind in kinds.values() if kind.document in listed and not is_protected(kind)]
    assert set(lacking) == _BY_ANOTHER


@pytest.mark.parametrize("kind", _PROTECTED, ids=lambda kind: kind.name)
async def test_one_document_and_a_query_agree(world: World, kind: Any) -> None:
    protection = protection_of(kind)
    permissions = [
        permission
        for permission in Permission
        if is_reading(permission) and RESTRICTABLE_BY.get(permission) and protection.is_complete_for(permission)
    ]
    assert permissions
    chosen = random.Random(kind.name)  # noqa: S311 - the same every time
    compared = set()
    with world.server.database.read() as session:
        documents = session.all(kind)
        for permission in permissions:
            for _ in range(6):
                rights = _rights(world, chosen, permission)
                by_query = {one.id for one in session.all(kind, *protection.where(rights, permission, HOME))}
                for one in documents:
                    subject = protection.subject(one, HOME)
                    by_document = subject.space_id == HOME and rights.decide(permission, subject).is_allowed
                    is_found = one.id in by_query and getattr(one, "space_id", HOME) == HOME
                    assert is_found == by_document, (permission, one.id, rights)
                    compared.add(by_document)
    assert not documents or True in compared


def _rights(world: World, chosen: random.Random, permission: Permission) -> Rights:
    """One or two grants, in either space, narrowed to sides or not."""
    grants = []
    for number in range(chosen.choice((1, 2))):
        narrowed = [kind for kind in SCOPE_NOUNS if chosen.random() < 0.4]
        within = {kind: frozenset(world.sides[chosen.choice("ab")].within(kind)) for kind in narrowed}
        space = HOME if chosen.random() < 0.9 else AWAY
        grants.append(Grant(f"t{number}", "t", "r", "r", space, frozenset({permission}), within))
    return Rights(tuple(grants))
