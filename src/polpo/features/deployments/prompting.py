"""Variables that a person is asked for: which ones at a place, the form, and what was entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from polpo.features.deployments.subject import Order, Subject
from polpo.features.interruptions.resource import Control, Form, FormElement
from polpo.features.tenants.resource import Tenant
from polpo.features.variables.resource import Variable, VariableScope
from polpo.kernel.errors import Invalid
from polpo.kernel.secrets import Vault
from polpo.store.documents import SensitiveValue


def asked_for(subject: Subject, tenant: Tenant | None) -> list[Variable]:
    """The prompted variables whose scope does not rule this place out, nor the tenant for whom it is done."""
    prompted = [one for one in subject.all_variables if one.prompt is not None]
    return [one for one in prompted if not _is_elsewhere(one, subject) and _is_for(tenant, one.scope)]


def _is_for(tenant: Tenant | None, scope: VariableScope) -> bool:
    """Whether a variable's scope lets it hold for the tenant, or without one."""
    if tenant is None:
        return not scope.tenant and not scope.tenant_tag
    own = {*map(str.casefold, tenant.tenant_tags)}
    has_tag = not scope.tenant_tag or not own.isdisjoint(map(str.casefold, scope.tenant_tag))
    return has_tag and (not scope.tenant or tenant.id in scope.tenant)


def _is_elsewhere(variable: Variable, subject: Subject) -> bool:
    scope = variable.scope
    places = (
        (scope.channel, subject.channel_id),
        (scope.process_owner, subject.owner_id),
    )
    here = {subject.environment.id, subject.environment.parent_environment_id}
    if scope.environment and here.isdisjoint(scope.environment):
        return True
    return any(wanted and one not in wanted for wanted, one in places)


def form_of(subject: Subject, tenant: Tenant | None = None) -> Form:
    """What a person is asked for."""
    form = Form(values={}, elements=[])
    for variable in asked_for(subject, tenant):
        prompt = variable.prompt
        if prompt is None:
            continue
        control = Control(
            type="VariableValue",
            label=prompt.label or variable.name,
            name=variable.name,
            description=prompt.description,
            required=prompt.required,
            display_settings=_display_settings(variable),
        )
        form.elements.append(FormElement(name=variable.id, control=control, is_value_required=prompt.required))
        form.values[variable.id] = None if variable.is_sensitive else variable.value
    return form


def _display_settings(variable: Variable) -> dict[str, str] | None:
    """How the value is asked for; that of a sensitive variable is never shown as it is typed."""
    settings = dict(variable.prompt.display_settings) if variable.prompt else {}
    if variable.is_sensitive:
        settings["Octopus.ControlType"] = "Sensitive"
    return settings or None


def fill_form(
    vault: Vault, order: Order, subject: Subject, given: Mapping[str, str | None], tenant: Tenant | None = None
) -> None:
    """Takes what was entered for prompted variables; refuses names that nobody asks for and required ones left out.

    A value for a prompt that is for another place only is taken without effect: one command may serve several places.
    """
    prompted = [variable for variable in subject.all_variables if variable.prompt is not None]
    by_key = {key.casefold(): variable for variable in prompted for key in (variable.id, variable.name)}
    unknown = [name for name in given if name.casefold() not in by_key]
    faults = [f"'{name}' is no prompted variable of this {subject.frozen_as}." for name in unknown]
    entered = {by_key[name.casefold()].id: text for name, text in given.items() if name.casefold() in by_key}
    for variable in prompted:
        text = entered.get(variable.id)
        if text is not None and variable.is_sensitive:
            sealed = SensitiveValue(has_value=True, new_value=vault.encrypt(text))
            order.sensitive_form_values[variable.id] = sealed
            order.form_values[variable.id] = None
        elif text is not None:
            order.form_values[variable.id] = text
    faults += _left_out(asked_for(subject, tenant), entered)
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The values for the prompts do not fit.", faults)


def missing_prompts(subject: Subject, tenant: Tenant | None) -> list[str]:
    """The prompts without which the order is refused, as sentences."""
    return _left_out(asked_for(subject, tenant), {})


def _left_out(asked: Sequence[Variable], entered: Mapping[str, str | None]) -> list[str]:
    faults = []
    for variable in asked:
        text = entered.get(variable.id)
        has_value = bool(text) if text is not None else _has_default(variable)
        if variable.prompt and variable.prompt.required and not has_value:
            faults.append(f"A value is needed for '{variable.prompt.label or variable.name}'.")
    return faults


def _has_default(variable: Variable) -> bool:
    return bool(variable.value or (variable.secret and variable.secret.has_value))
