"""What is done to the whole installation by a right that only spaces grant."""

from __future__ import annotations

from polpo.features.spaces.resource import SPACES
from polpo.rest.call import Call
from polpo.rest.permissions import Permission


def require_everywhere(call: Call, permission: Permission) -> None:
    """Refuses unless the caller has it in every space: none of them is to be changed by the managers of another."""
    for space in call.session.all(SPACES):
        call.require(permission, space_id=space.id)
