"""The server's nodes: how many tasks each runs at one time, and whether it starts new ones."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from polpo.engine import Engine, Node, TaskState, forget_node
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


#: What is announced when somebody has set a node's limits; the item is its name.
_LIMITS = "limits"

NODES = define("OctopusServerNodes", NodeSettings, singular="server node", unique=[("name_key",)])

_SELF = "/api/octopusservernodes/{Id}"
register(OctopusServerNode, {"Self": _SELF, "Details": _SELF + "/details"})
register(OctopusServerNodeDetails, {"Self": _SELF + "/details", "Node": _SELF})
register(OctopusServerClusterSummary, {"Self": "/api/octopusservernodes/summary"})


def follow_limits(database: Database, engine: Engine) -> None:
    """What is set for this node, on whichever node it is set, goes before what it was started with."""

    def take(name: str | None) -> None:
        if name not in (None, engine.name):
            return
        with database.read() as session:
            stored = session.find(NODES, _node_id(engine.name))
        if stored is not None:
            engine.set_limits(cap=stored.max_concurrent_tasks, is_draining=stored.is_in_maintenance_mode)

    take(None)
    database.subscribe(_LIMITS, take)


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
    node = _find(call, id)
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
    call.session.announce(_LIMITS, node.name)
    return _with_settings(node, settings)


@routes.delete("/octopusservernodes/{id}", _ADMINISTER)
def delete_node(call: Call, id: str) -> None:
    """Forget a node that is gone"""
    node = _find(call, id)
    if not node.is_offline:
        raise Conflict(f"The node {node.name} is running; only a node that is gone can be deleted.")
    forget_node(call.session, node.name)
    if call.session.find(NODES, node.id) is not None:
        call.session.delete(NODES, node.id)


def _nodes(call: Call) -> list[OctopusServerNode]:
    """The nodes that run or ran, then those of which only the settings are left."""
    settings = {one.id: one for one in call.session.all(NODES)}
    queued = call.parts.get(Engine).counts(call.session)[TaskState.QUEUED]
    nodes = [_shown(node, queued) for node in call.parts.get(Engine).nodes(call.session)]
    known = {node.id for node in nodes}
    nodes += [OctopusServerNode(id=identity, is_offline=True) for identity in settings if identity not in known]
    return [_with_settings(node, settings[node.id]) if node.id in settings else _ranked(node) for node in nodes]


def _find(call: Call, identity: str) -> OctopusServerNode:
    found = next((node for node in _nodes(call) if node.id == identity), None)
    if found is None:
        raise NotFound(f"There is no server node with the id '{identity}'.")
    return found


def _shown(node: Node, queued: int) -> OctopusServerNode:
    return OctopusServerNode(
        id=_node_id(node.name),
        name=node.name,
        max_concurrent_tasks=node.cap,
        is_in_maintenance_mode=node.is_draining,
        is_offline=not node.is_alive,
        is_leader=node.is_leader,
        running_task_count=node.running,
        queued_task_count=queued,
        last_seen=node.last_seen,
    )


def _with_settings(node: OctopusServerNode, settings: NodeSettings) -> OctopusServerNode:
    node.name, node.max_concurrent_tasks = settings.name, settings.max_concurrent_tasks
    node.is_in_maintenance_mode = settings.is_in_maintenance_mode
    node.last_modified_on, node.last_modified_by = settings.last_modified_on, settings.last_modified_by
    return _ranked(node)


def _ranked(node: OctopusServerNode) -> OctopusServerNode:
    node.is_leader = node.is_leader and not node.is_offline
    node.rank = "Leader" if node.is_leader else "Follower"
    return node


def _node_id(name: str) -> str:
    return f"OctopusServerNodes-{name}"
