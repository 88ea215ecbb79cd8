"""Rules of environment state: who reads what, and how much of it there may be."""

from __future__ import annotations

from typing import Literal

from polpo.features.environmentstates.resource import ENVIRONMENT_STATES, EnvironmentState
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.steps.work import Order
from polpo.store.session import Session, Where

_MOST = 10
_LONGEST_KEY, _LONGEST_VALUE = 100, 1000

_t = ENVIRONMENT_STATES.table


def states_of(session: Session, project_id: str, environment_id: str, tenant_id: str | None) -> list[EnvironmentState]:
    """By key. Without a tenant only what belongs to none."""
    return session.all(ENVIRONMENT_STATES, *_scope(project_id, environment_id, tenant_id))


def text_of_state(session: Session, state: EnvironmentState) -> str:
    """Secret or not. Mask it wherever it could be shown."""
    return state.value if state.secret is None else session.reveal(state.secret) or ""


def set_state(call: Call, order: Order) -> str:
    """Keeps what a script sets; the same key again replaces its value and its type."""
    key, value, is_secret = order.get("key"), order.get("value"), order.says("sensitive")
    kind: Literal["State", "Url"] = "Url" if order.get("type").casefold() == "url" else "State"
    _refuse_too_long(key, value)
    scope = (order.project_id, order.environment_id, order.tenant_id or None)
    known = states_of(call.session, *scope)
    found = next((one for one in known if one.name.casefold() == key.casefold()), None)
    if found is None and len(known) >= _MOST:
        raise _invalid(
            f"The environment state '{key}' was not kept: there are {_MOST} entries for this project and environment"
            " already, which is the most. Delete one that is not needed any more."
        )
    state = found or EnvironmentState(
        space_id=order.space_id, project_id=scope[0], environment_id=scope[1], tenant_id=scope[2], name=key
    )
    state.type, state.value = kind, "" if is_secret else value
    state.secret = call.session.conceal(value) if is_secret else None
    state.last_modified_on, state.last_modified_by = call.clock.now(), "system"
    if found is None:
        call.session.insert(ENVIRONMENT_STATES, state)
    else:
        call.session.update(ENVIRONMENT_STATES, state)
    return f"The environment state '{key}' was kept."


def delete_state(session: Session, project_id: str, environment_id: str, tenant_id: str | None, key: str) -> None:
    key_is = _t.c.name_key == key.casefold()
    found = session.first(ENVIRONMENT_STATES, *_scope(project_id, environment_id, tenant_id), key_is)
    if found is None:
        raise NotFound(f"There is no environment state with the key '{key}' for this project and environment.")
    session.delete(ENVIRONMENT_STATES, found.id)


def _scope(project_id: str, environment_id: str, tenant_id: str | None) -> list[Where]:
    tenant = _t.c.tenant_id.is_(None) if tenant_id is None else _t.c.tenant_id == tenant_id
    return [_t.c.project_id == project_id, _t.c.environment_id == environment_id, tenant]


def _refuse_too_long(key: str, value: str) -> None:
    if not key:
        raise _invalid("The script sets an environment state without a key; give it one.")
    for text, most, what in ((key, _LONGEST_KEY, "key"), (value, _LONGEST_VALUE, "value")):
        if len(text) > most:
            raise _invalid(
                f"The environment state '{key[:_LONGEST_KEY]}' was not kept: its {what} has {len(text)} characters;"
                f" {most} is the most."
            )


def _invalid(sentence: str) -> Invalid:
    return Invalid(sentence, [sentence])
