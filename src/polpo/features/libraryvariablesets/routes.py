"""Library variable sets over HTTP."""

from __future__ import annotations

from polpo.features.libraryvariablesets.resource import (
    LIBRARY_VARIABLE_SETS,
    LibraryVariableSet,
    LibraryVariableSetUsage,
)
from polpo.features.libraryvariablesets.service import end_set, equip_set, settle_set
from polpo.features.libraryvariablesets.usages import usage_of
from polpo.rest.call import Call
from polpo.rest.collection import Collection, column_filter, permissions_of
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("libraryvariablesets")


class _LibraryVariableSets(Collection[LibraryVariableSet]):
    def insert(self, call: Call, document: LibraryVariableSet) -> LibraryVariableSet:
        """With its variables, of which there are none yet."""
        wanted = super().insert(call, document)
        equip_set(call.session, wanted)
        return wanted


library_variable_sets = _LibraryVariableSets(
    LIBRARY_VARIABLE_SETS,
    "/libraryvariablesets",
    **permissions_of("LibraryVariableSet"),
    prepare=settle_set,
    removing=end_set,
    filters={"contentType": column_filter(LIBRARY_VARIABLE_SETS.table.c.content_type)},
)
library_variable_sets.register(routes)


@routes.get("/libraryvariablesets/{id}/usages", Permission.LIBRARY_VARIABLE_SET_VIEW)
def usages(call: Call, id: str) -> LibraryVariableSetUsage:
    """The projects that include a set, and the releases that were made with it"""
    return usage_of(call, library_variable_sets.find(call, id))
