"""Recipes for the objects that the recorded requests name: see `world.py`."""

from __future__ import annotations

import base64
import datetime as dt
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from compat.world import Recipe, World, seed

_SECRET = {"HasValue": True, "NewValue": "s3cret"}
_GUID = "39b44e47-37d4-4fcd-949c-2d831ebfa65e"
_THUMBPRINT = "A" * 40
_UNKNOWN = {"OperatingSystem": "Unknown", "ShellName": "Unknown", "ShellVersion": "Unknown"}


# -- what every space has

seed("ProjectGroups-1")(lambda world: world.only("projectgroups"))
seed("Lifecycles-1")(lambda world: world.only("lifecycles"))
seed("MachinePolicies-1")(lambda world: world.only("machinepolicies"))
seed("WorkerPools-1")(lambda world: world.only("workerpools"))


# -- where things go

seed("Environments-1", "Dev")(lambda world: world.make("environments", Name="Dev"))
seed("Environments-2", "Prod")(lambda world: world.make("environments", Name="Prod"))


@seed("TagSets-1", "Tier/Gold", "tagsets")
def tag_set(world: World) -> str:
    scopes = ["Tenant", "Environment", "Project", "Runbook", "Target"]
    return world.make("tagsets", Name="Tier", Scopes=scopes, Tags=[{"Name": "Gold", "Color": "#ECAD3F"}])


@seed("Channels-9", "ephemeral-environment create")
def ephemeral_channel(world: World) -> str:
    """A channel whose releases get environments of their own, below a parent environment."""
    told = {"Name": "Reviews", "Type": "EphemeralEnvironment", "ProjectId": world["Projects-1"]}
    told |= {"ParentEnvironmentId": world.make("parentEnvironments", Name="Reviews")}
    return world.make("channels", EphemeralEnvironmentNameTemplate="#{Octopus.Release.Number}", **told)


@seed("Environments-9", "eph")
def ephemeral_environment(world: World) -> str:
    world["Channels-9"]
    path = f"{world.home}/projects/{world['Projects-1']}/environments/ephemeral"
    made = world.post(path, EnvironmentName="eph", ProjectID=world["Projects-1"], SpaceID=world["Spaces-1"])
    return str(made["Id"])


# -- secrets and library


@seed("Accounts-1", "ssh")
def ssh_account(world: World) -> str:
    key = {"HasValue": True, "NewValue": private_key_data()}
    return world.make("accounts", Name="ssh", AccountType="SshKeyPair", Username="deploy", PrivateKeyFile=key)


@seed("Accounts-2", "azure")
def azure_account(world: World) -> str:
    nobody = {"ActiveDirectoryEndpointBaseUri": "http://127.0.0.1:9/"}  # new targets are checked, and not by Azure here
    told = {**_AZURE, **nobody}
    return world.make("accounts", Name="azure", AccountType="AzureServicePrincipal", Password=_SECRET, **told)


def _account(kind: str, **properties: Any) -> Recipe:
    return lambda world: world.make("accounts", Name=f"one {kind}", AccountType=kind, **properties)


_AZURE = {"SubscriptionNumber": _GUID, "ClientId": _GUID, "TenantId": _GUID}
seed("Accounts-3", "account aws list")(_account("AmazonWebServicesAccount", AccessKey="A", SecretKey=_SECRET))
seed("Accounts-4", "account azure-oidc list")(_account("AzureOidc", **_AZURE))
seed("Accounts-5", "account gcp list")(_account("GoogleCloudAccount", JsonKey={"HasValue": True, "NewValue": "e30="}))
seed("Accounts-6", "account generic-oidc list")(_account("GenericOidcAccount", Audience="a"))
seed("Accounts-7", "account token list")(_account("Token", Token=_SECRET))
seed("Accounts-8", "account username list")(_account("UsernamePassword", Username="ada", Password=_SECRET))


@seed("Proxies-1", "proxy")
def proxy(world: World) -> str:
    return world.make("proxies", Name="proxy", Host="proxy.example.com", Port=3128, ProxyType="HTTP")


@seed("Certificates-1", "cert")
def certificate(world: World) -> str:
    data = {"HasValue": True, "NewValue": certificate_data()}
    return world.make("certificates", Name="cert", CertificateData=data)


@seed("GitCredentials-1", "gc")
def git_credential(world: World) -> str:
    details = {"Type": "UsernamePassword", "Username": "git", "Password": _SECRET}
    return world.make("git-credentials", Name="gc", Details=details)


@seed("LibraryVariableSets-1", "Shared")
def library_set(world: World) -> str:
    template = {"Name": "Host", "Label": "Host", "DisplaySettings": {"Octopus.ControlType": "SingleLineText"}}
    return world.make("libraryvariablesets", Name="Shared", ContentType="Variables", Templates=[template])


seed("packages-1", "Hello")(lambda world: world.push("Hello", "1.0.0"))


@seed("BuildInformation-1", "build-information list")
def build_information(world: World) -> str:
    commit = {"Id": "abc", "Comment": "Mend the login"}
    told = {"BuildEnvironment": "Jenkins", "Branch": "main", "VcsType": "Git", "VcsCommitNumber": "abc"}
    body = {"OctopusBuildInformation": {**told, "VcsRoot": "http://r", "Commits": [commit]}}
    return world.make("build-information", PackageId="Hello", Version="1.0.0", **body)


# -- machines


def _machine(world: World, name: str, endpoint: dict[str, Any]) -> str:
    places = [world["Environments-1"]]
    if "--environment Dev --environment Prod" in world.run:
        places.append(world["Environments-2"])
    shared = {"EnvironmentIds": places, "Roles": ["web"], **_UNKNOWN}
    return world.make("machines", Name=name, MachinePolicyId=world["MachinePolicies-1"], Endpoint=endpoint, **shared)


def _worker(world: World, name: str, endpoint: dict[str, Any]) -> str:
    return world.make("workers", Name=name, WorkerPoolIds=[world["WorkerPools-1"]], Endpoint=endpoint, **_UNKNOWN)


def listening(host: str) -> dict[str, Any]:
    return {"CommunicationStyle": "TentaclePassive", "Uri": f"https://{host}:10933/", "Thumbprint": _THUMBPRINT}


def polling(name: str) -> dict[str, Any]:
    return {"CommunicationStyle": "TentacleActive", "Uri": f"poll://{name}0123456789/", "Thumbprint": "B" * 40}


def over_ssh(world: World) -> dict[str, Any]:
    place = {"Host": "h", "Port": 22, "Fingerprint": "SHA256:x", "DotNetCorePlatform": "linux-x64"}
    told = {"AccountId": world["Accounts-1"], "ProxyId": world["Proxies-1"], "Uri": "ssh://h:22/", **place}
    return {"CommunicationStyle": "Ssh", **told}


def azure_app(world: World) -> dict[str, Any]:
    app = {"WebAppName": "app", "ResourceGroupName": "rg", "WebAppSlotName": ""}
    return {"CommunicationStyle": "AzureWebApp", "AccountId": world["Accounts-2"], **app}


def kubernetes(world: World) -> dict[str, Any]:
    authentication = {"AuthenticationType": "KubernetesAzure", "AccountId": world["Accounts-2"], "ClusterName": "c"}
    authentication |= {"ClusterResourceGroup": "rg", "AdminLogin": "false"}
    told = {"ClusterUrl": "https://k", "SkipTlsVerification": "True", "Authentication": authentication}
    return {"CommunicationStyle": "Kubernetes", **told}


seed("Machines-1", "web01", "deployment-target listening-tentacle list")(
    lambda world: _machine(world, "web01", listening("web01"))
)
seed("Machines-2", "web02")(lambda world: _machine(world, "web02", listening("web02")))
seed("Machines-3", "machines/ssh01", "ssh list")(lambda world: _machine(world, "ssh01", over_ssh(world)))
seed("Machines-4", "machines/poll01", "deployment-target polling-tentacle list")(
    lambda world: _machine(world, "poll01", polling("poll"))
)
seed("Machines-5", "az01", "azure-web-app list")(lambda world: _machine(world, "az01", azure_app(world)))
seed("Machines-6", "cr01")(lambda world: _machine(world, "cr01", {"CommunicationStyle": "None"}))
seed("Machines-7", "k8s01", "kubernetes list")(lambda world: _machine(world, "k8s01", kubernetes(world)))
seed("Workers-1", "w1", "workers/all")(lambda world: _worker(world, "w1", listening("w1")))
seed("Workers-2", "workers/poll01", "worker polling-tentacle list")(
    lambda world: _worker(world, "poll01", polling("worker"))
)
seed("Workers-3", "workers/ssh01", "worker ssh list")(lambda world: _worker(world, "ssh01", over_ssh(world)))


@seed("WorkerPools-2", "Dyn")
def dynamic_pool(world: World) -> str:
    return world.make("workerpools", Name="Dyn", WorkerPoolType="DynamicWorkerPool", WorkerType="UbuntuDefault")


# -- people and spaces


@seed("Users-2", "bob")
def bob(world: World) -> str:
    person = {"Username": "bob", "DisplayName": "Bob", "Password": "Correct-horse-1"}
    found = [one for one in world.get("/api/users/all") if one["Username"] == "bob"]
    return str(found[0]["Id"] if found else world.post("/api/users", **person)["Id"])


@seed("Teams-1", "Admins")
def team(world: World) -> str:
    found = [one for one in world.get("/api/teams/all") if one["Name"] == "Admins"]
    return str(found[0]["Id"] if found else world.post("/api/teams", Name="Admins")["Id"])


@seed("Spaces-2", "Other")
def other_space(world: World) -> str:
    made = world.post("/api/spaces", Name="Other", SpaceManagersTeamMembers=[world["Users-1"]], TaskQueueStopped=True)
    return str(made["Id"])


@seed("Spaces-9", "space create")
def no_space(world: World) -> str:
    """The space that a run is about to make is not there from an earlier run."""
    for one in world.get("/api/spaces/all"):
        if one["Name"] == "SP":
            world.put(f"/api/spaces/{one['Id']}", {**one, "TaskQueueStopped": True})
            world.delete(f"/api/spaces/{one['Id']}")
    return ""


# -- keys


def spellings() -> dict[str, str]:
    """What stands for keys and thumbprints in the recordings, which are none."""
    texts = {'"ABC"': f'"{_THUMBPRINT}"', "--thumbprint ABC": f"--thumbprint {_THUMBPRINT}"}
    return {"UFJJVkFURQ==": private_key_data(), **texts}


def private_key_data() -> str:
    return base64.b64encode(private_key()).decode()


@cache
def private_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def certificate_data() -> str:
    return base64.b64encode(_certificate()).decode()


@cache
def _certificate() -> bytes:
    """A self-signed certificate with its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "compat.example.com")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=3650))
        .sign(key, SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return signed.public_bytes(serialization.Encoding.PEM) + private
