"""Feature toggles over HTTP: all below their project, where a toggle goes by its slug."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.features.featuretoggles.resource import FEATURE_TOGGLES, ROLLOUT_GROUPS, FeatureToggle, RolloutGroup, marked
from polpo.features.projects.service import project_for
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import Collection
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.kinds import reference
from polpo.store.session import Session, Where

routes = Routes("featuretoggles")

_VIEW, _EDIT = Permission.PROJECT_VIEW, Permission.FEATURE_TOGGLE_EDIT
_t = FEATURE_TOGGLES.table
_PATH = "/projects/{id}/featuretoggles"
_GROUPS = _PATH + "/rollout-groups"


def _settle_toggle(call: Call, toggle: FeatureToggle, before: FeatureToggle | None) -> None:
    if before is None:
        toggle.id, _ = call.session.new_id(FEATURE_TOGGLES.name)
    faults = []
    named = [one.deployment_environment_id for one in toggle.environments]
    if "" in named:
        faults.append("Environments: each must name its DeploymentEnvironmentId.")
    if len(set(named)) < len(named):
        faults.append("Environments: an environment can be named once only.")
    for one in toggle.environments:
        one.feature_toggle_id = toggle.id
        if not (0 <= one.rollout_percentage <= 100 and 0 <= one.client_rollout_percentage <= 100):
            faults.append(f"Environments: a percentage of {one.deployment_environment_id} is not from 0 to 100.")
    if faults:
        raise Invalid(faults[0], faults)


def _tags(_session: Session, tags: list[str]) -> Where:
    return sa.or_(*(_t.c.marked_tags.contains(marked([tag]), autoescape=True) for tag in tags))


def _environments(_session: Session, ids: list[str]) -> Where:
    return _t.c.id.in_(sa.select(reference.c.from_id).where(reference.c.to_id.in_(ids)))


toggles = Collection(
    FEATURE_TOGGLES, _PATH, _VIEW, prepare=_settle_toggle, filters={"tags": _tags, "environments": _environments}
)
groups = Collection(ROLLOUT_GROUPS, _GROUPS, _VIEW)


@routes.get(
    _PATH,
    _VIEW,
    query=("Skip", "Take", "PartialName", "Tags", "Environments"),
    response=FeatureToggle,
    paged=True,
)
def list_toggles(call: Call, id: str) -> Page[FeatureToggle]:
    """List a project's feature toggles"""
    return toggles.page(call, _t.c.project_id == _project(call, id))


@routes.post(_PATH, _EDIT, status=201)
def create_toggle(call: Call, id: str, body: FeatureToggle) -> FeatureToggle:
    """Create a feature toggle"""
    body.project_id = _project(call, id)
    return toggles.insert(call, body)


@routes.put(_PATH, _EDIT)
def save_toggle(call: Call, id: str, body: FeatureToggle) -> FeatureToggle:
    """Replace the feature toggle that the body names by its id or slug"""
    before = _toggle(call, id, body.id or body.slug)
    body.project_id = before.project_id
    return toggles.replace(call, before.id, body)


@routes.get(_GROUPS, _VIEW, query=("skip", "take", "partialName"), response=RolloutGroup, paged=True)
def list_groups(call: Call, id: str) -> Page[RolloutGroup]:
    """List a project's rollout groups"""
    return groups.page(call, ROLLOUT_GROUPS.table.c.project_id == _project(call, id))


@routes.post(_GROUPS, _EDIT, status=201)
def create_group(call: Call, id: str, body: RolloutGroup) -> RolloutGroup:
    """Create a rollout group"""
    body.project_id, body.feature_toggle_usages = _project(call, id), []
    return groups.insert(call, body)


@routes.get(_GROUPS + "/{group}", _VIEW)
def read_group(call: Call, id: str, group: str) -> RolloutGroup:
    """Get a rollout group with the toggles that use it"""
    found = _group(call, id, group)
    users = call.session.all(FEATURE_TOGGLES, _t.c.rollout_group_id == found.id)
    found.feature_toggle_usages = [{"Id": one.id, "Name": one.name, "Slug": one.slug} for one in users]
    return found


@routes.put(_GROUPS + "/{group}", _EDIT)
def replace_group(call: Call, id: str, group: str, body: RolloutGroup) -> RolloutGroup:
    """Replace a rollout group"""
    before = _group(call, id, group)
    body.project_id, body.feature_toggle_usages = before.project_id, []
    return groups.replace(call, before.id, body)


@routes.delete(_GROUPS + "/{group}", _EDIT)
def delete_group(call: Call, id: str, group: str) -> None:
    """Delete a rollout group that no toggle uses"""
    call.session.delete(ROLLOUT_GROUPS, _group(call, id, group).id)


@routes.get(_PATH + "/{slug}", _VIEW)
def read_toggle(call: Call, id: str, slug: str) -> FeatureToggle:
    """Get a feature toggle"""
    return _toggle(call, id, slug)


@routes.delete(_PATH + "/{slug}", _EDIT)
def delete_toggle(call: Call, id: str, slug: str) -> None:
    """Delete a feature toggle"""
    call.session.delete(FEATURE_TOGGLES, _toggle(call, id, slug).id)


def _project(call: Call, identity: str) -> str:
    return project_for(call, identity).id


def _toggle(call: Call, project: str, named: str) -> FeatureToggle:
    is_meant = sa.or_(_t.c.id == named, _t.c.slug == named)
    found = call.session.first(FEATURE_TOGGLES, _t.c.project_id == _project(call, project), is_meant)
    if found is None:
        raise NotFound(f"The project has no feature toggle with the id or slug '{named}'.")
    return found


def _group(call: Call, project: str, identity: str) -> RolloutGroup:
    table = ROLLOUT_GROUPS.table
    found = call.session.first(ROLLOUT_GROUPS, table.c.project_id == _project(call, project), table.c.id == identity)
    if found is None:
        raise NotFound(f"The project has no rollout group with the id '{identity}'.")
    return found
