"""The task that tries an Azure account out: it signs in with it, and looks into the subscription."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from polpo.engine import Engine, NewTask, TaskRun
from polpo.features.accounts.resource import ACCOUNTS, Account
from polpo.features.subjecttokens.issuing import SubjectTokens, TokenWish
from polpo.features.tasks.adhoc import offer
from polpo.kernel.errors import Invalid, TaskError
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.runner.clusters.azure import subscription_name
from polpo.runner.errors import RunnerError
from polpo.store.changes import Happening
from polpo.store.database import Database
from polpo.store.session import Session

TASK_KIND = "TestAzureAccount"
#: The same by the name that newer clients use.
ALSO = "TestAccount"
_ARGUMENT = "AccountId"
_TYPES = frozenset({"AzureServicePrincipal", "AzureOidc"})


def start_trial(call: Call, arguments: Mapping[str, Any]) -> str:
    account = call.session.find(ACCOUNTS, str(arguments.get(_ARGUMENT) or ""))
    if account is None or (call.space_id and account.space_id != call.space_id):
        sentence = f"Arguments.{_ARGUMENT} names the account '{arguments.get(_ARGUMENT)}', which does not exist."
        raise Invalid(sentence, [sentence])
    call.guard(ACCOUNTS, account, Permission.ACCOUNT_VIEW)
    call.require(Permission.TASK_CREATE, space_id=account.space_id, environment_id=account.environment_ids)
    if account.account_type not in _TYPES:
        sentence = (
            f"The account '{account.name}' is of the type {account.account_type}; only those of Azure with a service"
            " principal or OpenID Connect can be tried out."
        )
        raise Invalid(sentence, [sentence])
    wish = NewTask(
        kind=TASK_KIND,
        description=f"Try out the Azure account {account.name}",
        space_id=account.space_id,
        arguments={_ARGUMENT: account.id},
        subject_id=account.id,
    )
    return call.parts.get(Engine).enqueue(call.session, wish)


offer(TASK_KIND, "Try out an Azure account", start_trial)
offer(ALSO, "Try out an account", start_trial)


class AccountTrial:
    """The run function."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tokens = SubjectTokens(database)

    async def __call__(self, run: TaskRun) -> None:
        account_id = str(run.task.arguments[_ARGUMENT])
        name = await run.activity("sign-in", self._sign_in, run, account_id)
        run.log.once("told", run.log.root, "Info", f"Azure let the account in; its subscription is '{name}'.")

    async def _sign_in(self, run: TaskRun, account_id: str) -> str:
        with self._database.read() as session:
            account = session.find(ACCOUNTS, account_id)
            if account is None:
                raise TaskError(f"The account {account_id} was deleted in the meantime.")
            facts = _facts(session, account)
        if "Password" in facts:
            await self._database.write(lambda within: _tell(within, account, run.task.id))
        if account.account_type == "AzureOidc":
            facts["Jwt"] = await self._tokens.issue(TokenWish(account.id, "test", {"space": account.space_id}))
        for name in {"Password", "Jwt"} & facts.keys():
            run.masker.add(facts[name])  # Azure may repeat what it was sent
        try:
            return await asyncio.to_thread(subscription_name, facts, self._database.clock.now().timestamp())
        except RunnerError as error:
            raise TaskError(str(error)) from error


def _tell(session: Session, account: Account, task_id: str) -> None:
    message = f"The password of the account {account.name} was opened to try it out"
    about = (account.id, task_id)
    session.happened(Happening("SecretUsed", message, account.space_id, ACCOUNTS.name, about))


def _facts(session: Session, account: Account) -> dict[str, str]:
    """As signing in to Azure reads them."""
    password = session.reveal(account.password) if account.password else None
    found = {
        "Subscription": account.subscription_number,
        "Tenant": account.tenant_id,
        "Client": account.client_id,
        "Password": password,
        "Environment": account.azure_environment,
        "Directory": account.active_directory_endpoint_base_uri,
        "ResourceManager": account.resource_management_endpoint_base_uri,
    }
    return {name: text for name, text in found.items() if text}
