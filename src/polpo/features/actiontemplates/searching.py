"""Everything that a process can be given as a step: the server's kinds, the space's templates, the community's."""

from __future__ import annotations

from polpo.features.actiontemplates.community import CommunityLibrary
from polpo.features.actiontemplates.resource import (
    ACTION_TEMPLATES,
    ActionTemplate,
    ActionTemplateCategory,
    ActionTemplateSearch,
    CommunityActionTemplate,
)
from polpo.rest.call import Call
from polpo.steps.work import Catalogue, StepKind

#: By their ids, in the order in which they are offered.
_CATEGORIES = {
    "BuiltInStep": "Built-in steps",
    "StepTemplate": "Step templates",
    "Script": "Script",
    "Package": "Package",
    "Docker": "Docker",
    "Kubernetes": "Kubernetes",
    "Aws": "AWS",
    "Azure": "Azure",
    "Google": "Google Cloud",
    "Terraform": "Terraform",
    "WindowsServer": "Windows Server",
    "JavaAppServer": "Java application server",
    "Certificate": "Certificate",
    "Atlassian": "Atlassian",
    "Community": "Community",
    "Other": "Other",
}


def categories() -> list[ActionTemplateCategory]:
    return [
        ActionTemplateCategory(id=identity, name=name, display_order=place)
        for place, (identity, name) in enumerate(_CATEGORIES.items())
    ]


def search(call: Call, action_type: str | None) -> list[ActionTemplateSearch]:
    """Those of one type of step, or all; what is installed is not offered a second time."""
    community = {template.id: template for template in call.parts.get(CommunityLibrary).all()}
    table = ACTION_TEMPLATES.table
    mine = call.session.all(ACTION_TEMPLATES, table.c.space_id == call.space)
    installed = {template.community_action_template_id for template in mine}
    found = [_of_kind(kind) for kind in call.parts.get(Catalogue)]
    found += [_of_space(template, community.get(template.community_action_template_id or "")) for template in mine]
    found += [_of_community(template) for template in community.values() if template.id not in installed]
    if action_type is None:
        return found
    return [one for one in found if one.type.casefold() == action_type.casefold()]


def _of_kind(kind: StepKind) -> ActionTemplateSearch:
    return ActionTemplateSearch(
        id=None,
        name=kind.name,
        type=kind.type,
        description=kind.description,
        category=kind.category,
        categories=[kind.category, "BuiltInStep"],
        author="Polpo",
        keywords=kind.name,
        is_built_in=True,
    )


def _of_space(template: ActionTemplate, source: CommunityActionTemplate | None) -> ActionTemplateSearch:
    taken = template.community_action_template_version or 0
    return ActionTemplateSearch(
        id=template.id,
        name=template.name,
        type=template.action_type,
        description=template.description,
        category="StepTemplate",
        categories=["StepTemplate"],
        author=source.author if source else None,
        website=source.website if source else None,
        version=str(template.version),
        community_action_template_id=template.community_action_template_id,
        space_id=template.space_id,
        has_update=source is not None and source.version > taken,
        links={"Self": f"/api/{template.space_id}/actiontemplates/{template.id}"},
    )


def _of_community(template: CommunityActionTemplate) -> ActionTemplateSearch:
    return ActionTemplateSearch(
        id=None,
        name=template.name,
        type=template.action_type,
        description=template.description,
        category="Community",
        categories=["Community", *([template.category] if template.category else [])],
        author=template.author,
        keywords=template.category or None,
        website=template.website,
        version=str(template.version),
        community_action_template_id=template.id,
        is_installed=False,
        links={
            "Self": f"/api/communityactiontemplates/{template.id}",
            "Installation": f"/api/communityactiontemplates/{template.id}/installation{{/spaceId}}",
        },
    )
