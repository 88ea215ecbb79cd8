"""The clouds that Azure consists of. What is in a subscription is Azure's to say, and this server does not ask it."""

from __future__ import annotations

from typing import NoReturn

from polpo.features.accounts.resource import Account
from polpo.kernel.errors import Invalid
from polpo.store.documents import Resource

_TYPES = frozenset({"AzureSubscription", "AzureServicePrincipal", "AzureOidc"})


class AzureEnvironment(Resource):
    name: str
    display_name: str
    authentication_endpoint: str
    resource_manager_endpoint: str
    graph_endpoint: str
    management_endpoint: str
    storage_endpoint_suffix: str


class AzureResourceGroup(Resource):
    id: str
    name: str


class AzureStorageAccount(Resource):
    name: str
    location: str


class AzureWebSite(Resource):
    name: str
    region: str
    resource_group: str
    web_space: str


class AzureWebSiteSlot(Resource):
    name: str
    region: str
    resource_group: str
    resource_group_name: str
    site: str


AZURE_ENVIRONMENTS = (
    AzureEnvironment(
        name="AzureCloud",
        display_name="Azure Global Cloud (Default)",
        authentication_endpoint="https://login.microsoftonline.com/",
        resource_manager_endpoint="https://management.azure.com/",
        graph_endpoint="https://graph.windows.net/",
        management_endpoint="https://management.core.windows.net/",
        storage_endpoint_suffix="core.windows.net",
    ),
    AzureEnvironment(
        name="AzureChinaCloud",
        display_name="Azure China Cloud",
        authentication_endpoint="https://login.chinacloudapi.cn/",
        resource_manager_endpoint="https://management.chinacloudapi.cn/",
        graph_endpoint="https://graph.chinacloudapi.cn/",
        management_endpoint="https://management.core.chinacloudapi.cn/",
        storage_endpoint_suffix="core.chinacloudapi.cn",
    ),
    AzureEnvironment(
        name="AzureGermanCloud",
        display_name="Azure German Cloud",
        authentication_endpoint="https://login.microsoftonline.de/",
        resource_manager_endpoint="https://management.microsoftazure.de/",
        graph_endpoint="https://graph.cloudapi.de/",
        management_endpoint="https://management.core.cloudapi.de/",
        storage_endpoint_suffix="core.cloudapi.de",
    ),
    AzureEnvironment(
        name="AzureUSGovernment",
        display_name="Azure US Government",
        authentication_endpoint="https://login.microsoftonline.us/",
        resource_manager_endpoint="https://management.usgovcloudapi.net/",
        graph_endpoint="https://graph.windows.net/",
        management_endpoint="https://management.core.usgovcloudapi.net/",
        storage_endpoint_suffix="core.usgovcloudapi.net",
    ),
)


def refuse_to_ask(account: Account, what: str) -> NoReturn:
    """Says so instead of an empty list, which would mean that the subscription has none."""
    if account.account_type not in _TYPES:
        sentence = f"The account '{account.name}' is of the type {account.account_type}; only Azure has {what}."
    else:
        sentence = f"This server cannot ask Azure for {what}; type the names where they are needed."
    raise Invalid(sentence, [sentence])
