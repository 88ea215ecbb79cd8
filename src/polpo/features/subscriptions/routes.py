"""Subscriptions over HTTP."""

from __future__ import annotations

from polpo.features.subscriptions.resource import SUBSCRIPTIONS
from polpo.features.subscriptions.service import settle_subscription
from polpo.rest.collection import Collection, column_filter, permissions_of
from polpo.rest.routes import Routes

routes = Routes("subscriptions")

subscriptions = Collection(
    SUBSCRIPTIONS,
    "/subscriptions",
    **permissions_of("Subscription"),
    prepare=settle_subscription,
    filters={"spaces": column_filter(SUBSCRIPTIONS.table.c.space_id)},
)
subscriptions.register(routes)
