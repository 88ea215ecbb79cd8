"""An interruption, as it is stored and sent: a form for a person, and the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document, Resource
from polpo.store.kinds import define

MANUAL_INTERVENTION, GUIDED_FAILURE = "ManualIntervention", "GuidedFailure"


class Button(Resource):
    text: str = ""
    value: str = ""
    requires_confirmation: bool = False


class Control(Resource, omit_defaults=True):
    """One part of a form; `type` says which of the other properties it has."""

    type: Literal["Paragraph", "TextArea", "Checkbox", "Button", "SubmitButtonGroup", "VariableValue"]
    text: str | None = None
    resolve_links: bool | None = None
    label: str | None = None
    name: str | None = None
    description: str | None = None
    required: bool | None = None
    value: str | None = None
    buttons: list[Button] | None = None
    display_settings: dict[str, str] | None = None


class FormElement(Resource):
    """`name` is the key of the element's value in the form's values, and in what is submitted."""

    name: str
    control: Control
    is_value_required: bool = False


class Form(Resource):
    values: dict[str, str | None] = {}
    elements: list[FormElement] = []


class Interruption(Document):
    """A pending one holds its task.

    `can_take_responsibility` and `has_responsibility` are told for the caller. `correlation_id` is the key under which
    the task waits for the answer.
    """

    space_id: str = ""
    title: str = ""
    type: str = MANUAL_INTERVENTION
    created: datetime | None = None
    is_pending: bool = True
    task_id: str = ""
    correlation_id: str = ""
    form: Form = msgspec.field(default_factory=Form)
    related_document_ids: list[str] = []
    responsible_team_ids: list[str] = []
    responsible_user_id: str | None = None
    can_take_responsibility: bool = False
    has_responsibility: bool = False
    is_linked_to_other_interruption: bool = False


def _related_lines(asked: Interruption) -> str:
    """What lists are narrowed by; the teams as well, for their members see what they are responsible for."""
    return "\n" + "".join(f"{one}\n" for one in [*asked.related_document_ids, *asked.responsible_team_ids])


INTERRUPTIONS = define(
    "Interruptions",
    Interruption,
    sa.Column("task_id", sa.Text, nullable=False),
    sa.Column("is_pending", sa.Boolean, nullable=False),
    sa.Column("related_lines", sa.Text, nullable=False),
    singular="interruption",
    computed={"related_lines": _related_lines},
    order=("seq",),
    indexes=[("task_id",), ("space_id", "is_pending")],
)

register(
    Interruption,
    {
        "Self": "/api/{SpaceId}/interruptions/{Id}",
        "Submit": "/api/{SpaceId}/interruptions/{Id}/submit",
        "Responsible": "/api/{SpaceId}/interruptions/{Id}/responsible",
    },
)
