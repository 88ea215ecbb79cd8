"""Deployment freezes over HTTP; their list has a shape of its own."""

from __future__ import annotations

from polpo.features.deploymentfreezes.ahead import spans_ahead
from polpo.features.deploymentfreezes.resource import (
    DEPLOYMENT_FREEZES,
    DeploymentFreeze,
    DeploymentFreezes,
    FreezeAhead,
    FreezeOccurrence,
)
from polpo.features.deploymentfreezes.schedule import span_at
from polpo.features.deploymentfreezes.service import (
    faults_of_times,
    not_over,
    refers_to,
    require_administration,
    settle_freeze,
    show_occurrence,
    visible_freezes,
)
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.rest.collection import Collection
from polpo.rest.links import present
from polpo.rest.routes import Routes
from polpo.store.session import Where

routes = Routes("deploymentfreezes", scope="system")

_t = DEPLOYMENT_FREEZES.table
#: How many times are told ahead.
_SHOWN_AHEAD = 6
_STATUSES = ("Active", "Scheduled", "Complete")


class _Freezes(Collection[DeploymentFreeze]):
    """Shows those that hold for something the caller may see."""

    def where(self, call: Call) -> list[Where]:
        return [*super().where(call), *visible_freezes(call)]

    def shown(self, call: Call, identity: str) -> DeploymentFreeze:
        found = self.find(call, identity)
        if not call.session.count(DEPLOYMENT_FREEZES, _t.c.id == found.id, *visible_freezes(call)):
            raise NotFound(f"There is no deployment freeze '{identity}' that holds for anything that you may see.")
        return found


#: Who may change a freeze depends on what it names, so the rules ask, not the routes.
freezes = _Freezes(
    DEPLOYMENT_FREEZES,
    "/deploymentfreezes",
    view="signed in",
    prepare=settle_freeze,
    removing=require_administration,
    filters={
        "projectIds": lambda _session, ids: refers_to(ids),
        "environmentIds": lambda _session, ids: refers_to(ids),
        "tenantIds": lambda _session, ids: refers_to(ids),
    },
    scope="system",
)

_QUERY = (
    "skip",
    "take",
    "ids",
    "partialName",
    "name",
    "projectIds",
    "environmentIds",
    "tenantIds",
    "includeComplete",
    "status",
)


@routes.get("/deploymentfreezes", "signed in", query=_QUERY)
def list_freezes(call: Call) -> DeploymentFreezes:
    """List deployment freezes; those that are over only on demand"""
    now, paging, status = call.clock.now(), call.paging, _status(call)
    where = [*freezes.where(call), *_narrowed(call, status)]
    if status != "Active":
        count = call.session.count(DEPLOYMENT_FREEZES, *where)
        found = call.session.all(DEPLOYMENT_FREEZES, *where, skip=paging.skip, take=paging.take)
    else:
        spans = [(freeze, span_at(freeze, now)) for freeze in call.session.all(DEPLOYMENT_FREEZES, *where)]
        active = [freeze for freeze, span in spans if span is not None and span.holds(now)]
        count, found = len(active), active[paging.skip : paging.skip + paging.take]
    return DeploymentFreezes(
        deployment_freezes=[present(show_occurrence(freeze, now)) for freeze in found], count=count
    )


@routes.get("/deploymentfreezes/{id}", "signed in")
def read_freeze(call: Call, id: str) -> DeploymentFreeze:
    """Get a deployment freeze"""
    return show_occurrence(freezes.shown(call, id), call.clock.now())


@routes.post("/deploymentfreezes/occurrences", "signed in")
def occurrences(call: Call, body: DeploymentFreeze) -> FreezeAhead:
    """Tell the next times of a freeze, saved or not"""
    call.settle()
    faults = faults_of_times(body)
    spans = [] if faults else spans_ahead(body, call.clock.now(), _SHOWN_AHEAD)
    return FreezeAhead(occurrences=[FreezeOccurrence(begins=one.begins, ends=one.ends) for one in spans], faults=faults)


@routes.post("/deploymentfreezes", "signed in", status=201)
def create_freeze(call: Call, body: DeploymentFreeze) -> DeploymentFreeze:
    """Create a deployment freeze"""
    return show_occurrence(freezes.insert(call, body), call.clock.now())


@routes.put("/deploymentfreezes/{id}", "signed in")
def replace_freeze(call: Call, id: str, body: DeploymentFreeze) -> DeploymentFreeze:
    """Replace a deployment freeze"""
    return show_occurrence(freezes.replace(call, id, body), call.clock.now())


@routes.delete("/deploymentfreezes/{id}", "signed in")
def delete_freeze(call: Call, id: str) -> None:
    """Delete a deployment freeze"""
    freezes.remove(call, id)


def _status(call: Call) -> str | None:
    given = call.text("status")
    status = next((known for known in _STATUSES if known.casefold() == (given or "").casefold()), None)
    if given is not None and status is None:
        sentence = f"The query parameter 'status' must be {', '.join(_STATUSES[:-1])} or {_STATUSES[-1]}."
        raise Invalid(sentence, [sentence])
    return status


def _narrowed(call: Call, status: str | None) -> list[Where]:
    now = call.clock.now()
    if status == "Complete":
        return [_t.c.ends <= now]
    if status == "Scheduled":
        return [_t.c.begins > now]
    if status == "Active":
        return [_t.c.begins <= now, not_over(now)]
    return [] if call.flag("includeComplete") or call.texts("ids") else [not_over(now)]
