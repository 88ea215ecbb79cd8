"""How the server is: its status, its machine, and what is not connected to it."""

from __future__ import annotations

import os
import platform
import resource
import threading
import time
import zoneinfo
from datetime import datetime, timedelta

import msgspec

from polpo.engine import Engine
from polpo.features.configuration.sections import MAINTENANCE
from polpo.features.configuration.service import read_section
from polpo.features.serverinfo.diagnostics import ShownSettings
from polpo.features.serverinfo.installation import Installation
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
    os_version: str = msgspec.field(name="OSVersion")
    clr_version: str
    python_version: str
    thread_count: int
    min_thread_pool_count: int
    uptime: str
    working_set_bytes: int


class ExtensionsInfo(Document):
    """Something that was added to the server by others."""

    name: str = ""
    author: str = ""
    version: str = ""
    assembly_name: str = ""
    is_custom: bool = False


class ServerTimezone(Resource):
    id: str
    name: str
    is_local: bool


class ExternalSecurityGroupProvider(Resource):
    id: str
    name: str
    is_role_based: bool
    lookup_uri: str
    supports_group_lookup: bool


class ScheduledTaskStatus(Document):
    name: str = ""
    is_enabled: bool = True


class SchedulerStatus(Document):
    is_running: bool = True
    task_status: list[ScheduledTaskStatus] = []


class AgentEntrance(Resource):
    """What a machine must be told before an agent on it can meet this server. A `port` of 0 is any that was free."""

    port: int
    thumbprint: str
    agent_version: str


_SELF = "/api/serverstatus"
register(
    ServerStatus,
    {
        "Self": _SELF,
        "Health": _SELF + "/health",
        "SystemInfo": _SELF + "/system-info",
        "SystemReport": _SELF + "/system-report",
        "RecentLogs": _SELF + "/logs{?skip,take,includeDetail}",
        "DocumentCounts": _SELF + "/counts",
    },
)
register(ServerStatusHealth, {"Self": _SELF + "/health"})
register(SystemInfo, {"Self": _SELF + "/system-info"})
register(SchedulerStatus, {"Self": "/api/scheduler"})


@routes.get("/serverstatus", "signed in")
def status(call: Call) -> ServerStatus:
    """Get the server's status"""
    maintenance = read_section(call.session, MAINTENANCE).is_in_maintenance_mode
    return ServerStatus(id="serverstatus", is_in_maintenance_mode=maintenance)


@routes.get("/serverstatus/agents", "signed in")
def agent_entrance(call: Call) -> AgentEntrance:
    """Tell where polling agents come in, by which thumbprint agents know the server, and which agent it brings"""
    listen = call.parts.get(ShownSettings).values.get("AgentListen", "")
    port = listen.rpartition(":")[2]
    return AgentEntrance(
        port=int(port) if port.isdecimal() else 0,
        thumbprint=call.parts.get(Installation).identity.thumbprint,
        agent_version=__version__,
    )


@routes.get("/serverstatus/health", "anonymous")
def health(call: Call) -> ServerStatusHealth:
    """Say whether the server works; for probes"""
    call.session.connection.exec_driver_sql("select 1")
    draining = all(node.is_draining for node in call.parts.get(Engine).nodes(call.session) if node.is_alive)
    return ServerStatusHealth(id="serverstatus-health", is_entire_cluster_draining_tasks=draining)


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


@routes.get("/serverstatus/extensions", "signed in")
def extensions(_call: Call) -> list[ExtensionsInfo]:
    """List what others added to the server; nothing can be added to this one"""
    return []


@routes.get("/issuetrackers", "signed in", response=ExtensionsInfo, paged=True)
def issue_trackers(call: Call) -> Page[ExtensionsInfo]:
    """List the issue trackers that are connected; there are none"""
    return Page([], 0, call.paging, "IssueTracker")


@routes.get("/scheduler", Permission.ADMINISTER_SYSTEM)
def scheduler(_call: Call) -> SchedulerStatus:
    """Say what runs by a timer that people may stop; nothing does"""
    return SchedulerStatus(id="scheduler")


def _timespan(length: timedelta) -> str:
    hours, rest = divmod(length.seconds, 3600)
    days = f"{length.days}." if length.days else ""
    return f"{days}{hours:02}:{rest // 60:02}:{rest % 60:02}"
