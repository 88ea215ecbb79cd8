"""Whether the accounts and certificates that an endpoint names can be used for it: by their type, and by whom they
are for. And whether whoever says so may look at them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from polpo.features.accounts.resource import ACCOUNTS, Account
from polpo.features.certificates.resource import CERTIFICATES, Certificate
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.machines.resource import DeploymentTarget, Endpoint, Machine
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.documents import references
from polpo.store.kinds import Kind
from polpo.store.session import Session

_AMAZON = ("AmazonWebServicesAccount", "AmazonWebServicesOidcAccount", "AmazonWebServicesRoleAccount")
_AZURE = ("AzureServicePrincipal", "AzureOidc")
_GOOGLE = ("GoogleCloudAccount", "GoogleCloudOidcAccount")

#: The types of accounts by which a cluster can be signed in to, for each way.
_FITTING_CLUSTERS: dict[str, tuple[str, ...]] = {
    "KubernetesStandard": ("Token", "UsernamePassword"),
    "KubernetesAws": _AMAZON,
    "KubernetesAzure": _AZURE,
    "KubernetesGoogleCloud": _GOOGLE,
}
#: The same for targets of other styles.
_FITTING_STYLES: dict[str, tuple[str, ...]] = {
    "Ssh": ("SshKeyPair", "UsernamePassword"),
    "AzureWebApp": _AZURE,
    "AzureCloudService": ("AzureSubscription",),
    "AwsEcsCluster": _AMAZON,
}


#: What a target can be signed in to with, and who may look at it.
_TO_SEE: dict[str, tuple[Kind[Any], Permission]] = {
    ACCOUNTS.name: (ACCOUNTS, Permission.ACCOUNT_VIEW),
    CERTIFICATES.name: (CERTIFICATES, Permission.CERTIFICATE_VIEW),
}


class _Use(NamedTuple):
    place: str
    account_id: str | None
    what: str
    fitting: tuple[str, ...]


def require_sign_in(call: Call, endpoint: Endpoint, before: Endpoint | None) -> None:
    """What a target is signed in to with goes to whatever address, worker or script its writer names: to name it, or
    anything else beside it, takes the right to look at it. What is sent back as it was takes nothing.
    """
    if before is not None and _without_findings(endpoint) == _without_findings(before):
        return
    for _, name, identity in references(endpoint):
        if name in _TO_SEE:
            kind, permission = _TO_SEE[name]
            found = call.session.find(kind, identity)
            if found is not None and found.space_id == call.space:  # else the store says that there is none
                call.guard(kind, found, permission)


def _without_findings(endpoint: Endpoint) -> Endpoint:
    return msgspec.structs.replace(endpoint, tentacle_version_details=None)


def signing_in_misfits(session: Session, machine: Machine) -> Iterator[str]:
    """One sentence each. What does not exist at all is found where references are checked."""
    endpoint = machine.endpoint
    for use in _uses(endpoint):
        account = session.find(ACCOUNTS, use.account_id) if use.account_id else None
        if account is not None and (fault := misuse(session, account, machine)):
            yield f"{use.place}.AccountId names the account '{account.name}', which cannot be used for this: {fault}"
        if account is not None and account.account_type not in use.fitting:
            types = " or ".join(use.fitting)
            yield (
                f"{use.place}.AccountId names the account '{account.name}', which is of the type"
                f" {account.account_type}; {use.what} needs one of the type {types}."
            )
    certificate = _client_certificate(session, endpoint)
    if certificate is not None and not certificate.has_private_key:
        yield (
            f"Endpoint.Authentication.ClientCertificate names the certificate '{certificate.name}', which has no"
            " private key; choose one that was stored together with its key."
        )


def sign_in_misuse(session: Session, machine: Machine) -> str | None:
    """The sentence about what the machine is signed in to with, where that is restricted to others."""
    endpoint, signing = machine.endpoint, machine.endpoint.authentication
    named = [endpoint.account_id, signing.account_id if signing else None]  # whatever the way: scripts get either
    found = session.by_ids(ACCOUNTS, {identity for identity in named if identity}).values()
    things: list[tuple[str, Account | Certificate]] = [("account", account) for account in found]
    if (certificate := _client_certificate(session, endpoint)) is not None:
        things.append(("certificate", certificate))
    for what, thing in things:
        if fault := misuse(session, thing, machine):
            return f"{machine.name} cannot use the {what} '{thing.name}': {fault}"
    return None


def _client_certificate(session: Session, endpoint: Endpoint) -> Certificate | None:
    signing = endpoint.authentication
    if signing is None or signing.authentication_type != "KubernetesCertificate" or not signing.client_certificate:
        return None
    return session.find(CERTIFICATES, signing.client_certificate)


def misuse(session: Session, thing: Account | Certificate, machine: Machine) -> str | None:
    """Why an account or a certificate that is restricted to environments must not be used for the machine.

    In which deployments for tenants it takes part says where it may be the value of a variable, and nothing of targets.
    """
    environments = machine.environment_ids if isinstance(machine, DeploymentTarget) else []
    if thing.environment_ids and not set(thing.environment_ids) & set(environments):
        known = session.by_ids(ENVIRONMENTS, thing.environment_ids)
        names = ", ".join(sorted(one.name for one in known.values()))
        return f"it is restricted to {names}, where the machine is not."
    return None


def _uses(endpoint: Endpoint) -> Iterator[_Use]:
    style, signing = endpoint.communication_style, endpoint.authentication
    if style in _FITTING_STYLES:
        yield _Use("Endpoint", endpoint.account_id, f"a target of the style {style}", _FITTING_STYLES[style])
    if style == "Kubernetes" and signing is not None and signing.authentication_type in _FITTING_CLUSTERS:
        way = signing.authentication_type
        yield _Use("Endpoint.Authentication", signing.account_id, f"signing in by {way}", _FITTING_CLUSTERS[way])
