"""Worker pools over HTTP."""

from __future__ import annotations

from datetime import datetime

from polpo.features.workerpools.resource import WORKER_POOLS
from polpo.features.workerpools.service import refuse_needed, settle_pool
from polpo.rest.call import Call
from polpo.rest.collection import Collection
from polpo.rest.ordering import place_in_order
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.documents import Resource

routes = Routes("workerpools")


class SupportedPoolTypes(Resource):
    supported_pool_types: list[str]


class DynamicWorkerType(Resource):
    id: str
    type: str
    description: str
    start_date_utc: datetime | None = None
    deprecation_date_utc: datetime | None = None
    end_of_life_date_utc: datetime | None = None


class DynamicWorkerTypes(Resource):
    id: str = "WorkerTypes"
    worker_types: list[DynamicWorkerType] = []


pools = Collection(
    WORKER_POOLS,
    "/workerpools",
    view=Permission.WORKER_VIEW,
    create=Permission.WORKER_EDIT,
    edit=Permission.WORKER_EDIT,
    delete=Permission.WORKER_EDIT,
    prepare=settle_pool,
    removing=refuse_needed,
)


@routes.get("/workerpools/supportedtypes", Permission.WORKER_VIEW)
def supported_types(_call: Call) -> SupportedPoolTypes:
    """The kinds of worker pools whose steps this server can run"""
    return SupportedPoolTypes(supported_pool_types=["StaticWorkerPool"])


@routes.get("/workerpools/dynamicworkertypes", Permission.WORKER_VIEW)
def dynamic_worker_types(_call: Call) -> DynamicWorkerTypes:
    """The images that dynamic pools may use; there are none, since this server leases no machines"""
    return DynamicWorkerTypes()


@routes.put("/workerpools/sortorder", Permission.WORKER_EDIT)
def sort_order(call: Call, body: list[str]) -> None:
    """Set the order of the worker pools"""
    place_in_order(call.session, WORKER_POOLS, call.space, body)


pools.register(routes)
