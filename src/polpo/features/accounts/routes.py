"""Accounts over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

from polpo.features.accounts.azure import (
    AZURE_ENVIRONMENTS,
    AzureEnvironment,
    AzureResourceGroup,
    AzureStorageAccount,
    AzureWebSite,
    AzureWebSiteSlot,
    refuse_to_ask,
)
from polpo.features.accounts.publickeys import private_of, public_key_of
from polpo.features.accounts.resource import ACCOUNTS, Account
from polpo.features.accounts.service import check_key, refuse_used, settle_account
from polpo.features.accounts.usages import AccountUsage, usages_of
from polpo.rest.answers import Reply, attachment
from polpo.rest.call import Call
from polpo.rest.collection import Collection, caseless_filter
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("accounts")

#: Creating and replacing are declared below: a private key is opened outside the transaction.
accounts = Collection(
    ACCOUNTS,
    "/accounts",
    view=Permission.ACCOUNT_VIEW,
    delete=Permission.ACCOUNT_DELETE,
    prepare=settle_account,
    removing=refuse_used,
    filters={"accountType": caseless_filter(ACCOUNTS.table.c.account_type)},
)


@routes.get("/accounts/azureenvironments", Permission.ACCOUNT_VIEW, scope="both")
def azure_environments(call: Call) -> list[AzureEnvironment]:
    """The clouds that Azure consists of"""
    call.settle()
    return list(AZURE_ENVIRONMENTS)


accounts.register(routes)


@routes.post("/accounts", Permission.ACCOUNT_CREATE, status=201, asks_scope=True)
async def create_account(call: Call, body: Account) -> Account:
    """Create an account"""
    await check_key(call, body, None)
    return await call.database.write(lambda session: accounts.insert(call.within(session), body))


@routes.put("/accounts/{id}", Permission.ACCOUNT_EDIT, asks_scope=True)
async def change_account(call: Call, id: str, body: Account) -> Account:
    """Replace an account; a secret that is left out stays"""
    with call.database.read() as session:
        before = accounts.find(call.within(session), id)
    await check_key(call, body, before)
    return await call.database.write(lambda session: accounts.replace(call.within(session), id, body))


@routes.get("/accounts/{id}/usages", Permission.ACCOUNT_VIEW)
def usages(call: Call, id: str) -> AccountUsage:
    """The targets, workers, steps and variables that use an account"""
    return usages_of(call, accounts.find(call, id))


@routes.get("/accounts/{id}/pk", Permission.ACCOUNT_VIEW, asks_scope=True)
async def public_key(call: Call, id: str) -> Any:
    """Download the public key of an SSH key pair, or the certificate of an Azure subscription"""
    with call.database.read() as session:
        private = private_of(session, accounts.find(call.within(session), id))
    file = await asyncio.to_thread(public_key_of, private)
    headers = attachment(file.name)
    return Reply(file.content, 200, headers, media_type=file.media_type)


@routes.get("/accounts/{id}/resourceGroups", Permission.ACCOUNT_VIEW)
def resource_groups(call: Call, id: str) -> list[AzureResourceGroup]:
    """The resource groups of an Azure subscription; refused, since this server does not ask Azure"""
    refuse_to_ask(accounts.find(call, id), "resource groups")


@routes.get("/accounts/{id}/storageAccounts", Permission.ACCOUNT_VIEW)
def storage_accounts(call: Call, id: str) -> list[AzureStorageAccount]:
    """The storage accounts of an Azure subscription; refused, since this server does not ask Azure"""
    refuse_to_ask(accounts.find(call, id), "storage accounts")


@routes.get("/accounts/{id}/websites", Permission.ACCOUNT_VIEW)
def web_sites(call: Call, id: str) -> list[AzureWebSite]:
    """The web apps of an Azure subscription; refused, since this server does not ask Azure"""
    refuse_to_ask(accounts.find(call, id), "web apps")


@routes.get("/accounts/{id}/{resourceGroupName}/websites/{webSiteName}/slots", Permission.ACCOUNT_VIEW)
def web_site_slots(call: Call, id: str, resourceGroupName: str, webSiteName: str) -> list[AzureWebSiteSlot]:  # noqa: N803 - the contract's words
    """The slots of an Azure web app; refused, since this server does not ask Azure"""
    refuse_to_ask(accounts.find(call, id), f"the slots of '{resourceGroupName}/{webSiteName}'")
