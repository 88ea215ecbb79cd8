"""Who uses something, over HTTP. Accounts and certificates have answers of their own, which the contract describes."""

from __future__ import annotations

from polpo.features.environments.routes import environments
from polpo.features.proxies.routes import proxies
from polpo.features.usages.resource import Usages
from polpo.features.usages.service import usages_of
from polpo.features.workerpools.routes import pools
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("usages")


@routes.get("/environments/{id}/usages", Permission.ENVIRONMENT_VIEW)
def environment_usages(call: Call, id: str) -> Usages:
    """The targets, lifecycles, accounts and others that use an environment"""
    return usages_of(call, environments.find(call, id))


@routes.get("/workerpools/{id}/usages", Permission.WORKER_VIEW)
def pool_usages(call: Call, id: str) -> Usages:
    """The workers, targets, steps and variables that use a worker pool"""
    return usages_of(call, pools.find(call, id))


@routes.get("/proxies/{id}/usages", Permission.PROXY_VIEW)
def proxy_usages(call: Call, id: str) -> Usages:
    """The targets and workers that are reached through a proxy"""
    return usages_of(call, proxies.find(call, id))
