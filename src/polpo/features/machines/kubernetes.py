"""The parts of an endpoint that is a Kubernetes cluster, or an agent inside of one."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from polpo.store.documents import Resource, ref

AuthenticationType = Literal[
    "None",
    "KubernetesStandard",
    "KubernetesAws",
    "KubernetesAzure",
    "KubernetesCertificate",
    "KubernetesPodService",
    "KubernetesGoogleCloud",
]


def _unsaid() -> AuthenticationType:
    """A factory, so that the discriminator is never left out."""
    return "None"


class KubernetesAuthentication(Resource, kw_only=True, omit_defaults=True):
    """How the cluster is signed in to. `authentication_type` says which of the other properties mean something."""

    authentication_type: AuthenticationType = msgspec.field(default_factory=_unsaid)
    account_id: Annotated[str, ref("Accounts")] | None = None
    client_certificate: Annotated[str, ref("Certificates")] | None = None
    token_path: str | None = None
    cluster_name: str | None = None
    cluster_resource_group: str | None = None
    admin_login: str | bool | None = None
    use_instance_role: bool | None = None
    assume_role: bool | None = None
    assumed_role_arn: str | None = None
    assumed_role_session: str | None = None
    assume_role_session_duration_seconds: int | None = None
    assume_role_external_id: str | None = None
    use_vm_service_account: bool | None = None
    impersonate_service_account: bool | None = None
    service_account_emails: str | None = None
    project: str | None = None
    region: str | None = None
    zone: str | None = None


class KubernetesContainer(Resource, omit_defaults=True):
    """The image that brings the tools for the cluster."""

    image: str | None = None
    feed_id: Annotated[str, ref("Feeds")] | None = None
    git_url: str | None = None
    dockerfile: str | None = None


class KubernetesAgentDetails(Resource):
    agent_version: str | None = None
    tentacle_version: str | None = None
    upgrade_status: str | None = None
    helm_release_name: str | None = None
    kubernetes_namespace: str | None = None


class AgentEndpointConfiguration(Resource, kw_only=True, omit_defaults=True):
    """The agent in the cluster, which is reached as any other one."""

    communication_mode: Literal["Polling", "Listening"]
    uri: str | None = None
    thumbprint: str | None = None
    proxy_id: Annotated[str, ref("Proxies")] | None = None
    certificate_signature_algorithm: str | None = None
