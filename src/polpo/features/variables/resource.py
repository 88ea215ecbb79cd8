"""A set of variables, as stored and sent; a snapshot is a document of the same kind."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import sqlalchemy as sa

from polpo.rest.links import register
from polpo.rest.protection import Scoping, protect
from polpo.store.documents import Document, Resource, SensitiveValue, ref
from polpo.store.kinds import define

VariableType = Literal[
    "String",
    "Sensitive",
    "Certificate",
    "AmazonWebServicesAccount",
    "AzureAccount",
    "WorkerPool",
    "UsernamePasswordAccount",
    "GenericOidcAccount",
    "GoogleCloudAccount",
]

#: The types of variables whose value is the id of something, by the same names as the controls that ask for one.
REFERRING: dict[str, VariableType] = {
    name: name
    for name in (
        "Certificate",
        "WorkerPool",
        "AmazonWebServicesAccount",
        "AzureAccount",
        "GoogleCloudAccount",
        "UsernamePasswordAccount",
        "GenericOidcAccount",
    )
}


class VariableScope(Resource, omit_defaults=True):
    """Where a value holds: any of a dimension, all dimensions. Empty dimensions are left out on the wire."""

    environment: list[Annotated[str, ref("Environments")]] = []
    machine: list[str] = []
    role: list[str] = []
    action: list[str] = []
    channel: list[Annotated[str, ref("Channels")]] = []
    tenant_tag: list[str] = []
    process_owner: list[str] = []
    tenant: list[str] = []
    target_role: list[str] = []
    project: list[str] = []
    user: list[str] = []
    trigger: list[str] = []
    private: list[str] = []
    parent_deployment: list[str] = []


class VariablePromptOptions(Resource):
    label: str | None = None
    description: str | None = None
    required: bool = False
    display_settings: dict[str, str] = {}


class Variable(Resource):
    """`value` is null for sensitive variables, everywhere: their text is sealed in `secret`."""

    id: str = ""
    name: str = ""
    value: str | None = None
    description: str | None = None
    type: VariableType = "String"
    is_sensitive: bool = False
    is_editable: bool = True
    scope: VariableScope = msgspec.field(default_factory=VariableScope)
    prompt: VariablePromptOptions | None = None
    secret: SensitiveValue | None = None


class ReferenceDataItem(Resource):
    id: str
    name: str


class ProcessReferenceDataItem(Resource):
    process_type: Literal["Deployment", "Runbook"]
    id: str
    name: str


class VariableScopeValues(Resource):
    """Everything that a variable of the set can be scoped to; clients turn names into ids with it."""

    actions: list[ReferenceDataItem] = []
    channels: list[ReferenceDataItem] = []
    environments: list[ReferenceDataItem] = []
    machines: list[ReferenceDataItem] = []
    processes: list[ProcessReferenceDataItem] = []
    roles: list[ReferenceDataItem] = []
    tenant_tags: list[ReferenceDataItem] = []


class VariablesScopedToEnvironment(Resource):
    """Variables that would hold nowhere any more without the environment: by owner and name, how many values."""

    variable_map: dict[str, dict[str, int]]
    has_unauthorized_project_variables: bool = False
    has_unauthorized_library_variable_set_variables: bool = False


class ConsideredValue(Resource):
    """One value of the variable, and in a sentence why it was chosen or not. `outcome` is the sentence's kind.

    `source` says who gives it: the project, a library set, or the tenant; a tenant's value has no `variable_id`.
    """

    variable_id: str
    source: str
    value: str | None
    is_sensitive: bool
    scope: VariableScope
    outcome: str
    sentence: str


class VariableExplanation(Resource):
    """The value of a variable at a place; null when it has none there. The values that were considered: best first.

    `is_ambiguous`: several different values are equally specific, and `rule` says which of them is taken.
    """

    name: str
    is_defined: bool
    value: str | None
    is_sensitive: bool
    is_ambiguous: bool
    rule: str | None
    considered: list[ConsideredValue]


class VariableSet(Document):
    """`version` is the concurrency token. `scope_values` is filled when the set is read and is stored empty."""

    space_id: str = ""
    owner_id: str = ""
    version: int = 0
    variables: list[Variable] = []
    scope_values: VariableScopeValues = msgspec.field(default_factory=VariableScopeValues)


def variable_set_id_of(owner_id: str) -> str:
    return f"variableset-{owner_id}"


def _is_snapshot(variables: VariableSet) -> bool:
    return variables.id != variable_set_id_of(variables.owner_id)


VARIABLE_SETS = define(
    "VariableSets",
    VariableSet,
    sa.Column("owner_id", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("is_snapshot", sa.Boolean, nullable=False),
    singular="variable set",
    computed={"is_snapshot": _is_snapshot},
    order=("seq", "id"),
    indexes=[("owner_id", "is_snapshot", "version")],
)

_owner = VARIABLE_SETS.table.c.owner_id
# The environments are those of each variable, which are sorted out one by one.
protect(
    VARIABLE_SETS,
    lambda one: {"Projects": [one.owner_id] if one.owner_id.startswith("Projects-") else []},
    {
        "Projects": Scoping(_owner.in_, lambda: _owner.not_like("Projects-%")),
        "Environments": Scoping(lambda _ids: sa.false(), sa.true),
    },
    open_to_all=["Projects", "Environments"],
)

register(VariableSet, {"Self": "/api/{SpaceId}/variables/{Id}"})
