"""Machine policies over HTTP."""

from __future__ import annotations

from polpo.features.machinepolicies.resource import MACHINE_POLICIES, MachinePolicy
from polpo.features.machinepolicies.service import refuse_default, settle_policy
from polpo.features.machines.resource import MACHINES, DeploymentTarget
from polpo.rest.answers import Page, stored_page
from polpo.rest.call import Call
from polpo.rest.collection import Collection, permissions_of
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes

routes = Routes("machinepolicies")

policies = Collection(
    MACHINE_POLICIES,
    "/machinepolicies",
    **permissions_of("MachinePolicy"),
    prepare=settle_policy,
    removing=refuse_default,
)


@routes.get("/machinepolicies/template", Permission.MACHINE_POLICY_VIEW)
def template(_call: Call) -> MachinePolicy:
    """What a new machine policy looks like before anything is changed"""
    return MachinePolicy(name="New machine policy")


policies.register(routes)


@routes.get(
    "/machinepolicies/{id}/machines",
    Permission.MACHINE_VIEW,
    paged=True,
    response=DeploymentTarget,
    query=("skip", "take"),
)
def machines_of_policy(call: Call, id: str) -> Page[DeploymentTarget]:
    """The targets that a policy applies to"""
    policy, paging = policies.find(call, id), call.paging
    visible = call.narrowed(Permission.MACHINE_VIEW, protection_of(MACHINES))
    where = [MACHINES.table.c.machine_policy_id == policy.id, *visible]
    return stored_page(MACHINES, call.session.page(MACHINES, *where, skip=paging.skip, take=paging.take), paging)
