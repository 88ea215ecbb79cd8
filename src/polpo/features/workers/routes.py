"""Workers over HTTP."""

from __future__ import annotations

from polpo.features.machinepolicies.routes import policies
from polpo.features.machines.discovery import DISCOVERY_QUERY, discover_endpoint
from polpo.features.machines.health import MachineConnectionStatus, connection_of
from polpo.features.machines.requesting import check_when_new
from polpo.features.machines.service import distinct_values
from polpo.features.machines.tasks import TASKS_QUERY, tasks_of
from polpo.features.tasks.resource import Task
from polpo.features.workerpools.resource import WORKER_POOLS
from polpo.features.workerpools.routes import pools
from polpo.features.workers.resource import WORKERS, Worker
from polpo.features.workers.service import WORKER_FILTERS, in_pools, settle_worker
from polpo.features.workers.summary import SUMMARY_QUERY, WorkerPoolsSummary, summarise
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import Collection
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("workers")

_VIEW, _EDIT = Permission.WORKER_VIEW, Permission.WORKER_EDIT


class _Workers(Collection[Worker]):
    def insert(self, call: Call, document: Worker) -> Worker:
        worker = super().insert(call, document)
        check_when_new(call, worker)
        return worker


workers = _Workers(
    WORKERS,
    "/workers",
    view=_VIEW,
    create=_EDIT,
    edit=_EDIT,
    delete=_EDIT,
    prepare=settle_worker,
    filters=WORKER_FILTERS,
)


@routes.get("/workers/discover", _EDIT, query=DISCOVERY_QUERY)
async def discover_worker(call: Call) -> Worker:
    """Ask an address who is there; the answer is a worker to be confirmed, which is not stored"""
    name, endpoint = await discover_endpoint(call)
    return Worker(space_id=call.space, name=name, endpoint=endpoint, thumbprint=endpoint.thumbprint, uri=endpoint.uri)


@routes.get("/workers/operatingsystem/names/all", _VIEW)
def worker_operating_systems(call: Call) -> list[str]:
    """The operating systems that health checks have found on workers"""
    return distinct_values(call.session, call.space, WORKERS.table.c.operating_system, ())


@routes.get("/workers/operatingsystem/shells/all", _VIEW)
def worker_shells(call: Call) -> list[str]:
    """The shells that health checks have found on workers"""
    return distinct_values(call.session, call.space, WORKERS.table.c.shell_name, ())


workers.register(routes)


@routes.get("/workers/{id}/connection", _VIEW)
def worker_connection(call: Call, id: str) -> MachineConnectionStatus:
    """What the last health check of a worker found"""
    return connection_of(call.session, workers.find(call, id))


@routes.get("/workers/{id}/tasks", Permission.TASK_VIEW, response=Task, paged=True, query=TASKS_QUERY)
def worker_tasks(call: Call, id: str) -> Page[Task]:
    """The tasks about a worker alone, newest first"""
    return tasks_of(call, workers.find(call, id))


@routes.get("/workerpools/summary", _VIEW, query=SUMMARY_QUERY)
def pools_summary(call: Call) -> WorkerPoolsSummary:
    """The worker pools with the numbers of their workers, by health and style"""
    return summarise(call, call.session.all(WORKER_POOLS, *pools.where(call)))


@routes.get(
    "/workerpools/{id}/workers",
    _VIEW,
    response=Worker,
    paged=True,
    query=("skip", "take", "partialName", *WORKER_FILTERS),
)
def workers_of_pool(call: Call, id: str) -> Page[Worker]:
    """The workers of a pool"""
    return workers.page(call, in_pools(call.session, [pools.find(call, id).id]))


@routes.get("/machinepolicies/{id}/workers", _VIEW, response=Worker, paged=True, query=("skip", "take"))
def workers_of_policy(call: Call, id: str) -> Page[Worker]:
    """The workers that a machine policy applies to"""
    return workers.page(call, WORKERS.table.c.machine_policy_id == policies.find(call, id).id)
