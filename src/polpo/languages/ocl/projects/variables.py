"""Variables of a project. Secrets are never in the file: they stay where only the server reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from polpo.languages.ocl.elements import Attribute, Block, Document, Element
from polpo.languages.ocl.plain import from_plain, to_plain
from polpo.languages.ocl.projects import references as kinds
from polpo.languages.ocl.projects.fields import Field, Flag, Text, TextDictionary, Texts, text_of
from polpo.languages.ocl.projects.references import AS_WRITTEN, References
from polpo.languages.ocl.projects.shapes import UNMAPPED, Child, Shape, Wire, label_of, read, written
from polpo.languages.ocl.projects.translation import Translation

_SCOPES = {
    "action": ("Action", kinds.ACTIONS),
    "channel": ("Channel", kinds.CHANNELS),
    "environment": ("Environment", kinds.ENVIRONMENTS),
    "machine": ("Machine", kinds.MACHINES),
    "parent_deployment": ("ParentDeployment", None),
    "private": ("Private", None),
    "process": ("ProcessOwner", kinds.PROCESSES),
    "project": ("Project", kinds.PROJECTS),
    "role": ("Role", None),
    "target_role": ("TargetRole", None),
    "tenant": ("Tenant", kinds.TENANTS),
    "tenant_tag": ("TenantTag", None),
    "trigger": ("Trigger", None),
    "user": ("User", None),
}
_PROMPT = Shape(
    (
        Field("Description", Text()),
        Field("DisplaySettings", TextDictionary()),
        Field("Label", Text()),
        Field("Required", Flag()),
    )
)
_VALUE = Shape(
    (
        Field("Description", Text()),
        Field("IsEditable", Flag(usual=True)),
        Field("Type", Text()),
        Field("Value", Text()),
        *(Field(wire, Texts(kind), name=name) for name, (wire, kind) in _SCOPES.items()),
    ),
    (Child("Prompt", _PROMPT),),
)
_SCOPE_NAMES = [wire for wire, _ in _SCOPES.values()]
_VALUE_KINDS = {
    "WorkerPool": kinds.WORKER_POOLS,
    "Certificate": kinds.CERTIFICATES,
    **dict.fromkeys(
        (
            "AmazonWebServicesAccount",
            "AzureAccount",
            "GenericOidcAccount",
            "GoogleCloudAccount",
            "UsernamePasswordAccount",
        ),
        kinds.ACCOUNTS,
    ),
}
_VARIABLE = "variable"
_OF_THE_VARIABLE = "VariableUnmapped"
"""At the first value of a variable: what is not known in the variable's block."""


def variables_to_ocl(variable_set: Mapping[str, Any], references: References = AS_WRITTEN) -> Document:
    """One block a name, in the order in which the names first come; ids and secrets are not part of the file."""
    translation = Translation(references)
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for row in variable_set.get("Variables") or ():
        if not is_secret(row):
            by_name.setdefault(row["Name"], []).append(row)
    blocks: list[Element] = [_variable_block(name, rows, translation) for name, rows in by_name.items()]
    translation.finish()
    return Document([*blocks, *from_plain(variable_set.get(UNMAPPED, ()))])


def is_secret(row: Mapping[str, Any]) -> bool:
    return bool(row.get("IsSensitive")) or row.get("Type") == "Sensitive"


def _variable_block(name: str, rows: list[Mapping[str, Any]], translation: Translation) -> Block:
    """A type that all values share stands at the variable; `String` is left out."""
    types = {row.get("Type") or "String" for row in rows}
    shared = types.pop() if len(types) == 1 else None
    body: list[Element] = [Attribute("type", shared)] if shared and shared != "String" else []
    for row in rows:
        own = None if shared or row.get("Type") == "String" else row.get("Type")
        body.append(_value_block({**row, "Type": own}, shared or own or "String", translation))
    unmapped = from_plain(element for row in rows for element in row.get(_OF_THE_VARIABLE, ()))
    return Block(_VARIABLE, [name], [*unmapped, *body])


def _value_block(row: Mapping[str, Any], variable_type: str, translation: Translation) -> Block:
    """A value of several lines is an attribute, any other the block's label."""
    value = row.get("Value")
    if value is not None and variable_type in _VALUE_KINDS:
        value = translation.slug_of(_VALUE_KINDS[variable_type], value)
    is_label = value is not None and "\n" not in value
    labels = [value] if value is not None and is_label else []
    scope = {name: texts for name, texts in (row.get("Scope") or {}).items() if name in _SCOPE_NAMES}
    body = written(_VALUE, {**row, **scope, "Value": None if is_label else value}, translation)
    prompt = row.get("Prompt")
    if prompt is not None and not any(isinstance(item, Block) and item.name == "prompt" for item in body):
        body.append(Block("prompt"))
    return Block("value", labels, body)


def variables_from_ocl(document: Document, references: References = AS_WRITTEN) -> Wire:
    """`{"Variables": [...]}`, one row a value. A secret in the file is a fault; a row of the type `Sensitive` without a
    value says only that there is one."""
    translation = Translation(references)
    rows: list[Wire] = []
    unmapped: list[Element] = []
    for element in document:
        found = _read_variable(element, translation) if _is_variable(element) else []
        rows.extend(found)
        if not found:
            unmapped.append(element)
    translation.finish()
    return {"Variables": rows, UNMAPPED: to_plain(unmapped)} if unmapped else {"Variables": rows}


def _is_variable(element: Element) -> TypeGuard[Block]:
    return isinstance(element, Block) and element.name == _VARIABLE


def _read_variable(block: Block, translation: Translation) -> list[Wire]:
    name = label_of(block, translation, required="the name of the variable")
    shared = "String"
    values: list[Block] = []
    unmapped: list[Element] = []
    for element in block:
        if isinstance(element, Attribute) and element.name == "type":
            shared = text_of(element.value) or "String"
        elif isinstance(element, Block) and element.name == "value":
            values.append(element)
        else:
            unmapped.append(element)
    rows = [_read_value(name, value, shared, translation) for value in values]
    if unmapped and rows:
        rows[0][_OF_THE_VARIABLE] = to_plain(unmapped)
    return rows


def _read_value(name: str, block: Block, shared: str, translation: Translation) -> Wire:
    found = read(_VALUE, block.body, translation)
    label = label_of(block, translation)
    if block.labels:
        if "Value" in found:
            translation.fault(f"A value of '{name}' has both a label and 'value'", block.position)
        found["Value"] = label
    found.setdefault("Value", None)
    variable_type = found.get("Type") or shared
    if variable_type == "Sensitive" and found["Value"] is not None:
        translation.fault(f"The secret '{name}' must not be in a file; enter it in the variables", block.position)
    if found["Value"] is not None and variable_type in _VALUE_KINDS:
        found["Value"] = translation.identifier_of(_VALUE_KINDS[variable_type], found["Value"], block.position)
    scope = {wire: found.pop(wire) for wire in _SCOPE_NAMES if wire in found}
    is_secret_row = variable_type == "Sensitive"
    return {"Name": name, **found, "Type": variable_type, "IsSensitive": is_secret_row, "Scope": scope}
