"""Targets that scripts make and delete."""

from __future__ import annotations

import json

from polpo.features.accounts.resource import ACCOUNTS, Account
from polpo.features.certificates.resource import CERTIFICATES
from polpo.features.dynamicinfrastructure.named import Told, named, refuse_shared
from polpo.features.feeds.resource import FEEDS
from polpo.features.machines.kubernetes import AuthenticationType, KubernetesAuthentication, KubernetesContainer
from polpo.features.machines.resource import MACHINES, DeploymentTarget, Endpoint
from polpo.features.machines.routes import machines
from polpo.features.workerpools.resource import WORKER_POOLS
from polpo.kernel.errors import Conflict, Invalid
from polpo.rest.call import Call
from polpo.steps.work import Order

_POOL = ("workerpool", "defaultworkerpool", "octopusdefaultworkerpoolidorname", "octopusworkerpoolidorname")
_ACCOUNT = ("account", "octopusaccountidorname")
_BY_ACCOUNT: dict[str, AuthenticationType] = {
    "AmazonWebServicesAccount": "KubernetesAws",
    "AmazonWebServicesRoleAccount": "KubernetesAws",
    "AmazonWebServicesOidcAccount": "KubernetesAws",
    "AzureServicePrincipal": "KubernetesAzure",
    "AzureOidc": "KubernetesAzure",
    "GoogleCloudAccount": "KubernetesGoogleCloud",
    "GoogleCloudOidcAccount": "KubernetesGoogleCloud",
}
_SECURITY = {
    "unsecure": "Unsecure",
    "certificate": "SecureClientCertificate",
    "clientcertificate": "SecureClientCertificate",
    "secureclientcertificate": "SecureClientCertificate",
    "secureazuread": "SecureAzureAD",
    "aad": "SecureAzureAD",
    "azureactivedirectory": "SecureAzureAD",
}


def kubernetes_cluster(call: Call, order: Order) -> Told:
    server_certificate = order.get("servercertificate", "octopusservercertificateidorname")
    image = order.get("healthcheckcontainerimage")
    feed = named(call, FEEDS, order.get("healthcheckcontainerimagefeedidorname"))
    endpoint = Endpoint(
        communication_style="Kubernetes",
        cluster_url=order.get("clusterurl") or None,
        namespace=order.get("namespace") or None,
        skip_tls_verification=str(order.says("skiptlsverification")),
        cluster_certificate=named(call, CERTIFICATES, server_certificate),
        authentication=_sign_in(call, order),
        container=KubernetesContainer(image=image, feed_id=feed) if image else None,
    )
    return _keep(call, order, endpoint)


def _sign_in(call: Call, order: Order) -> KubernetesAuthentication:
    certificate = named(call, CERTIFICATES, order.get("clientcertificate", "octopusclientcertificateidorname"))
    if certificate is not None:
        return KubernetesAuthentication(authentication_type="KubernetesCertificate", client_certificate=certificate)
    account, way = _account(call, order), _way_without_account(order)
    if account is None and way is None:
        raise _missing(order, "account")
    signing = KubernetesAuthentication(
        authentication_type=way or _BY_ACCOUNT.get(account.account_type if account else "", "KubernetesStandard"),
        account_id=account.id if account else None,
        cluster_name=order.get("clustername") or None,
    )
    return _of_cloud(order, signing)


def _way_without_account(order: Order) -> AuthenticationType | None:
    """The worker has a right of its own in its cloud."""
    if order.says("awsuseworkercredentials"):
        return "KubernetesAws"
    return "KubernetesGoogleCloud" if order.says("clusterusevmserviceaccount") else None


def _of_cloud(order: Order, signing: KubernetesAuthentication) -> KubernetesAuthentication:
    """With what only the clusters of one cloud have."""
    if signing.authentication_type == "KubernetesAzure":
        signing.cluster_resource_group = order.get("clusterresourcegroup") or None
        signing.admin_login = str(order.says("clusteradminlogin"))
    elif signing.authentication_type == "KubernetesAws":
        signing.use_instance_role = order.says("awsuseworkercredentials")
        signing.assume_role = bool(order.get("awsassumerolearn"))
        signing.assumed_role_arn = order.get("awsassumerolearn") or None
        signing.assumed_role_session = order.get("awsassumerolesession") or None
        signing.assume_role_session_duration_seconds = _seconds(order, "awsassumerolesessiondurationseconds")
        signing.assume_role_external_id = order.get("awsassumeroleexternalid") or None
    elif signing.authentication_type == "KubernetesGoogleCloud":
        signing.project = order.get("clusterproject") or None
        signing.region = order.get("clusterregion") or None
        signing.zone = order.get("clusterzone") or None
        signing.use_vm_service_account = order.says("clusterusevmserviceaccount")
        signing.impersonate_service_account = order.says("clusterimpersonateserviceaccount")
        signing.service_account_emails = order.get("clusterserviceaccountemails") or None
    return signing


def _seconds(order: Order, name: str) -> int | None:
    text = order.get(name).strip()
    if text and not (text.isascii() and text.isdecimal() and len(text) < 9):
        sentence = f"The message '{order.message}' has the duration '{text}'; it must be a whole number of seconds."
        raise Invalid(sentence, [sentence])
    return int(text) if text else None


def azure_cloud_service(call: Call, order: Order) -> Told:
    account = _account(call, order)
    endpoint = Endpoint(
        communication_style="AzureCloudService",
        account_id=account.id if account else None,
        cloud_service_name=order.get("cloudservicename", "azurecloudservicename") or None,
        storage_account_name=order.get("storageaccountname", "azurestorageaccount") or None,
        slot="Production" if order.get("slot", "azuredeploymentslot").casefold() == "production" else "Staging",
        swap_if_possible=order.get("swap").casefold() != "deploy",
        use_current_instance_count=order.get("instancecount").casefold() != "configuration",
    )
    return _keep(call, order, endpoint)


def azure_web_app(call: Call, order: Order) -> Told:
    account = _account(call, order)
    endpoint = Endpoint(
        communication_style="AzureWebApp",
        account_id=account.id if account else None,
        web_app_name=order.get("webappname", "azurewebapp") or None,
        resource_group_name=order.get("resourcegroupname", "azureresourcegroupname") or None,
        web_app_slot_name=order.get("webappslot", "azurewebappslot") or None,
    )
    return _keep(call, order, endpoint)


def service_fabric_cluster(call: Call, order: Order) -> Told:
    password = order.get("activedirectorypassword", "azureactivedirectorypassword")
    security = order.get("securitymode", "azuresecuritymode")
    endpoint = Endpoint(
        communication_style="AzureServiceFabricCluster",
        connection_endpoint=order.get("connectionendpoint", "azureconnectionendpoint") or None,
        security_mode=_SECURITY.get(security.casefold(), security) or None,
        server_cert_thumbprint=order.get("certificatethumbprint", "azurecertificatethumbprint") or None,
        client_cert_variable=order.get("certificate", "octopuscertificateidorname") or None,
        certificate_store_location=order.get("certificatestorelocation") or None,
        certificate_store_name=order.get("certificatestorename") or None,
        aad_user_credential_username=order.get("activedirectoryusername", "azureactivedirectoryusername") or None,
        aad_user_credential_password=call.session.conceal(password) if password else None,
    )
    return _keep(call, order, endpoint)


def step_package_target(call: Call, order: Order) -> Told:
    kind = order.get("targetid", "deploymenttargettypeid")
    if not kind:
        raise _missing(order, "targetId")
    try:
        inputs = json.loads(order.get("inputs") or "{}")
    except ValueError as error:
        raise Invalid(f"The inputs of the target '{order.get('name')}' are no JSON: {error}.") from error
    endpoint = Endpoint(
        communication_style="StepPackage",
        deployment_target_type_id=kind,
        step_package_id=kind,
        step_package_version=order.get("targetversion", "steppackageversion") or None,
        inputs=inputs,
    )
    return _keep(call, order, endpoint)


def delete_target(call: Call, order: Order) -> Told:
    """By id or name. That there is none is what was wanted."""
    wanted = order.get("machine")
    if not wanted:
        raise _missing(order, "machine")
    identity = named(call, MACHINES, wanted, required=False)
    if identity is None:
        return Told(f"There is no target '{wanted}' to be deleted.")
    target = call.session.get(MACHINES, identity)
    refuse_shared(call, order, f"the target {target.name}", target.environment_ids)
    machines.remove(call, identity)
    return Told(f"The target {target.name} was deleted.", gone=identity)


def _keep(call: Call, order: Order, endpoint: Endpoint) -> Told:
    """Makes the target, or brings the one of its name up to date where that is asked for."""
    name, roles = order.get("name"), order.get("roles", "octopusroles")
    if not name:
        raise _missing(order, "name")
    endpoint.default_worker_pool_id = named(call, WORKER_POOLS, order.get(*_POOL))
    table = MACHINES.table
    before = call.session.first(MACHINES, table.c.space_id == call.space, table.c.name_key == name.strip().casefold())
    if before is not None and not (order.says("updateifexisting") or order.is_repeat):
        raise Conflict(f"There is a target '{name}' already; the script does not ask to update it if it exists.")
    if before is not None:
        refuse_shared(call, order, f"the target {before.name}", before.environment_ids)
    target = DeploymentTarget(
        name=name,
        endpoint=endpoint,
        environment_ids=list(dict.fromkeys([*(before.environment_ids if before else ()), order.environment_id])),
        roles=[role.strip() for role in roles.replace(";", ",").split(",")],
        tenanted_deployment_participation="Tenanted" if order.tenant_id else "Untenanted",
        tenant_ids=list(dict.fromkeys([*(before.tenant_ids if before else ()), *filter(None, [order.tenant_id])])),
    )
    if before is None:
        made = machines.insert(call, target)
        return Told(f"The target {made.name} was made ({made.id}), with the tags {', '.join(made.roles)}.", made)
    target.machine_policy_id, target.is_disabled = before.machine_policy_id, before.is_disabled
    target.tenant_tags = before.tenant_tags
    if not order.tenant_id:
        target.tenanted_deployment_participation = before.tenanted_deployment_participation
    changed = machines.replace(call, before.id, target)
    tags = ", ".join(changed.roles)
    return Told(f"The target {changed.name} ({changed.id}) was brought up to date, with the tags {tags}.", changed)


def _account(call: Call, order: Order) -> Account | None:
    identity = named(call, ACCOUNTS, order.get(*_ACCOUNT))
    return call.session.get(ACCOUNTS, identity) if identity else None


def _missing(order: Order, attribute: str) -> Invalid:
    sentence = f"The message '{order.message}' of the script lacks the attribute '{attribute}'."
    return Invalid(sentence, [sentence])
