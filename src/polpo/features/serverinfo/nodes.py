"""The server's nodes: how many tasks each runs at one time, and whether it starts new ones."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from polpo.engine import Engine, TaskState
from polpo.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.rest.links import register
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.database import Database
from polpo.store.documents import Document
from polpo.store.kinds import define
from polpo.store.session import Session

routes = Routes("nodes", scope="system")

_MOST_TASKS = 1000
_ADMINISTER = Permission.ADMINISTER_SYSTEM


class NodeSettings(Document):
    """What somebody has set for a node, by its name; a node without keeps to the settings it was started with."""

    name: str = ""
    max_concurrent_tasks: int = 0
    is_in_maintenance_mode: bool = False


class OctopusServerNode(Document):
    """A server process. In maintenance mode it drains: what runs goes on, nothing new is started.

    All but `max_concurrent_tasks` and `is_in_maintenance_mode` is the server's to tell.
    """

    name: str = ""
    max_concurrent_tasks: int = 0
    is_in_maintenance_mode: bool = False
    is_offline: bool = False
    is_leader: bool = True
    rank: Literal["Follower", "Leader"] = "Leader"
    running_task_count: int = 0
    queued_task_count: int = 0
    last_seen: datetime | None = None


class OctopusServerNodeDetails(Document):
    running_tasks: int = 0


class OctopusServerClusterSummary(Document):
    nodes: list[OctopusServerNode] = []


NODES = define("OctopusServerNodes", NodeSettings, singular="server node", unique=[("name_key",)])

_SELF = "/api/octopusservernodes/{Id}"
register(OctopusServerNode, {"Self": _SELF, "Details": _SELF + "/details"})
register(OctopusServerNodeDetails, {"Self": _SELF + "/details", "Node": _SELF})
register(OctopusServerClusterSummary, {"Self": "/api/octopusservernodes/summary"})


def restore_limits(database: Database, engine: Engine) -> None:
    """At the start: what was set for this node goes before what it was started with."""
    with database.read() as session:
        stored = session.find(NODES, _node_id(engine))
    if stored is not None:
        engine.cap, engine.is_draining = stored.max_concurrent_tasks, stored.is_in_maintenance_mode


@routes.get("/octopusservernodes", "signed in", response=OctopusServerNode, paged=True)
def list_nodes(call: Call) -> Page[OctopusServerNode]:
    """List the server's nodes"""
    paging, known = call.paging, _nodes(call)
    return Page(known[paging.skip : paging.skip + paging.take], len(known), paging, "OctopusServerNode")


@routes.get("/octopusservernodes/all", "signed in")
def every_node(call: Call) -> list[OctopusServerNode]:
    """All nodes of the server"""
    return _nodes(call)


@routes.get("/octopusservernodes/summary", "signed in")
def summary(call: Call) -> OctopusServerClusterSummary:
    """Show the nodes together"""
    return OctopusServerClusterSummary(nodes=_nodes(call))


@routes.get("/octopusservernodes/ping", "anonymous")
def ping(call: Call) -> dict[str, str]:
    """Say whether this node takes work; for load balancers"""
    if call.parts.get(Engine).is_draining:
        raise Unavailable("This node drains: it takes no new work.")
    return {}


@routes.get("/octopusservernodes/{id}", "signed in")
def read_node(call: Call, id: str) -> OctopusServerNode:
    """Get a node"""
    return _find(call, id)


@routes.get("/octopusservernodes/{id}/details", "signed in")
def details(call: Call, id: str) -> OctopusServerNodeDetails:
    """Tell how many tasks a node runs"""
    node = _find(call, id)
    return OctopusServerNodeDetails(id=node.id, running_tasks=node.running_task_count)


@routes.put("/octopusservernodes/{id}", _ADMINISTER)
def replace_node(call: Call, id: str, body: OctopusServerNode) -> OctopusServerNode:
    """Set how many tasks a node runs at one time, and whether it drains"""
    node, engine = _find(call, id), call.parts.get(Engine)
    if not 0 < body.max_concurrent_tasks <= _MOST_TASKS:
        sentence = f"MaxConcurrentTasks must be from 1 to {_MOST_TASKS}; it is {body.max_concurrent_tasks}."
        raise Invalid(sentence, [sentence])
    settings = NodeSettings(
        id=node.id,
        name=node.name,
        max_concurrent_tasks=body.max_concurrent_tasks,
        is_in_maintenance_mode=body.is_in_maintenance_mode,
    )
    stamp(call, settings)
    if call.session.find(NODES, node.id) is None:
        call.session.insert(NODES, settings)
    else:
        call.session.update(NODES, settings)
    if node.id == _node_id(engine):
        engine.limit(call.session, cap=settings.max_concurrent_tasks, is_draining=settings.is_in_maintenance_mode)
    return _with_settings(node, settings)


@routes.delete("/octopusservernodes/{id}", _ADMINISTER)
def delete_node(call: Call, id: str) -> None:
    """Forget a node that is gone"""
    node = _find(call, id)
    if not node.is_offline:
        raise Conflict(f"The node {node.name} is running; only a node that is gone can be deleted.")
    call.session.delete(NODES, node.id)


def _nodes(call: Call) -> list[OctopusServerNode]:
    """This process, then those of which only the settings are left."""
    here = _this_node(call)
    others = [one for one in call.session.all(NODES) if one.id != here.id]
    return [here, *(_with_settings(OctopusServerNode(id=one.id, is_offline=True), one) for one in others)]


def _find(call: Call, identity: str) -> OctopusServerNode:
    found = next((node for node in _nodes(call) if node.id == identity), None)
    if found is None:
        raise NotFound(f"There is no server node with the id '{identity}'.")
    return found


def _this_node(call: Call) -> OctopusServerNode:
    engine = call.parts.get(Engine)
    counts = engine.counts(call.session)
    node = OctopusServerNode(
        id=_node_id(engine),
        name=engine.node,
        max_concurrent_tasks=engine.cap,
        is_in_maintenance_mode=engine.is_draining,
        running_task_count=counts[TaskState.EXECUTING] + counts[TaskState.CANCELLING],
        queued_task_count=counts[TaskState.QUEUED],
        last_seen=call.clock.now(),
    )
    stored = _settings(call.session, node.id)
    return _with_settings(node, stored) if stored is not None else node


def _settings(session: Session, identity: str) -> NodeSettings | None:
    return session.find(NODES, identity)


def _with_settings(node: OctopusServerNode, settings: NodeSettings) -> OctopusServerNode:
    node.name, node.max_concurrent_tasks = settings.name, settings.max_concurrent_tasks
    node.is_in_maintenance_mode = settings.is_in_maintenance_mode
    node.last_modified_on, node.last_modified_by = settings.last_modified_on, settings.last_modified_by
    if node.is_offline:
        node.is_leader, node.rank = False, "Follower"
    return node


def _node_id(engine: Engine) -> str:
    return f"OctopusServerNodes-{engine.node}"
