"""What a person asks for when a script is to be run once."""

from __future__ import annotations

from typing import Literal

import msgspec

from polpo.features.actiontemplates.resource import ACTION_TEMPLATES, ActionTemplate
from polpo.kernel.errors import Invalid
from polpo.steps.kinds import CATALOGUE
from polpo.store.documents import PropertyValue, Resource, SensitiveValue
from polpo.store.session import Session

TargetType = Literal["Machines", "Environments", "Workers", "WorkerPools", "OctopusServer"]
Syntax = Literal["Bash", "CSharp", "FSharp", "PowerShell", "Python"]

SCRIPT = "Octopus.Script"
_PURPOSE = "script"


class Wanted(Resource, kw_only=True):
    """The arguments of the task. Either there is a `script_body`, or a template with values for its parameters.

    Without a `target_type` that is what the other arguments are about; targets that are named and those of
    environments, tags and tenants are used together then. Workers may be named among the machines, too.
    """

    target_type: TargetType | None = None
    machine_ids: list[str] | None = None
    environment_ids: list[str] | None = None
    target_roles: list[str] | None = None
    tenant_ids: list[str] | None = None
    worker_ids: list[str] | None = None
    worker_pool_ids: list[str] | None = None
    script_body: str | None = None
    syntax: Syntax | None = None
    action_template_id: str | None = None
    properties: dict[str, PropertyValue] | None = None

    @property
    def aim(self) -> TargetType | None:
        """None: targets of any kind that are named or described."""
        if self.target_type is not None:
            return self.target_type
        if self.worker_pool_ids:
            return "WorkerPools"
        return "Workers" if self.worker_ids else None


def template_of(session: Session, space_id: str, wanted: Wanted) -> ActionTemplate | None:
    """The step template that is to be run, if it can be run without a process; Invalid when it cannot."""
    if not wanted.action_template_id:
        return None
    template = session.find(ACTION_TEMPLATES, wanted.action_template_id)
    if template is None or template.space_id != space_id:
        raise _fault(f"ActionTemplateId names the step template '{wanted.action_template_id}', which does not exist.")
    kind = CATALOGUE.find(template.action_type)
    if kind is None or kind.place == "server":
        raise _fault(
            f"The step template '{template.name}' is of the kind {template.action_type}, which runs no script."
        )
    if template.packages or template.git_dependencies:
        raise _fault(f"The step template '{template.name}' needs packages or a repository; run it in a runbook.")
    return template


def properties_of(template: ActionTemplate | None, wanted: Wanted) -> dict[str, PropertyValue]:
    """Of the action: a person's values go before the defaults of parameters."""
    if template is None:
        return {
            "Octopus.Action.Script.ScriptSource": "Inline",
            "Octopus.Action.Script.Syntax": wanted.syntax or "PowerShell",
            "Octopus.Action.Script.ScriptBody": wanted.script_body or "",
        }
    defaults = {one.name: one.default_value for one in template.parameters if one.default_value is not None}
    return {**template.properties, **defaults, **(wanted.properties or {})}


def refuse_nothing(wanted: Wanted) -> None:
    if not wanted.action_template_id and not (wanted.script_body or "").strip():
        raise _fault("ScriptBody is missing; write the script, or name a step template by ActionTemplateId.")


def secret_of(value: PropertyValue | None) -> str | None:
    """What a client has written into a sensitive value."""
    return value.new_value if isinstance(value, SensitiveValue) else None


def sealed(session: Session, secrets: dict[str, str]) -> str:
    return session.vault.for_purpose(_PURPOSE).encrypt(msgspec.json.encode(secrets).decode())


def opened(session: Session, text: str) -> dict[str, str]:
    """AppError when this server has not sealed it."""
    return msgspec.json.decode(session.vault.for_purpose(_PURPOSE).decrypt(text), type=dict[str, str])


def _fault(sentence: str) -> Invalid:
    return Invalid(sentence, [sentence])
