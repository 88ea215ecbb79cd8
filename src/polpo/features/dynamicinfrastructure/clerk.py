"""Which messages are carried out, and the one transaction in which each of them is."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from polpo.engine import Engine
from polpo.features.deployments.facts import add_variables, planned_target
from polpo.features.dynamicinfrastructure.accounts import (
    amazon_account,
    azure_account,
    token_account,
    username_account,
)
from polpo.features.dynamicinfrastructure.named import Told, allows_scripts
from polpo.features.dynamicinfrastructure.targets import (
    azure_cloud_service,
    azure_web_app,
    delete_target,
    kubernetes_cluster,
    service_fabric_cluster,
    step_package_target,
)
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.environmentstates.service import set_state
from polpo.features.machinepolicies.resource import MACHINE_POLICIES
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call, Parts
from polpo.steps.work import Carried, Order
from polpo.store.changes import Actor
from polpo.store.database import Database
from polpo.store.session import Session

CarryOut = Callable[[Call, Order], Told]

#: By name without case. These change what the space's deployments go to, so the environment has to allow it.
_INFRASTRUCTURE: dict[str, CarryOut] = {
    "create-kubernetestarget": kubernetes_cluster,
    "create-azurewebapptarget": azure_web_app,
    "create-azureservicefabrictarget": service_fabric_cluster,
    "create-azurecloudservicetarget": azure_cloud_service,
    "createsteppackagetarget": step_package_target,
    "delete-target": delete_target,
    "create-tokenaccount": token_account,
    "create-userpassaccount": username_account,
    "create-awsaccount": amazon_account,
    "create-azureaccount": azure_account,
}
_ALWAYS: dict[str, CarryOut] = {"set-environmentstate": lambda call, order: Told(set_state(call, order))}


class ServerClerk:
    """Carries out orders on a database. What it does, the audit trail tells by the task's name."""

    def __init__(self, database: Database, engine: Engine) -> None:
        self._database = database
        self._parts = Parts(engine)

    def knows(self, message: str) -> bool:
        return message in _INFRASTRUCTURE or message in _ALWAYS

    async def carry_out(self, order: Order) -> Carried:
        return await self._database.write(lambda session: self._within(session, order))

    def _within(self, session: Session, order: Order) -> Carried:
        session.actor = Actor(username=order.by, means="task", on_behalf_of=order.asked_by)
        call = Call.of_server(self._database, self._parts, order.space_id, session)
        if order.message in _INFRASTRUCTURE:
            _refuse_where_not_allowed(session, order)
            return _carried(session, _INFRASTRUCTURE[order.message](call, order), order)
        return _carried(session, _ALWAYS[order.message](call, order), order)


def _carried(session: Session, told: Told, order: Order) -> Carried:
    """With the targets as plans describe them: what later steps of the same deployment go by."""
    joined = []
    if told.target is not None and not told.target.is_disabled:
        policy = session.find(MACHINE_POLICIES, told.target.machine_policy_id)
        joined = [planned_target(told.target, policy)]
        add_variables(session, joined)
    dropped = {told.gone: f"It was deleted by {order.by}."} if told.gone else {}
    return Carried(told.sentence, [msgspec.to_builtins(target) for target in joined], dropped)


def _refuse_where_not_allowed(session: Session, order: Order) -> None:
    environment = session.get(ENVIRONMENTS, order.environment_id)
    if not allows_scripts(session, environment):
        sentence = (
            f"The script asked for '{order.message}', and {environment.name} does not allow dynamic infrastructure:"
            " targets and accounts cannot be made or deleted by scripts there. Allow it in the environment's settings,"
            " or take it out of the script."
        )
        raise Invalid(sentence, [sentence])
