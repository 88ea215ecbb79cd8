"""Step templates over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.actiontemplates.resource import (
    ACTION_TEMPLATES,
    ActionsUpdate,
    ActionTemplate,
    ActionTemplateCategory,
    ActionTemplateSearch,
    ActionTemplateUsage,
    ActionUpdateResult,
)
from polpo.features.actiontemplates.searching import categories, search
from polpo.features.actiontemplates.service import (
    find_offered,
    find_template,
    keep_version,
    settle_template,
    version_of,
)
from polpo.features.actiontemplates.updating import update_actions
from polpo.features.actiontemplates.usages import refuse_while_used, usages_of
from polpo.features.logos.routes import logo_routes, shown_picture
from polpo.features.logos.service import picture_of
from polpo.kernel.errors import NotFound
from polpo.rest.answers import Reply
from polpo.rest.call import Call
from polpo.rest.collection import Collection, permissions_of
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("actiontemplates")

_VIEW = Permission.ACTION_TEMPLATE_VIEW


class _ActionTemplates(Collection[ActionTemplate]):
    """Every save is kept as a version."""

    def insert(self, call: Call, document: ActionTemplate) -> ActionTemplate:
        template = super().insert(call, document)
        keep_version(call.session, template)
        return template

    def replace(self, call: Call, identity: str, document: ActionTemplate) -> ActionTemplate:
        template = super().replace(call, identity, document)
        keep_version(call.session, template)
        return template


action_templates = _ActionTemplates(
    ACTION_TEMPLATES,
    "/actiontemplates",
    **permissions_of("ActionTemplate"),
    prepare=settle_template,
    removing=refuse_while_used,
)


@routes.get("/actiontemplates/categories", _VIEW)
def list_categories(_call: Call) -> Sequence[ActionTemplateCategory]:
    """The categories in which steps are offered"""
    return categories()


@routes.get("/actiontemplates/search", _VIEW, query=("type",))
def search_templates(call: Call) -> Sequence[ActionTemplateSearch]:
    """What a process can be given as a step: kinds of the server, templates of the space, and the community's"""
    return search(call, call.text("type"))


action_templates.register(routes)
logo_routes(
    routes,
    "/actiontemplates",
    ACTION_TEMPLATES,
    find_template,
    view=_VIEW,
    edit=Permission.ACTION_TEMPLATE_EDIT,
    find_shown=find_offered,
)


@routes.get("/actiontemplates/{id}/versions/{version}/logo", _VIEW, query=("cb",))
def logo_of_version(call: Call, id: str, version: str) -> Reply:
    """Get the logo of a step template, which is the same in all versions"""
    offered = find_offered(call.session, call.space, id)
    return shown_picture(call, picture_of(call.session, offered.id, offered.name))


@routes.get("/actiontemplates/{id}/versions/{version}", _VIEW)
def get_version(call: Call, id: str, version: str) -> ActionTemplate:
    """Get a step template as it was at a version"""
    template = action_templates.find(call, id)
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        raise NotFound(f"The step template '{template.name}' has no version {version[:50]}.")
    return version_of(call.session, template, int(version))


@routes.get("/actiontemplates/{id}/usage", _VIEW)
def usage(call: Call, id: str) -> Sequence[ActionTemplateUsage]:
    """The steps that were made from a template, and the versions that they are at"""
    template = action_templates.find(call, id)
    may = {"Deployment": Permission.PROCESS_VIEW, "Runbook": Permission.RUNBOOK_VIEW}
    return [
        one for one in usages_of(call.session, template) if call.may(may[one.process_type], project_id=one.project_id)
    ]


@routes.post("/actiontemplates/{id}/actionsUpdate", Permission.PROCESS_EDIT)
def update_steps(call: Call, id: str, body: ActionsUpdate) -> Sequence[ActionUpdateResult]:
    """Take steps to another version of their template, and tell what a person has to decide"""
    return update_actions(call, action_templates.find(call, id), body)
