"""Channels over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.channels.resource import (
    CHANNELS,
    Channel,
    ChannelVersionRuleTest,
    ChannelVersionsTest,
    TestedVersion,
    VersionRuleTestResponse,
)
from polpo.features.channels.rules import try_rule
from polpo.features.channels.service import refuse_default, settle_channel
from polpo.features.projects.service import project_for
from polpo.kernel.errors import Invalid
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import Collection, column_filter
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("channels")

#: How many versions are tried at once.
_MOST_TRIED = 500

channels = Collection(
    CHANNELS,
    "/channels",
    view=Permission.PROCESS_VIEW,
    create=Permission.PROCESS_EDIT,
    edit=Permission.PROCESS_EDIT,
    delete=Permission.PROCESS_EDIT,
    prepare=settle_channel,
    removing=refuse_default,
    filters={"lifecycles": column_filter(CHANNELS.table.c.lifecycle_id)},
)


@routes.get(
    "/channels/rule-test",
    Permission.PROCESS_VIEW,
    query=("version", "versionRange", "preReleaseTag", "feedType"),
)
def rule_test(call: Call) -> VersionRuleTestResponse:
    """Try a version against a rule"""
    call.settle()
    return _tried(
        ChannelVersionRuleTest(
            version=call.text("version") or "",
            version_range=call.text("versionRange") or "",
            pre_release_tag=call.text("preReleaseTag") or "",
            feed_type=call.text("feedType") or "BuiltIn",
        )
    )


@routes.post("/channels/rule-test", Permission.PROCESS_VIEW)
def rule_test_by_body(call: Call, body: ChannelVersionRuleTest) -> VersionRuleTestResponse:
    """Try a version against a rule"""
    call.settle()
    return _tried(body)


@routes.post("/channels/rule-test/versions", Permission.PROCESS_VIEW)
def rule_test_of_versions(call: Call, body: ChannelVersionsTest) -> Sequence[TestedVersion]:
    """Try many versions against a rule"""
    call.settle()
    if len(body.versions) > _MOST_TRIED:
        sentence = f"Versions: at most {_MOST_TRIED} are tried at once; these are {len(body.versions)}."
        raise Invalid(sentence, [sentence])
    tried = [(one, try_rule(one, body.version_range, body.pre_release_tag, body.feed_type)) for one in body.versions]
    return [
        TestedVersion(
            version=version,
            satisfies_version_range=one.satisfies_version_range,
            satisfies_pre_release_tag=one.satisfies_pre_release_tag,
            errors=one.errors,
        )
        for version, one in tried
    ]


def _tried(test: ChannelVersionRuleTest) -> VersionRuleTestResponse:
    tried = try_rule(test.version, test.version_range, test.pre_release_tag, test.feed_type)
    return VersionRuleTestResponse(
        satisfies_version_range=tried.satisfies_version_range,
        satisfies_pre_release_tag=tried.satisfies_pre_release_tag,
        errors=tried.errors,
    )


channels.register(routes)


@routes.get(
    "/projects/{project_id}/channels",
    Permission.PROCESS_VIEW,
    paged=True,
    response=Channel,
    query=("skip", "take", "ids", "partialName", "name"),
)
def channels_of_project(call: Call, project_id: str) -> Page[Channel]:
    """The channels of a project"""
    project = project_for(call, project_id)
    return channels.page(call, CHANNELS.table.c.project_id == project.id)


@routes.post("/projects/{project_id}/channels", Permission.PROCESS_EDIT, status=201)
def create_channel_of_project(call: Call, project_id: str, body: Channel) -> Channel:
    """Create a channel of a project"""
    body.project_id = project_for(call, project_id).id
    return channels.insert(call, body)
