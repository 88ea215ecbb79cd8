"""What a caller may see and change of the variables of one owner: a project, or a library set.

A variable is judged by the environments of its scope: one that is reached is enough to see it, all must be reached to
change it. One without environments holds everywhere, so a grant that is narrowed to environments does not reach it;
the permissions "Unscoped" give that. Those of a library set are no project's: whoever may look at the sets (to change
them: edit them) is judged by environments alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from polpo.features.variables.resource import Variable, VariableSet
from polpo.rest.authorization import Decision, Refused, Subject
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.documents import SensitiveValue


@dataclass(frozen=True)
class _Verb:
    """The permissions for one thing that can be done with variables."""

    scoped: Permission
    unscoped: Permission
    library: Permission


_VIEW = _Verb(Permission.VARIABLE_VIEW, Permission.VARIABLE_VIEW_UNSCOPED, Permission.LIBRARY_VARIABLE_SET_VIEW)
_EDIT = _Verb(Permission.VARIABLE_EDIT, Permission.VARIABLE_EDIT_UNSCOPED, Permission.LIBRARY_VARIABLE_SET_EDIT)


@dataclass(frozen=True)
class Permitted:
    """The caller's rights to the variables that belong to one owner."""

    call: Call
    space_id: str
    owner_id: str

    @classmethod
    def of(cls, call: Call, variables: VariableSet) -> Permitted:
        return cls(call, variables.space_id, variables.owner_id)

    def require_set(self, *, to_edit: bool = False) -> None:
        """Refuses the set as a whole, where no variable of it could be seen, or changed."""
        verb = _EDIT if to_edit else _VIEW
        if self._is_library:
            self.call.require(verb.library, space_id=self.space_id)
        elif not self._decide(verb.unscoped, None).is_allowed:
            decision = self._decide(verb.scoped, None, kinds=("Projects",))
            if not decision.is_allowed:
                raise Refused(decision)
        self.call.settle()

    def sees(self, variable: Variable) -> bool:
        return self._judge(_VIEW, variable).is_allowed

    def sees_all(self) -> bool:
        """For what tells of the set without being able to leave out a variable, such as its history."""
        is_open = not self._is_library or self.call.may(_VIEW.library)
        return is_open and self._decide(_VIEW.scoped, None).is_allowed

    def seen(self, variables: Iterable[Variable]) -> list[Variable]:
        if not self._is_library and self.call.rights.reach(_VIEW.scoped, self.space_id).is_everywhere:
            return list(variables)
        return [one for one in variables if self.sees(one)]

    def require_all_seen(self, variables: Iterable[Variable]) -> None:
        """For what takes all of them along, such as a copy."""
        for variable in variables:
            self._require(_VIEW, variable)

    def with_unseen(self, before: list[Variable], wanted: list[Variable]) -> list[Variable]:
        """What is written, with those that the writer cannot see, and so did not send, where they stood before."""
        sent = {one.id for one in wanted}
        merged = list(wanted)
        for number, one in enumerate(before):
            if one.id not in sent and not self.sees(one):
                merged.insert(_place_after(merged, before[:number]), _written_back(one))
        return merged

    def require_changes(self, before: Iterable[Variable], after: Iterable[Variable]) -> None:
        """Refuses what is added, changed and removed beyond the caller's rights, before it is stored."""
        for variable in _touched(list(before), list(after)):
            self._require(_EDIT, variable)

    # -- judging

    @property
    def _is_library(self) -> bool:
        return not self.owner_id.startswith("Projects-")

    def _require(self, verb: _Verb, variable: Variable) -> None:
        decision = self._judge(verb, variable)
        if not decision.is_allowed:
            raise Refused(decision, _sentence(decision, variable))

    def _judge(self, verb: _Verb, variable: Variable) -> Decision:
        if self._is_library:
            whole = self.call.rights.decide(verb.library, Subject(self.space_id))
            if not whole.is_allowed:
                return whole
        decision = self._decide(verb.scoped, variable)
        if decision.is_allowed or variable.scope.environment:
            return decision
        return self._decide(verb.unscoped, variable)

    def _decide(
        self, permission: Permission, variable: Variable | None, kinds: Iterable[str] | None = None
    ) -> Decision:
        environments = variable.scope.environment if variable else []
        if self._is_library:
            subject = Subject.of(self.space_id, environment_id=environments)
            return self.call.rights.decide(permission, subject, ("Environments",))
        subject = Subject.of(self.space_id, project_id=self.owner_id, environment_id=environments)
        return self.call.rights.decide(permission, subject, kinds)


def _place_after(variables: list[Variable], earlier: list[Variable]) -> int:
    """Behind the nearest of the earlier ones that is there; of equally specific values the first counts."""
    places = {one.id: place for place, one in enumerate(variables)}
    return next((places[one.id] + 1 for one in reversed(earlier) if one.id in places), 0)


def _written_back(variable: Variable) -> Variable:
    """As a client sends what it does not change: the store keeps a secret of which nothing is said."""
    if variable.secret is None:
        return variable
    return msgspec.structs.replace(variable, secret=SensitiveValue(has_value=variable.secret.has_value))


def _touched(before: list[Variable], after: list[Variable]) -> Iterator[Variable]:
    """Each variable that is not what it was: as it was, and as it becomes."""
    known, kept = {one.id: one for one in before}, {one.id for one in after}
    yield from (one for one in before if one.id not in kept)
    for one in after:
        old = known.get(one.id)
        if old is None:
            yield one
        elif not _is_same(old, one):
            yield from (old, one)


def _is_same(old: Variable, new: Variable) -> bool:
    """Clients write back what they read, with an empty text where there is none."""
    if new.secret is not None and new.secret.new_value is not None:
        return False
    return _plain(old) == _plain(new)


def _plain(variable: Variable) -> Variable:
    return msgspec.structs.replace(
        variable, secret=None, value=variable.value or None, description=variable.description or None
    )


def _sentence(decision: Decision, variable: Variable) -> str:
    about = str(decision.subject)
    place = f" for {about}" if about else ""
    return f"You do not have the permission {decision.permission}{place}, which the variable '{variable.name}' takes."
