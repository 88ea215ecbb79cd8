"""Feeds over HTTP."""

from __future__ import annotations

from polpo.features.feeds.resource import FEEDS, Feed
from polpo.features.feeds.service import find_feed, refuse_built_in, settle_feed
from polpo.features.feeds.usages import FeedUsage, usage_of
from polpo.features.packages.resource import PACKAGES
from polpo.rest.call import Call
from polpo.rest.collection import Collection, column_filter
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.documents import Resource

routes = Routes("feeds")


class BuiltInFeedStats(Resource):
    total_packages: int


class _Feeds(Collection[Feed]):
    def find(self, call: Call, identity: str) -> Feed:
        return find_feed(call.session, call.space, identity)


feeds = _Feeds(
    FEEDS,
    "/feeds",
    view=Permission.FEED_VIEW,
    create=Permission.FEED_EDIT,
    edit=Permission.FEED_EDIT,
    delete=Permission.FEED_EDIT,
    prepare=settle_feed,
    removing=refuse_built_in,
    filters={"feedType": column_filter(FEEDS.table.c.feed_type)},
)


@routes.get("/feeds/stats", Permission.FEED_VIEW)
def stats(call: Call) -> BuiltInFeedStats:
    """How many packages the built-in feed holds"""
    return BuiltInFeedStats(total_packages=call.session.count(PACKAGES, PACKAGES.table.c.space_id == call.space))


feeds.register(routes)


@routes.get("/feeds/{id}/usage", Permission.FEED_VIEW)
def usage(call: Call, id: str) -> FeedUsage:
    """The steps and targets that take something from a feed"""
    return usage_of(call, feeds.find(call, id))
