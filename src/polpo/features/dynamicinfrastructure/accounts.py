"""Accounts that scripts make. They can be used in the environment that they were made in, as nothing else was said."""

from __future__ import annotations

from typing import Any

from polpo.features.accounts.resource import ACCOUNTS, Account
from polpo.features.accounts.routes import accounts
from polpo.features.dynamicinfrastructure.named import Told, refuse_shared
from polpo.kernel.errors import Conflict, Invalid
from polpo.rest.call import Call
from polpo.steps.work import Order


def token_account(call: Call, order: Order) -> Told:
    return _keep(call, order, account_type="Token", token=call.session.conceal(order.get("token")))


def username_account(call: Call, order: Order) -> Told:
    password = call.session.conceal(order.get("password"))
    return _keep(call, order, account_type="UsernamePassword", username=order.get("username"), password=password)


def amazon_account(call: Call, order: Order) -> Told:
    secret = call.session.conceal(order.get("secretkey"))
    return _keep(
        call, order, account_type="AmazonWebServicesAccount", access_key=order.get("accesskey"), secret_key=secret
    )


def azure_account(call: Call, order: Order) -> Told:
    kind = order.get("type").casefold().replace(" ", "")
    if kind not in {"", "serviceprincipal", "azureserviceprincipal"}:
        sentence = (
            f"The message '{order.message}' names the type '{order.get('type')}'; it makes service principals only."
        )
        raise Invalid(sentence, [sentence])
    return _keep(
        call,
        order,
        account_type="AzureServicePrincipal",
        subscription_number=order.get("azsubscriptionid"),
        client_id=order.get("azapplicationid"),
        tenant_id=order.get("aztenantid"),
        password=call.session.conceal(order.get("azpassword")),
        azure_environment=order.get("azenvironment") or None,
        active_directory_endpoint_base_uri=order.get("azbaseuri") or None,
        resource_management_endpoint_base_uri=order.get("azresourcemanagementbaseuri") or None,
    )


def _keep(call: Call, order: Order, **details: Any) -> Told:
    """Makes the account, or brings the one of its name up to date where that is asked for."""
    name, table = order.get("name"), ACCOUNTS.table
    before = call.session.first(ACCOUNTS, table.c.space_id == call.space, table.c.name_key == name.strip().casefold())
    if before is not None and not (order.says("updateifexisting") or order.is_repeat):
        raise Conflict(f"There is an account '{name}' already; the script does not ask to update it if it exists.")
    account = Account(name=name, **details)
    if before is None:
        account.environment_ids = [order.environment_id]
        if order.tenant_id:
            account.tenant_ids, account.tenanted_deployment_participation = [order.tenant_id], "Tenanted"
        made = accounts.insert(call, account)
        return Told(f"The account {made.name} was made ({made.id}).")
    refuse_shared(call, order, f"the account {before.name}", before.environment_ids)
    account.description, account.environment_ids = before.description, before.environment_ids
    account.tenant_ids, account.tenant_tags = before.tenant_ids, before.tenant_tags
    account.tenanted_deployment_participation = before.tenanted_deployment_participation
    changed = accounts.replace(call, before.id, account)
    return Told(f"The account {changed.name} ({changed.id}) was brought up to date.")
