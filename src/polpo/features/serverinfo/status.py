"""How the server is: its status, its machine, its nodes."""

from __future__ import annotations

import os
import platform
import resource
import threading
import time
import zoneinfo
from datetime import datetime, timedelta

from polpo.engine import Engine, TaskState
from polpo.features.configuration.sections import MAINTENANCE
from polpo.features.configuration.service import read_section
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.links import register
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.documents import Document, Resource
from polpo.version import CONTRACT_VERSION, __version__

routes = Routes("status", scope="system")

_STARTED = time.monotonic()


class ServerStatus(Document):
    is_database_encrypted: bool = True
    is_major_minor_upgrade: bool = False
    is_in_maintenance_mode: bool = False
    is_potential_clone: bool = False
    is_upgrade_available: bool = False
    maintenance_expires: datetime | None = None
    maximum_available_version: str = CONTRACT_VERSION
    maximum_available_version_covered_by_license: str = CONTRACT_VERSION


class ServerStatusHealth(Document):
    description: str = "The server answers and can read its database."
    is_compliant_with_license: bool = True
    is_entire_cluster_draining_tasks: bool = False
    is_entire_cluster_read_only: bool = False
    is_operating_normally: bool = True


class SystemInfo(Document, kw_only=True):
    """`working_set_bytes` is the most memory that the process has used so far."""

    version: str
    polpo_version: str
    os_version: str
    clr_version: str
    python_version: str
    thread_count: int
    min_thread_pool_count: int
    uptime: str
    working_set_bytes: int


class ServerNode(Document, kw_only=True):
    """A server process. There is one until nodes can share a database."""

    name: str
    max_concurrent_tasks: int
    is_offline: bool = False
    is_in_maintenance_mode: bool = False
    running_task_count: int = 0
    queued_task_count: int = 0
    last_seen: datetime | None = None


class ServerTimezone(Resource):
    id: str
    name: str
    is_local: bool


_SELF = "/api/serverstatus"
register(ServerStatus, {"Self": _SELF, "Health": _SELF + "/health", "SystemInfo": _SELF + "/system-info"})
register(ServerStatusHealth, {"Self": _SELF + "/health"})
register(SystemInfo, {"Self": _SELF + "/system-info"})
register(ServerNode, {"Self": "/api/octopusservernodes/{Id}"})


@routes.get("/serverstatus", "signed in")
def status(call: Call) -> ServerStatus:
    """Get the server's status"""
    maintenance = read_section(call.session, MAINTENANCE).is_in_maintenance_mode
    return ServerStatus(id="serverstatus", is_in_maintenance_mode=maintenance)


@routes.get("/serverstatus/health", "anonymous")
def health(call: Call) -> ServerStatusHealth:
    """Say whether the server works; for probes"""
    call.session.connection.exec_driver_sql("select 1")
    return ServerStatusHealth(id="serverstatus-health")


@routes.get("/serverstatus/system-info", Permission.ADMINISTER_SYSTEM)
def system_info(_call: Call) -> SystemInfo:
    """Tell what the server runs on"""
    return SystemInfo(
        id="serverstatus-system-info",
        version=CONTRACT_VERSION,
        polpo_version=__version__,
        os_version=platform.platform(),
        clr_version=f"Python {platform.python_version()}",
        python_version=platform.python_version(),
        thread_count=threading.active_count(),
        min_thread_pool_count=os.cpu_count() or 1,
        uptime=_timespan(timedelta(seconds=int(time.monotonic() - _STARTED))),
        working_set_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )


@routes.get("/serverstatus/timezones", "signed in")
def timezones(_call: Call) -> list[ServerTimezone]:
    """List the time zones that schedules may name"""
    local = time.tzname[0]
    return [
        ServerTimezone(id=name, name=name, is_local=name == local) for name in sorted(zoneinfo.available_timezones())
    ]


@routes.get("/octopusservernodes", "signed in", response=ServerNode, paged=True)
def nodes(call: Call) -> Page[ServerNode]:
    """List the server's nodes"""
    return Page([_node(call)], 1, call.paging, "OctopusServerNode")


@routes.get("/octopusservernodes/all", "signed in")
def every_node(call: Call) -> list[ServerNode]:
    """All nodes of the server"""
    return [_node(call)]


def _node(call: Call) -> ServerNode:
    engine = call.parts.get(Engine)
    counts = engine.counts(call.session)
    return ServerNode(
        id=f"OctopusServerNodes-{engine.node}",
        name=engine.node,
        max_concurrent_tasks=engine.cap,
        running_task_count=counts[TaskState.EXECUTING] + counts[TaskState.CANCELLING],
        queued_task_count=counts[TaskState.QUEUED],
        last_seen=call.clock.now(),
    )


def _timespan(length: timedelta) -> str:
    hours, rest = divmod(length.seconds, 3600)
    days = f"{length.days}." if length.days else ""
    return f"{days}{hours:02}:{rest // 60:02}:{rest % 60:02}"
