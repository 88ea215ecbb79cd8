"""A subscription, as stored and sent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document, PropertyValue, Resource, ref
from polpo.store.kinds import define


class EventNotificationSubscriptionFilter(Resource):
    """An event passes when it fits every list; an empty list lets everything pass."""

    users: list[Annotated[str, ref("Users")]] = []
    projects: list[Annotated[str, ref("Projects")]] = []
    project_groups: list[Annotated[str, ref("ProjectGroups")]] = []
    environments: list[Annotated[str, ref("Environments")]] = []
    tenants: list[Annotated[str, ref("Tenants")]] = []
    tags: list[str] = []
    event_groups: list[str] = []
    event_categories: list[str] = []
    event_agents: list[str] = []
    document_types: list[str] = []


class EventNotificationSubscription(Resource):
    """The ways: a webhook, a digest by e-mail, a chat channel. How far each has come is the server's to write."""

    filter: EventNotificationSubscriptionFilter = msgspec.field(default_factory=EventNotificationSubscriptionFilter)
    email_teams: list[Annotated[str, ref("Teams")]] = []
    email_frequency_period: str = "01:00:00"
    email_priority: Literal["Normal", "Low", "High"] = "Normal"
    email_show_dates_in_time_zone_id: str = "UTC"
    email_digest_last_processed: datetime | None = None
    email_digest_last_processed_event_auto_id: int | None = None
    webhook_uri: str = msgspec.field(default="", name="WebhookURI")
    webhook_teams: list[Annotated[str, ref("Teams")]] = []
    webhook_timeout: str = "00:00:10"
    webhook_header_key: str | None = ""
    webhook_header_value: PropertyValue | None = ""
    webhook_last_processed: datetime | None = None
    webhook_last_processed_event_auto_id: int | None = None
    slack_channel_ids: list[str] = []
    slack_channel_names: list[str] = []
    slack_digest_format: Literal["Summary", "Detailed"] = "Summary"
    slack_frequency_period: str = "01:00:00"
    slack_digest_last_processed: datetime | None = None
    slack_digest_last_processed_event_auto_id: int | None = None


class Subscription(Document):
    space_id: str = ""
    name: str = ""
    type: Literal["Event"] = "Event"
    is_disabled: bool = False
    event_notification_subscription: EventNotificationSubscription = msgspec.field(
        default_factory=EventNotificationSubscription
    )


SUBSCRIPTIONS = define(
    "Subscriptions",
    Subscription,
    sa.Column("is_disabled", sa.Boolean, nullable=False),
    singular="subscription",
    unique=[("name_key",)],
)

register(Subscription, {"Self": "/api/{SpaceId}/subscriptions/{Id}"})
